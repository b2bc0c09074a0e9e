package dev.otherix.backup.etcd;

import com.google.protobuf.ByteString;
import io.etcd.jetcd.api.Compare;
import io.etcd.jetcd.api.DeleteRangeRequest;
import io.etcd.jetcd.api.PutRequest;
import io.etcd.jetcd.api.RangeRequest;
import io.etcd.jetcd.api.RequestOp;
import io.etcd.jetcd.api.TxnRequest;
import io.etcd.jetcd.api.TxnResponse;
import io.grpc.StatusRuntimeException;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.OptionalLong;
import org.jspecify.annotations.Nullable;

/**
 * Reads and writes single keys of the member. Each call needs a quorum: a read sees every write that was acknowledged
 * before it. Each throws an {@link EtcdFailure} if the member did not do it, or if its answer was lost.
 */
public final class MemberKeys {

    /** How many operations etcd takes in one transaction, by default. */
    private static final int MOST = 128;

    private static final Duration LIMIT = Duration.ofSeconds(10);

    private final MemberConnection connection;

    public MemberKeys(MemberConnection connection) {
        this.connection = connection;
    }

    /**
     * A key as it is.
     *
     * @param lease the id of its lease, 0 for none
     */
    public record Stored(byte[] value, long lease) {}

    /**
     * A write of one key.
     *
     * @param guard the revision in which the key must have been put last; 0 if it must be absent
     * @param value null to delete it
     */
    public record Write(byte[] key, long guard, byte @Nullable [] value) {}

    /** The revision in which each of these keys was put last, 0 for one that is absent; all at one moment if 128. */
    public long[] modRevisions(List<byte[]> keys) {
        var revisions = new long[keys.size()];
        for (var from = 0; from < revisions.length; from += MOST) {
            var request = TxnRequest.newBuilder();
            keys.subList(from, Math.min(from + MOST, revisions.length))
                    .forEach(key -> request.addSuccess(RequestOp.newBuilder()
                            .setRequestRange(RangeRequest.newBuilder()
                                    .setKey(ByteString.copyFrom(key))
                                    .setKeysOnly(true))));
            var answer = txn(request.build(), "reading keys");
            for (var i = 0; i < answer.getResponsesCount(); i++) {
                var found = answer.getResponses(i).getResponseRange();
                revisions[from + i] =
                        found.getKvsCount() == 0 ? 0 : found.getKvs(0).getModRevision();
            }
        }
        return revisions;
    }

    /** A key with its value; empty if it is absent. */
    public Optional<Stored> read(byte[] key) {
        var request = RangeRequest.newBuilder().setKey(ByteString.copyFrom(key)).build();
        try {
            var found = connection.attempt(
                    MemberConnection.deadline(LIMIT),
                    within -> connection.keyValues(within).range(request));
            return found.getKvsCount() == 0
                    ? Optional.empty()
                    : Optional.of(new Stored(
                            found.getKvs(0).getValue().toByteArray(),
                            found.getKvs(0).getLease()));
        } catch (StatusRuntimeException refused) {
            throw connection.failure("reading a key", refused.getStatus());
        }
    }

    /**
     * Writes all of it in one transaction, or nothing where a guard does not hold.
     *
     * @return the transaction's revision; empty if a guard did not hold
     */
    public OptionalLong write(List<Write> writes) {
        var request = TxnRequest.newBuilder();
        for (var write : writes) {
            var key = ByteString.copyFrom(write.key());
            request.addCompare(guard(key, write.guard()));
            request.addSuccess(operation(key, write.value()));
        }
        var answer = txn(request.build(), "writing keys");
        return answer.getSucceeded() ? OptionalLong.of(answer.getHeader().getRevision()) : OptionalLong.empty();
    }

    private static Compare guard(ByteString key, long revision) {
        var guard = Compare.newBuilder().setKey(key).setResult(Compare.CompareResult.EQUAL);
        return revision == 0
                ? guard.setTarget(Compare.CompareTarget.VERSION).setVersion(0).build()
                : guard.setTarget(Compare.CompareTarget.MOD)
                        .setModRevision(revision)
                        .build();
    }

    private static RequestOp operation(ByteString key, byte @Nullable [] value) {
        var operation = RequestOp.newBuilder();
        return value == null
                ? operation
                        .setRequestDeleteRange(DeleteRangeRequest.newBuilder().setKey(key))
                        .build()
                : operation
                        .setRequestPut(PutRequest.newBuilder().setKey(key).setValue(ByteString.copyFrom(value)))
                        .build();
    }

    private TxnResponse txn(TxnRequest request, String doing) {
        try {
            return connection.attempt(
                    MemberConnection.deadline(LIMIT),
                    within -> connection.keyValues(within).txn(request));
        } catch (StatusRuntimeException refused) {
            throw connection.failure(doing, refused.getStatus());
        }
    }
}
