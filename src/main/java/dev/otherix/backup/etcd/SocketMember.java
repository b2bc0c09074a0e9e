package dev.otherix.backup.etcd;

import com.google.protobuf.ByteString;
import io.etcd.jetcd.api.HashKVRequest;
import io.etcd.jetcd.api.KVGrpc;
import io.etcd.jetcd.api.MaintenanceGrpc;
import io.etcd.jetcd.api.RangeRequest;
import io.etcd.jetcd.api.StatusRequest;
import io.grpc.Status;
import io.grpc.StatusRuntimeException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Optional;

/**
 * A member that takes clients at a unix socket and demands no login. Calls are made one after the other, and each
 * blocks its caller no longer than its limit. If the caller is interrupted, the call ends with
 * {@link EtcdFailure.Reason#CANCELLED} and the interrupt flag stays set.
 */
public final class SocketMember implements AutoCloseable {

    private static final ByteString EVERY_KEY = ByteString.copyFrom(new byte[1]);

    private final MemberChannel channel;

    private SocketMember(MemberChannel channel) {
        this.channel = channel;
    }

    /** @param socket whose path has at most 107 bytes; it need not be there yet */
    public static SocketMember at(Path socket) {
        return new SocketMember(MemberChannel.open(socket));
    }

    /** What it reports about itself; empty while it does not answer. */
    public Optional<MemberStatus> status(Duration limit) {
        // the next attempt would wait for a second, and then longer
        channel.grpc().resetConnectBackoff();
        try {
            return Optional.of(MemberStatus.of(MaintenanceGrpc.newBlockingStub(channel.grpc())
                    .withDeadline(MemberConnection.deadline(limit))
                    .status(StatusRequest.getDefaultInstance())));
        } catch (StatusRuntimeException refused) {
            if (isInterrupt(refused.getStatus())) {
                throw failure("asking for its status", refused.getStatus());
            }
            return Optional.empty();
        }
    }

    /** Like {@link MemberConnection#hashKv}. */
    public MemberHash hashKv(long revision, Duration limit) {
        try {
            return HashAnswer.of(MaintenanceGrpc.newBlockingStub(channel.grpc())
                    .withDeadline(MemberConnection.deadline(limit))
                    .hashKV(HashKVRequest.newBuilder().setRevision(revision).build()));
        } catch (StatusRuntimeException refused) {
            return HashAnswer.unknown(refused.getStatus())
                    .orElseThrow(() -> failure("computing the hash of its key space", refused.getStatus()));
        }
    }

    /** How many keys were live at a revision. */
    public long keys(long revision, Duration limit) {
        try {
            return KVGrpc.newBlockingStub(channel.grpc())
                    .withDeadline(MemberConnection.deadline(limit))
                    .range(RangeRequest.newBuilder()
                            .setKey(EVERY_KEY)
                            .setRangeEnd(EVERY_KEY)
                            .setRevision(revision)
                            .setCountOnly(true)
                            .build())
                    .getCount();
        } catch (StatusRuntimeException refused) {
            throw failure("counting its keys", refused.getStatus());
        }
    }

    private static boolean isInterrupt(Status status) {
        return status.getCause() instanceof InterruptedException;
    }

    private static EtcdFailure failure(String doing, Status status) {
        return new EtcdFailure(
                isInterrupt(status) ? EtcdFailure.Reason.CANCELLED : EtcdFailure.Reason.REFUSED,
                "etcd failed while " + doing + ": " + Failures.detail(status),
                status.asRuntimeException());
    }

    /** Aborts all running calls and frees socket and thread. Never blocks. */
    @Override
    public void close() {
        channel.close();
    }
}
