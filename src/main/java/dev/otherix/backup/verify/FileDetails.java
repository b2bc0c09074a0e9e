package dev.otherix.backup.verify;

import java.util.List;
import java.util.SequencedMap;
import org.jspecify.annotations.Nullable;

/**
 * More facts of a sound file, for a person.
 *
 * @param pageSize in bytes
 * @param storageVersion version of the storage, which may be older than the etcd that wrote it; null before etcd 3.6
 * @param neededLine the first line of etcd that starts with the file, such as {@code 3.6}; null if the file does not
 *     show it
 * @param members as the file lists them
 * @param alarms {@code NOSPACE}, {@code CORRUPT}, each with the member's id
 * @param resources live keys for each kind of otherix resource, and {@code other}
 * @param status what etcdutl would print
 */
public record FileDetails(
        int pageSize,
        long pageCount,
        @Nullable String storageVersion,
        @Nullable String neededLine,
        List<Member> members,
        List<Alarm> alarms,
        SequencedMap<String, Long> resources,
        StatusNumbers status) {

    /**
     * A member of the cluster.
     *
     * @param id lower-case hex
     */
    public record Member(String id, String name, List<String> peerUrls, boolean isLearner) {}

    /** @param memberId lower-case hex */
    public record Alarm(String memberId, String alarm) {}
}
