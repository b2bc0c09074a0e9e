package dev.otherix.backup.verify;

import dev.otherix.backup.verify.bolt.BoltFile;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.SortedMap;
import java.util.TreeMap;

/**
 * The cluster that a restored database belongs to, instead of the one that its snapshot was taken from: what the
 * database has of it (etcd: server/storage/schema/{membership,cindex,meta}.go, etcdutl/snapshot/v3_snapshot.go).
 *
 * @param members rows of bucket {@code members}: the id in lower-case hex, and its description in JSON
 * @param bump how far the revision is raised above that of the snapshot, and compacted there; 0 = neither
 * @param authOff whether authentication is switched off; users and roles stay
 */
public record NewCluster(Map<String, String> members, long bump, boolean authOff) {

    static final String MEMBERS = "members";

    private static final String AUTH = "auth";
    private static final String REMOVED = "members_removed";
    private static final long FIRST_TERM = 1;
    private static final long NOSPACE = 1;

    private static final List<String> BUCKETS = List.of(ClusterRows.ALARM, MEMBERS, REMOVED, StoreRows.META);
    private static final List<String> WITH_AUTH = List.of(ClusterRows.ALARM, AUTH, MEMBERS, REMOVED, StoreRows.META);

    /** The buckets that differ from the snapshot's. */
    List<String> buckets() {
        return authOff ? WITH_AUTH : BUCKETS;
    }

    /** Whether an entry of such a bucket stays. */
    boolean keeps(String bucket, BoltFile file, long key, int keyLength) {
        return switch (bucket) {
            case MEMBERS, REMOVED -> false;
            // the new database is as small as it can be, and etcd raises the alarm again if it has to
            case ClusterRows.ALARM -> Message.number(2, file, key, keyLength) != NOSPACE;
            default -> true;
        };
    }

    /** Whether the bucket is made where the snapshot does not have it. */
    boolean needs(String bucket) {
        return !bucket.equals(ClusterRows.ALARM) && !bucket.equals(AUTH);
    }

    /**
     * The entries that such a bucket gets, each instead of one with the same key.
     *
     * @param raisedTo the raised revision, 0 without one
     */
    SortedMap<byte[], byte[]> entries(String bucket, long raisedTo) {
        var entries = new TreeMap<byte[], byte[]>(Arrays::compareUnsigned);
        if (bucket.equals(MEMBERS)) {
            members.forEach((id, description) -> entries.put(utf8(id), utf8(description)));
        } else if (bucket.equals(StoreRows.META)) {
            entries.put(utf8("consistent_index"), number(members.size()));
            entries.put(utf8("term"), number(FIRST_TERM));
            if (raisedTo > 0) {
                entries.put(utf8("scheduledCompactRev"), RevisionKey.of(raisedTo));
            }
        } else if (bucket.equals(AUTH)) {
            entries.put(utf8("authEnabled"), new byte[1]);
        }
        return entries;
    }

    private static byte[] number(long value) {
        return ByteBuffer.allocate(Long.BYTES).putLong(value).array();
    }

    private static byte[] utf8(String text) {
        return text.getBytes(StandardCharsets.UTF_8);
    }
}
