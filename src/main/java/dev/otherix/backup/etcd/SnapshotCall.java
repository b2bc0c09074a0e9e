package dev.otherix.backup.etcd;

import static dev.otherix.backup.etcd.EtcdFailure.Reason.BROKEN_STREAM;
import static dev.otherix.backup.etcd.EtcdFailure.Reason.CANCELLED;
import static dev.otherix.backup.etcd.EtcdFailure.Reason.SINK_STALLED;
import static dev.otherix.backup.etcd.EtcdFailure.Reason.STALLED;
import static dev.otherix.backup.etcd.EtcdFailure.Reason.TIMEOUT;

import dev.otherix.backup.config.GoDuration;
import io.etcd.jetcd.api.MaintenanceGrpc;
import io.etcd.jetcd.api.SnapshotRequest;
import io.grpc.CallOptions;
import io.grpc.Channel;
import io.grpc.ClientCall;
import io.grpc.Metadata;
import io.grpc.MethodDescriptor;
import io.grpc.Status;
import java.io.IOException;
import java.io.InputStream;
import java.time.Duration;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.Future;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import org.jspecify.annotations.Nullable;

/**
 * One call of {@code Maintenance.Snapshot}. The transport's thread checks, hashes and writes each message in place; the
 * caller's thread waits and watches the limits, so it gets its answer even if the transport's thread is stuck in the
 * sink.
 */
final class SnapshotCall extends ClientCall.Listener<InputStream> {

    private static final Duration LONGEST_TICK = Duration.ofMillis(200);
    private static final Duration GRACE = Duration.ofSeconds(1);
    private static final MethodDescriptor<SnapshotRequest, InputStream> METHOD =
            MaintenanceGrpc.getSnapshotMethod().toBuilder(
                            MaintenanceGrpc.getSnapshotMethod().getRequestMarshaller(), new Unparsed())
                    .build();

    private final MemberChannel channel;
    private final ClientCall<SnapshotRequest, InputStream> call;
    private final Failures failures;
    private final String endpoint;
    private final StreamLimits limits;
    private final SnapshotStream stream;
    private final long startedAt = System.nanoTime();
    private final StreamPace pace;
    private final CompletableFuture<@Nullable Void> outcome = new CompletableFuture<>();
    private final CountDownLatch closed = new CountDownLatch(1);
    private volatile long aliveAt = startedAt;
    private volatile boolean inSink;

    SnapshotCall(
            MemberChannel channel, Channel authenticated, String endpoint, SnapshotSink sink, StreamLimits limits) {
        this.channel = channel;
        this.call = authenticated.newCall(METHOD, CallOptions.DEFAULT);
        this.endpoint = endpoint;
        this.failures = new Failures(endpoint);
        this.limits = limits;
        this.stream = new SnapshotStream(endpoint, sink, limits, outcome::isDone);
        this.pace = new StreamPace(limits.bytesPerSecond(), startedAt);
    }

    /** Makes the call and waits for its end. */
    void run() {
        call.start(this, new Metadata());
        call.sendMessage(SnapshotRequest.getDefaultInstance());
        call.halfClose();
        call.request(1);
        try {
            await();
        } catch (InterruptedException interrupted) {
            fail(new EtcdFailure(
                    CANCELLED, "the snapshot stream of etcd at " + endpoint + " was interrupted", interrupted));
            Thread.currentThread().interrupt();
            abandon();
        } catch (ExecutionException failed) {
            abandon();
        }
    }

    @Override
    public void onMessage(InputStream bytes) {
        try {
            var message = SnapshotMessage.read(bytes);
            inSink = true;
            stream.accept(message);
            inSink = false;
            askForNext(message.blobLength());
        } catch (IOException failure) {
            fail(new EtcdFailure(
                    BROKEN_STREAM,
                    "the snapshot stream of etcd at " + endpoint + " holds something other than a snapshot: "
                            + failure.getMessage(),
                    failure));
        } catch (RuntimeException | Error unforeseen) {
            fail(unforeseen);
        }
    }

    @Override
    public void onClose(Status status, Metadata trailers) {
        closed.countDown();
        if (outcome.isDone()) {
            return;
        }
        try {
            if (!status.isOk()) {
                throw closedBy(status);
            }
            stream.finish();
            outcome.complete(null);
        } catch (EtcdFailure failure) {
            fail(failure);
        }
    }

    private void askForNext(int bytes) {
        var now = System.nanoTime();
        var wait = pace.nanosToWait(bytes, now);
        aliveAt = now + wait;
        if (wait == 0) {
            call.request(1);
        } else {
            var _ = channel.scheduler().schedule(() -> call.request(1), wait, TimeUnit.NANOSECONDS);
        }
    }

    private EtcdFailure closedBy(Status status) {
        if (stream.announcedBytes() == 0) {
            return failures.of("asking for a snapshot", status, true);
        }
        return new EtcdFailure(
                BROKEN_STREAM,
                "the snapshot stream of etcd at " + endpoint + " broke off " + stream.position() + ": "
                        + Failures.detail(status) + "; check that otherix-api still runs",
                status.asRuntimeException());
    }

    private void await() throws InterruptedException, ExecutionException {
        var tick = Math.min(LONGEST_TICK.toNanos(), limits.stallTimeout().toNanos() / 10 + 1);
        while (true) {
            try {
                outcome.get(tick, TimeUnit.NANOSECONDS);
                return;
            } catch (TimeoutException late) {
                watch();
            }
        }
    }

    private void watch() {
        var now = System.nanoTime();
        if (now - aliveAt >= limits.stallTimeout().toNanos()) {
            var stuck = inSink;
            var where = " for " + GoDuration.format(limits.stallTimeout()) + position();
            fail(
                    stuck
                            ? new EtcdFailure(
                                    SINK_STALLED,
                                    "writing the snapshot has not moved" + where
                                            + "; check the disk under workers.backup.dir")
                            : new EtcdFailure(
                                    STALLED,
                                    "etcd at " + endpoint + " sent nothing" + where
                                            + "; check whether it hangs, or raise stream.stall_timeout"));
        }
        var whole = limits.timeoutFor(stream.announcedBytes());
        if (now - startedAt >= whole.toNanos()) {
            fail(new EtcdFailure(
                    TIMEOUT,
                    "the snapshot stream of etcd at " + endpoint + " was not complete after " + GoDuration.format(whole)
                            + position() + "; raise stream.timeout or stream.rate_limit"));
        }
    }

    private String position() {
        return ", at " + stream.takenBytes() + " of " + stream.announcedBytes() + " bytes";
    }

    private void fail(Throwable thrown) {
        if (outcome.completeExceptionally(thrown)) {
            call.cancel("the snapshot stream was abandoned", thrown);
        }
    }

    /** Makes sure that the call is cancelled at the member, and throws the reason for the end. */
    private void abandon() {
        var interrupted = Thread.interrupted();
        try {
            if (!closed.await(GRACE.toNanos(), TimeUnit.NANOSECONDS)) {
                channel.cut();
            }
        } catch (InterruptedException again) {
            interrupted = true;
            channel.cut();
        }
        if (interrupted) {
            Thread.currentThread().interrupt();
        }
        if (outcome.state() == Future.State.SUCCESS) {
            return;
        }
        switch (outcome.exceptionNow()) {
            case RuntimeException e -> throw e;
            case Error e -> throw e;
            case Throwable e -> throw new IllegalStateException(e);
        }
    }

    /** Passes the transport's bytes on without a copy; they stay valid until the callback returns. */
    private static final class Unparsed implements MethodDescriptor.Marshaller<InputStream> {

        @Override
        public InputStream stream(InputStream value) {
            return value;
        }

        @Override
        public InputStream parse(InputStream stream) {
            return stream;
        }
    }
}
