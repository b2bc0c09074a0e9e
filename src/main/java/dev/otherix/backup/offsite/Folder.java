package dev.otherix.backup.offsite;

import dev.otherix.backup.snapshot.SnapshotName;
import java.util.List;
import java.util.Optional;
import java.util.regex.Pattern;

/**
 * The place of one member's copies in a store: {@code PREFIX/CLUSTER/MEMBER/}. It alone makes keys and reads them.
 *
 * @param prefix without slashes at its ends; may be empty
 * @param cluster the name of the installation in the store
 * @param memberId lower-case hex
 */
public record Folder(String prefix, String cluster, String memberId) {

    /** What a cluster's name may be. */
    public static final Pattern CLUSTER = Pattern.compile("[a-z0-9][a-z0-9-]{0,39}");

    static final String ENCRYPTED = ".gz.age";
    static final String COMPRESSED = ".gz";

    private static final Pattern MEMBER = Pattern.compile("[0-9a-f]{1,16}");

    public Folder {
        if (prefix.startsWith("/") || prefix.endsWith("/")) {
            throw new IllegalArgumentException("prefix has a slash at an end: " + prefix);
        }
        if (!CLUSTER.matcher(cluster).matches()) {
            throw new IllegalArgumentException("no name of a cluster: " + cluster);
        }
        if (!MEMBER.matcher(memberId).matches()) {
            throw new IllegalArgumentException("no id of a member: " + memberId);
        }
    }

    /** The beginning of all keys of all clusters below {@code prefix}. */
    public static String root(String prefix) {
        return prefix.isEmpty() ? "" : prefix + "/";
    }

    /** The beginning of all keys of the cluster. */
    public static String of(String prefix, String cluster) {
        return root(prefix) + cluster + "/";
    }

    /** The beginning of all keys of this member. */
    public String path() {
        return of(prefix, cluster) + memberId + "/";
    }

    /** The key of the object that holds a snapshot. */
    public String object(SnapshotName name, boolean encrypted) {
        return path() + name + (encrypted ? ENCRYPTED : COMPRESSED);
    }

    /** The key of the record, which makes the object a copy. */
    public String record(SnapshotName name) {
        return path() + name.recordFile();
    }

    /** The snapshot whose object has this key in this folder; empty for any other key. */
    Optional<SnapshotName> nameOf(String key) {
        for (var suffix : List.of(ENCRYPTED, COMPRESSED)) {
            if (key.startsWith(path()) && key.endsWith(suffix)) {
                return SnapshotName.parse(key.substring(path().length(), key.length() - suffix.length()));
            }
        }
        return Optional.empty();
    }

    /** The key of the file that proves which identities open the copies. */
    public String canary(Recipients recipients) {
        return path() + "canary-" + recipients.hex() + ".age";
    }

    /**
     * The copy whose record has this key; empty if it is not the key of a record below {@code prefix}, whatever a store
     * says.
     */
    public static Optional<Place> ofRecord(String prefix, String key) {
        var root = root(prefix);
        if (!key.startsWith(root)) {
            return Optional.empty();
        }
        var parts = key.substring(root.length()).split("/", -1);
        if (parts.length != 3
                || !CLUSTER.matcher(parts[0]).matches()
                || !MEMBER.matcher(parts[1]).matches()) {
            return Optional.empty();
        }
        return SnapshotName.ofRecordFile(parts[2]).map(name -> new Place(new Folder(prefix, parts[0], parts[1]), name));
    }

    /** The place of one copy. */
    public record Place(Folder folder, SnapshotName name) {}
}
