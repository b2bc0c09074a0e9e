package dev.otherix.backup.verify;

import java.util.ArrayList;
import java.util.HexFormat;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.function.Consumer;

/**
 * Something done to the rows of a snapshot.
 *
 * @param code of the finding; empty where there is none
 * @param refusing the lines of etcd, of 3.6 and 3.7, that do not start with it
 * @param perLine whether only these lines have the finding: versions are judged by the line
 */
record StoreDamage(String name, String code, Set<String> refusing, boolean perLine, Consumer<StoredBuckets> change) {

    private static final byte[] NOISE = bytes("fffefdfcfbfaf9f8f7f6f5f4f3f2f1f0");
    private static final Set<String> NONE = Set.of();
    private static final Set<String> BOTH = Set.of("3.6", "3.7");

    /** Whether it keeps an etcd of this line from starting. */
    boolean keeps(String line) {
        return refusing.contains(line);
    }

    /** The finding where it is verified for this line. */
    Optional<String> expected(String line) {
        return code.isEmpty() || perLine && !keeps(line) ? Optional.empty() : Optional.of(code);
    }

    @Override
    public String toString() {
        return name;
    }

    static List<StoreDamage> all() {
        var all = new ArrayList<StoreDamage>();
        messages(all);
        auth(all);
        versions(all);
        others(all);
        return all;
    }

    private static void messages(List<StoreDamage> all) {
        row(all, "nothing", "", NONE, _ -> {});
        row(all, "a lease that is noise", "lease_row", BOTH, store -> store.setAll("lease", NOISE));
        row(
                all,
                "a lease that is noise under a key that is none",
                "lease_row",
                BOTH,
                store -> store.put("lease", "junk", NOISE));
        row(all, "a lease with a field 0", "lease_row", BOTH, store -> store.setAll("lease", bytes("0001")));
        row(
                all,
                "a lease whose id is a text",
                "lease_row",
                Set.of("3.6"),
                store -> store.setAll("lease", bytes("0a0101")));
        row(
                all,
                "a lease whose id has more than 64 bits",
                "lease_row",
                Set.of("3.7"),
                store -> store.setAll("lease", bytes("08ffffffffffffffffff7f")));
        row(
                all,
                "a lease with a field beyond the last",
                "lease_row",
                Set.of("3.7"),
                store -> store.setAll("lease", bytes("808080801001")));
        row(all, "a lease without a word", "", NONE, store -> store.setAll("lease", new byte[0]));
        row(all, "a lease under a key that is none", "", NONE, store -> store.put("lease", "junk", bytes("0805103c")));
        row(
                all,
                "a lease with a time below zero",
                "",
                NONE,
                store -> store.setAll("lease", bytes("080510ffffffffffffffffff01")));
        row(all, "a key whose lease is gone", "", NONE, store -> store.empty("lease"));
        row(all, "an alarm that is noise", "alarm_row", BOTH, store -> store.put("alarm", NOISE, new byte[0]));
        row(
                all,
                "an alarm whose member is a text",
                "alarm_row",
                Set.of("3.6"),
                store -> store.put("alarm", bytes("0a00"), new byte[0]));
        row(all, "an alarm that nobody knows", "", NONE, store -> store.put("alarm", bytes("08051009"), new byte[0]));
        row(all, "an alarm NOSPACE", "", NONE, store -> store.put("alarm", bytes("08051001"), new byte[0]));
    }

    private static void auth(List<StoreDamage> all) {
        row(
                all,
                "a short revision of auth",
                "auth_revision",
                BOTH,
                store -> store.put("auth", "authRevision", new byte[7]));
        row(all, "a long revision of auth", "", NONE, store -> store.put("auth", "authRevision", new byte[12]));
        row(all, "auth that is neither on nor off", "", NONE, store -> store.put("auth", "authEnabled", NOISE));
        row(all, "a user that is noise", "auth_user", BOTH, store -> store.setAll("authUsers", NOISE));
        row(
                all,
                "options of a user that are noise",
                "auth_user",
                Set.of("3.6"),
                store -> store.put("authUsers", "a", bytes("0a016122020a00")));
        row(all, "a user without a word", "", NONE, store -> store.setAll("authUsers", new byte[0]));
        row(all, "a user under another key", "", NONE, store -> store.put("authUsers", NOISE, bytes("0a0161")));
        version(
                all,
                "a role's name that is no text",
                "auth_user",
                Set.of("3.7"),
                store -> store.put("authUsers", "a", bytes("0a01611a01ff")));
        row(all, "a role that is noise", "auth_role", BOTH, store -> store.put("authRoles", "r", NOISE));
        row(
                all,
                "a role that is noise and nobody has",
                "auth_role",
                NONE,
                store -> store.put("authRoles", "other", NOISE));
        row(
                all,
                "a permission that is noise",
                "auth_role",
                Set.of("3.6"),
                store -> store.put("authRoles", "r", bytes("0a017212020a00")));
        row(
                all,
                "a permission from z to a",
                "",
                NONE,
                store -> store.put("authRoles", "r", bytes("0a0172120612017a1a0161")));
    }

    private static void versions(List<StoreDamage> all) {
        for (var none : List.of("", "junk", "3.6", "v3.6.0")) {
            row(
                    all,
                    "cluster version '" + none + "'",
                    "cluster_version",
                    BOTH,
                    store -> store.put("cluster", "clusterVersion", none));
            row(all, "storage version '" + none + "'", "", NONE, store -> store.put("meta", "storageVersion", none));
        }
        clusterVersion(all, "9.9.0", BOTH);
        clusterVersion(all, "3.7.0", Set.of("3.6"));
        clusterVersion(all, "3.6.1", Set.of("3.6"));
        clusterVersion(all, "3.6.0-rc.1", Set.of("3.6"));
        clusterVersion(all, "3.0.0", NONE);
        clusterVersion(all, "1.0.0", BOTH);
        storageVersion(all, "9.9.0", BOTH);
        storageVersion(all, "3.8.0", BOTH);
        storageVersion(all, "3.7.0", Set.of("3.6"));
        storageVersion(all, "3.6.9", NONE);
        storageVersion(all, "3.5.0", NONE);
        storageVersion(all, "3.4.0", BOTH);
        for (var none : List.of(
                "junk",
                "",
                "[]",
                "{} {}",
                "{\"enabled\":\"yes\"}",
                "{\"target-version\":5}",
                "{\"Enabled\":true}",
                "{\"target-version\":\"3.6\",\"enabled\":true}")) {
            row(all, "downgrade " + none, "downgrade", BOTH, store -> store.put("cluster", "downgrade", none));
        }
        for (var fine : List.of(
                "null",
                "{}",
                "{\"enabled\":null}",
                "{\"target-version\":\"junk\",\"enabled\":false}",
                "{\"target-version\":\"3.5.0\",\"enabled\":true}")) {
            row(all, "downgrade " + fine, "", NONE, store -> store.put("cluster", "downgrade", fine));
        }
    }

    private static void clusterVersion(List<StoreDamage> all, String text, Set<String> refusing) {
        version(
                all,
                "cluster version " + text,
                "cluster_version",
                refusing,
                store -> store.put("cluster", "clusterVersion", text));
    }

    private static void storageVersion(List<StoreDamage> all, String text, Set<String> refusing) {
        version(
                all,
                "storage version " + text,
                "storage_version",
                refusing,
                store -> store.put("meta", "storageVersion", text));
    }

    private static void others(List<StoreDamage> all) {
        row(all, "a member without an id", "member_id", BOTH, store -> store.put("members", "nobody", "{}"));
        row(
                all,
                "a member with too long an id",
                "member_id",
                BOTH,
                store -> store.put("members", "12345678901234567", "{}"));
        row(
                all,
                "a removed member without an id",
                "member_id",
                BOTH,
                store -> store.put("members_removed", "nobody", "removed"));
        row(all, "a member that is noise", "", NONE, store -> store.setAll("members", NOISE));
        row(all, "a removed member that is noise", "", NONE, store -> store.put("members_removed", "abcd", NOISE));
        row(
                all,
                "a short index and term",
                "",
                NONE,
                store -> store.put("meta", "consistent_index", new byte[3]).put("meta", "term", new byte[0]));
        row(all, "a configuration that is noise", "", NONE, store -> store.put("meta", "confState", NOISE));
        row(
                all,
                "a compaction that is no revision",
                "compact_revision",
                BOTH,
                store -> store.put("meta", "finishedCompactRev", new byte[1]));
        row(
                all,
                "rows that nobody knows",
                "",
                NONE,
                store -> store.put("meta", NOISE, NOISE)
                        .put("auth", NOISE, NOISE)
                        .put("cluster", NOISE, NOISE)
                        .put("other", NOISE, NOISE));
        for (var fixed : List.of("090000000000000000", "310000000000000000", "1500000000", "2d00000000")) {
            row(
                    all,
                    "a row of the history with the field " + fixed,
                    "row_message",
                    Set.of("3.6"),
                    store -> store.appendToLast("key", bytes(fixed)));
        }
        row(
                all,
                "a row of the history with a field that nobody knows",
                "",
                NONE,
                store -> store.appendToLast("key", bytes("3d00000000")));
        row(all, "a row of the history that is noise", "revision_key", BOTH, store -> store.put("key", "junk", "junk"));
        row(all, "no bucket meta", "bucket_missing", BOTH, store -> store.drop("meta"));
        row(
                all,
                "none of the buckets that etcd makes",
                "",
                NONE,
                store -> List.of(
                                "alarm",
                                "auth",
                                "authRoles",
                                "authUsers",
                                "cluster",
                                "lease",
                                "members",
                                "members_removed")
                        .forEach(store::drop));
    }

    private static void row(
            List<StoreDamage> all, String name, String code, Set<String> refusing, Consumer<StoredBuckets> change) {
        all.add(new StoreDamage(name, code, refusing, false, change));
    }

    private static void version(
            List<StoreDamage> all, String name, String code, Set<String> refusing, Consumer<StoredBuckets> change) {
        all.add(new StoreDamage(name, code, refusing, true, change));
    }

    private static byte[] bytes(String hex) {
        return HexFormat.of().parseHex(hex);
    }
}
