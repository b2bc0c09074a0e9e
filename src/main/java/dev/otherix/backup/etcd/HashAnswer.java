package dev.otherix.backup.etcd;

import io.etcd.jetcd.api.HashKVResponse;
import io.grpc.Status;
import io.grpc.Status.Code;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/** Reads a member's answer to HashKV. */
final class HashAnswer {

    // HashKVResponse.hash_revision, etcd 3.6: api/etcdserverpb/rpc.proto. The stubs are older and keep it as an unknown
    // field
    private static final int HASH_REVISION = 4;

    private HashAnswer() {}

    static MemberHash of(HashKVResponse answer) {
        return new MemberHash.Told(
                Integer.toUnsignedLong(answer.getHash()),
                answer.getCompactRevision(),
                hashRevision(answer),
                answer.getHeader().getRevision());
    }

    private static @Nullable Long hashRevision(HashKVResponse answer) {
        var values = answer.getUnknownFields().getField(HASH_REVISION).getVarintList();
        return values.isEmpty() ? null : values.getLast();
    }

    /**
     * Why there is no hash; empty if the status is a failure. "Compacted" and "future" have the same code, so the text
     * decides.
     */
    static Optional<MemberHash> unknown(Status status) {
        return reason(status).map(MemberHash.Untold::new);
    }

    private static Optional<MemberHash.Reason> reason(Status status) {
        if (Failures.says(status, "required revision has been compacted")) {
            return Optional.of(MemberHash.Reason.COMPACTED);
        }
        if (Failures.says(status, "required revision is a future revision")) {
            return Optional.of(MemberHash.Reason.FUTURE);
        }
        if (Failures.isLearnerRefusal(status)) {
            return Optional.of(MemberHash.Reason.LEARNER);
        }
        if (status.getCode() == Code.PERMISSION_DENIED || Failures.says(status, "permission denied")) {
            return Optional.of(MemberHash.Reason.DENIED);
        }
        return status.getCode() == Code.DEADLINE_EXCEEDED ? Optional.of(MemberHash.Reason.TIMEOUT) : Optional.empty();
    }
}
