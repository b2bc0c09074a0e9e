package dev.otherix.backup.offsite;

import dev.otherix.backup.snapshot.SnapshotName;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;
import java.util.function.Function;
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

    private static final String FILES = ".files.tar.gz.age";
    private static final String SNAPSHOT = ".db";

    private static final Pattern CANARY = Pattern.compile("canary-[0-9a-f]{16}\\.age");
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

    /** The key of the files that travel beside the copy; they are always encrypted. */
    public String files(SnapshotName name) {
        var file = name.toString();
        return path() + file.substring(0, file.length() - SNAPSHOT.length()) + FILES;
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

    /** The snapshot beside whose copy the files with this key travel; empty for any other key. */
    Optional<SnapshotName> nameOfFiles(String key) {
        return ofFiles(prefix, key).filter(place -> place.folder().equals(this)).map(Place::name);
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
        return place(prefix, key, SnapshotName::ofRecordFile);
    }

    /** Like {@link #ofRecord}, for the object that holds the snapshot. */
    static Optional<Place> ofObject(String prefix, String key) {
        return place(prefix, key, file -> without(ENCRYPTED, file).or(() -> without(COMPRESSED, file)));
    }

    /** Like {@link #ofRecord}, for the files beside a copy. */
    static Optional<Place> ofFiles(String prefix, String key) {
        return place(
                prefix,
                key,
                file -> file.endsWith(FILES)
                        ? SnapshotName.parse(file.substring(0, file.length() - FILES.length()) + SNAPSHOT)
                        : Optional.empty());
    }

    /** The copy whose object has this key, whatever the prefix; empty for any other key. */
    static Optional<Place> ofKey(String key) {
        var parts = key.split("/", -1);
        if (parts.length < 3) {
            return Optional.empty();
        }
        var prefix = String.join("/", Arrays.asList(parts).subList(0, parts.length - 3));
        return prefix.startsWith("/") || prefix.endsWith("/") ? Optional.empty() : ofObject(prefix, key);
    }

    /** The folder whose canary has this key; empty for any other key. */
    static Optional<Folder> ofCanary(String prefix, String key) {
        return in(prefix, key)
                .filter(found -> CANARY.matcher(found.file()).matches())
                .map(InFolder::folder);
    }

    private static Optional<SnapshotName> without(String suffix, String file) {
        return file.endsWith(suffix)
                ? SnapshotName.parse(file.substring(0, file.length() - suffix.length()))
                : Optional.empty();
    }

    private static Optional<Place> place(String prefix, String key, Function<String, Optional<SnapshotName>> nameOf) {
        return in(prefix, key)
                .flatMap(found -> nameOf.apply(found.file()).map(name -> new Place(found.folder(), name)));
    }

    private static Optional<InFolder> in(String prefix, String key) {
        var root = root(prefix);
        if (!key.startsWith(root)) {
            return Optional.empty();
        }
        var parts = key.substring(root.length()).split("/", -1);
        return parts.length == 3
                        && CLUSTER.matcher(parts[0]).matches()
                        && MEMBER.matcher(parts[1]).matches()
                ? Optional.of(new InFolder(new Folder(prefix, parts[0], parts[1]), parts[2]))
                : Optional.empty();
    }

    private record InFolder(Folder folder, String file) {}

    /** The place of one copy. */
    public record Place(Folder folder, SnapshotName name) {

        /** All keys that belong to it, in the order in which they are removed: what makes it a copy first. */
        List<String> keys() {
            return List.of(
                    folder.record(name), folder.files(name), folder.object(name, true), folder.object(name, false));
        }

        /** Whether a key of any prefix is that of the object here: a bucket may be copied to below another one. */
        boolean isObject(String key, boolean encrypted) {
            var tail = new Folder("", folder.cluster(), folder.memberId()).object(name, encrypted);
            return key.equals(tail) || key.endsWith("/" + tail);
        }
    }
}
