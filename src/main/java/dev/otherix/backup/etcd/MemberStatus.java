package dev.otherix.backup.etcd;

import dev.otherix.backup.snapshot.MemberFacts.Role;
import io.etcd.jetcd.api.StatusResponse;
import java.util.List;
import java.util.stream.Stream;

/**
 * What a member reports about itself.
 *
 * @param version version of the etcd server
 * @param clusterId in lower-case hex
 * @param memberId in lower-case hex
 * @param role its role in the cluster
 * @param hasLeader whether it knows a leader; without one it serves neither writes nor linearizable reads
 * @param dbSizeBytes size of its database file
 * @param alarms alarms raised anywhere in the cluster, {@code CORRUPT} and {@code NOSPACE}, sorted, each once
 * @param revision revision of its key space
 */
public record MemberStatus(
        String version,
        String clusterId,
        String memberId,
        Role role,
        boolean hasLeader,
        long dbSizeBytes,
        List<String> alarms,
        long revision) {

    private static final String ALARM = "alarm:";

    static MemberStatus of(StatusResponse response) {
        var memberId = response.getHeader().getMemberId();
        var role = Role.FOLLOWER;
        if (response.getIsLearner()) {
            role = Role.LEARNER;
        } else if (response.getLeader() == memberId) {
            role = Role.LEADER;
        }
        return new MemberStatus(
                response.getVersion(),
                Long.toHexString(response.getHeader().getClusterId()),
                Long.toHexString(memberId),
                role,
                response.getLeader() != 0,
                response.getDbSize(),
                alarms(response.getErrorsList()),
                response.getHeader().getRevision());
    }

    // etcd puts its alarms among the errors in protobuf's text form: memberID:10501334649042878790 alarm:NOSPACE
    private static List<String> alarms(List<String> errors) {
        return errors.stream()
                .flatMap(error -> Stream.of(error.split("\\s+")))
                .filter(word -> word.startsWith(ALARM))
                .map(word -> word.substring(ALARM.length()))
                .distinct()
                .sorted()
                .toList();
    }
}
