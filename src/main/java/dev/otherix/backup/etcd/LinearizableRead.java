package dev.otherix.backup.etcd;

import com.google.protobuf.ByteString;
import dev.otherix.backup.snapshot.Consistency.Reason;
import io.etcd.jetcd.api.RangeRequest;
import io.grpc.Status;
import io.grpc.Status.Code;
import io.grpc.StatusRuntimeException;
import java.time.Duration;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.LockSupport;

/**
 * A linearizable read: the member answers only after it has applied everything that its cluster had committed when the
 * read began. The read counts one key and transfers nothing.
 */
final class LinearizableRead {

    private static final Duration LONGEST = Duration.ofSeconds(10);
    private static final Duration STATUS_LIMIT = Duration.ofSeconds(2);
    private static final long ELECTION_PAUSE_NANOS = TimeUnit.MILLISECONDS.toNanos(50);
    private static final RangeRequest COUNT_OF_NOTHING = RangeRequest.newBuilder()
            .setKey(ByteString.copyFrom(new byte[] {0}))
            .setCountOnly(true)
            .setLimit(1)
            .build();

    private final MemberConnection connection;

    LinearizableRead(MemberConnection connection) {
        this.connection = connection;
    }

    ReadBarrier run(Duration limit) {
        var deadline = MemberConnection.deadline(limit.compareTo(LONGEST) > 0 ? LONGEST : limit);
        while (true) {
            try {
                return new ReadBarrier.Linearizable(connection
                        .attempt(
                                deadline, within -> connection.keyValues(within).range(COUNT_OF_NOTHING))
                        .getHeader()
                        .getRevision());
            } catch (StatusRuntimeException refused) {
                var status = refused.getStatus();
                if (Failures.isLearnerRefusal(status)) {
                    return new ReadBarrier.Local(Reason.LEARNER);
                }
                if (isTimeout(status) || deadline.isExpired()) {
                    if (connection.isDefragmented()) {
                        throw connection.defragmenting("confirming that it is up to date", refused);
                    }
                    return new ReadBarrier.Local(reasonByLeader());
                }
                if (!isElection(status)) {
                    throw connection.failure("confirming that it is up to date", status);
                }
                LockSupport.parkNanos(ELECTION_PAUSE_NANOS);
            }
        }
    }

    // etcd gives up after 7 s by default, because there is no quorum or because it is slow: its leader shows which
    private Reason reasonByLeader() {
        return connection.status(STATUS_LIMIT).hasLeader() ? Reason.TIMEOUT : Reason.NO_QUORUM;
    }

    private static boolean isTimeout(Status status) {
        return status.getCode() == Code.DEADLINE_EXCEEDED || Failures.says(status, "etcdserver: request timed out");
    }

    private static boolean isElection(Status status) {
        return Failures.says(status, "etcdserver: leader changed") || Failures.says(status, "etcdserver: no leader");
    }
}
