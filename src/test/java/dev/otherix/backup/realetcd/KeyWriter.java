package dev.otherix.backup.realetcd;

import com.google.protobuf.ByteString;
import io.etcd.jetcd.api.DeleteRangeRequest;
import io.etcd.jetcd.api.KVGrpc;
import io.etcd.jetcd.api.PutRequest;
import io.etcd.jetcd.api.RequestOp;
import io.etcd.jetcd.api.TxnRequest;
import io.etcd.jetcd.api.TxnResponse;
import io.grpc.Channel;
import io.grpc.stub.StreamObserver;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.concurrent.Semaphore;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicReference;
import org.jspecify.annotations.Nullable;

/**
 * Writes transactions without waiting for each answer. Those between two {@link #flush()}es may land in any order, so
 * they must not touch the same key.
 */
final class KeyWriter {

    private static final int IN_FLIGHT = 32;

    private final KVGrpc.KVStub kv;
    private final Semaphore free = new Semaphore(IN_FLIGHT);
    private final AtomicReference<@Nullable Throwable> failure = new AtomicReference<>();

    KeyWriter(Channel channel) {
        this.kv = KVGrpc.newStub(channel);
    }

    /** Sends one transaction; blocks only while too many are under way. */
    void write(List<RequestOp> operations) {
        take(1);
        kv.withDeadlineAfter(60, TimeUnit.SECONDS)
                .txn(TxnRequest.newBuilder().addAllSuccess(operations).build(), new Answer());
    }

    /**
     * Waits until all that was sent is acknowledged.
     *
     * @throws IllegalStateException when anything sent so far was refused
     */
    void flush() {
        take(IN_FLIGHT);
        free.release(IN_FLIGHT);
        var cause = failure.get();
        if (cause != null) {
            throw new IllegalStateException("etcd refused a write: " + cause.getMessage(), cause);
        }
    }

    static RequestOp put(String key, ByteString value, long lease) {
        var put = PutRequest.newBuilder()
                .setKey(ByteString.copyFrom(key, StandardCharsets.UTF_8))
                .setValue(value)
                .setLease(lease)
                .build();
        return RequestOp.newBuilder().setRequestPut(put).build();
    }

    static RequestOp put(String key, String value) {
        return put(key, ByteString.copyFrom(value, StandardCharsets.UTF_8), 0);
    }

    static RequestOp delete(String key) {
        var delete = DeleteRangeRequest.newBuilder()
                .setKey(ByteString.copyFrom(key, StandardCharsets.UTF_8))
                .build();
        return RequestOp.newBuilder().setRequestDeleteRange(delete).build();
    }

    private void take(int permits) {
        try {
            free.acquire(permits);
        } catch (InterruptedException cause) {
            Thread.currentThread().interrupt();
            throw new IllegalStateException("interrupted while writing", cause);
        }
    }

    private final class Answer implements StreamObserver<TxnResponse> {

        @Override
        public void onNext(TxnResponse ignored) {
            // the end of the call says that it was acknowledged
        }

        @Override
        public void onError(Throwable cause) {
            failure.compareAndSet(null, cause);
            free.release();
        }

        @Override
        public void onCompleted() {
            free.release();
        }
    }
}
