package dev.otherix.backup.etcd;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.catchThrowable;

import com.google.common.primitives.Bytes;
import com.google.protobuf.ByteString;
import com.google.protobuf.UnknownFieldSet;
import dev.otherix.backup.etcd.EtcdFailure.Reason;
import dev.otherix.backup.realetcd.PrivateFile;
import io.etcd.jetcd.api.SnapshotResponse;
import io.grpc.Status;
import io.grpc.StatusRuntimeException;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.ByteBuffer;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.FutureTask;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicBoolean;
import org.assertj.core.api.AbstractThrowableAssert;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

@Timeout(60)
class SnapshotCallTests {

    private static final byte[] DATA = SnapshotMessages.data(3 << 20);
    private static final List<SnapshotResponse> MESSAGES = SnapshotMessages.of(DATA);
    private static final StreamLimits LIMITS = new StreamLimits(Duration.ofSeconds(30), null, 0, DATA.length);
    private static final StreamLimits IMPATIENT = new StreamLimits(Duration.ofMillis(500), null, 0, DATA.length);

    private final RecordingSink sink = new RecordingSink();

    @Test
    void aWholeStreamArrivesByteForByte() {
        try (var member = ScriptedMember.sending(MESSAGES);
                var connection = member.connect()) {
            connection.stream(sink, LIMITS);
            assertThat(sink.bytes()).isEqualTo(Bytes.concat(DATA, SnapshotMessages.sha256(DATA)));
        }
    }

    @Test
    void oneConnectionCanStreamTwice() {
        try (var member = ScriptedMember.sending(MESSAGES);
                var connection = member.connect()) {
            connection.stream(sink, LIMITS);
            var second = new RecordingSink();
            connection.stream(second, LIMITS);
            assertThat(second.bytes()).isEqualTo(sink.bytes());
        }
    }

    @Test
    void aStreamThatEndsEarlyButCleanlyIsBroken() {
        fails(ScriptedMember.sending(MESSAGES.subList(0, 5)), LIMITS, Reason.BROKEN_STREAM)
                .hasMessageContaining("ended after 163840 of 3145728 bytes");
    }

    @Test
    void aStreamThatEndsWithAnErrorIsBrokenAndSaysWhere() {
        var member = new ScriptedMember(client -> {
            MESSAGES.subList(0, 5).forEach(client::onNext);
            client.onError(Status.UNAVAILABLE
                    .withDescription("etcdserver: server stopped")
                    .asRuntimeException());
        });
        fails(member, LIMITS, Reason.BROKEN_STREAM)
                .hasMessageContaining("broke off after 163840 of 3145728 bytes: etcdserver: server stopped")
                .hasCauseInstanceOf(StatusRuntimeException.class);
    }

    @Test
    void aMemberThatRefusesIsNotTakenForOneThatIsNotThere() {
        refuses("etcdserver: rpc not supported for learner", Reason.REFUSED);
        refuses("etcdserver: no leader", Reason.NO_QUORUM);
        refuses("etcdserver: request timed out, possibly due to previous leader failure", Reason.NO_QUORUM);
        refuses("etcdserver: leader changed", Reason.NO_QUORUM);
        refuses("etcdserver: server stopped", Reason.UNREACHABLE);
        refuses("io exception", Reason.UNREACHABLE);
    }

    @Test
    void aMemberThatSendsEmptyChunksForEverIsToldToStop() throws InterruptedException {
        var done = new AtomicBoolean();
        var member = new ScriptedMember(client -> {
            client.onNext(MESSAGES.get(0));
            client.setOnReadyHandler(() -> {
                while (client.isReady() && !client.isCancelled() && !done.get()) {
                    client.onNext(SnapshotMessages.message(DATA.length - SnapshotMessages.CHUNK, new byte[0]));
                }
            });
        });
        try (member;
                var connection = member.connect()) {
            assertThatExceptionOfType(EtcdFailure.class)
                    .isThrownBy(() -> connection.stream(sink, LIMITS))
                    .withMessageContaining("sent an empty chunk after 32768 of 3145728 bytes");
            assertThat(member.cancelled.await(10, TimeUnit.SECONDS)).isTrue();
        } finally {
            done.set(true);
        }
    }

    @Test
    void whatIsNoSnapshotMessageIsBroken() {
        var bent = MESSAGES.get(0).toBuilder()
                .setUnknownFields(UnknownFieldSet.newBuilder()
                        .addField(
                                3,
                                UnknownFieldSet.Field.newBuilder()
                                        .addLengthDelimited(ByteString.EMPTY)
                                        .build())
                        .build())
                .build();
        fails(ScriptedMember.sending(List.of(bent)), LIMITS, Reason.BROKEN_STREAM)
                .hasMessageContaining("holds something other than a snapshot: two blobs in one message");
    }

    @Test
    void aMemberThatSendsNothingMoreHasStalled() throws InterruptedException {
        var member = new ScriptedMember(client -> client.onNext(MESSAGES.get(0)));
        fails(member, IMPATIENT, Reason.STALLED)
                .hasMessageContaining("sent nothing for 500ms, at 32768 of 3145728 bytes");
        assertThat(member.cancelled.await(10, TimeUnit.SECONDS)).isTrue();
    }

    @Test
    void aMemberThatNeverSendsAByteHasStalled() {
        fails(new ScriptedMember(client -> {}), IMPATIENT, Reason.STALLED)
                .hasMessageContaining("sent nothing for 500ms, at 0 of 0 bytes");
    }

    @Test
    void aStreamThatNeverEndsAfterItsFooterHasStalled() {
        fails(new ScriptedMember(client -> MESSAGES.forEach(client::onNext)), IMPATIENT, Reason.STALLED)
                .hasMessageContaining("at 3145728 of 3145728 bytes");
    }

    @Test
    void theStreamsOwnPacingIsNoStall() {
        var four = SnapshotMessages.of(SnapshotMessages.data(4 * SnapshotMessages.CHUNK));
        // half a second between two messages
        var paced = new StreamLimits(Duration.ofMillis(300), null, 2 * SnapshotMessages.CHUNK, DATA.length);
        try (var member = ScriptedMember.sending(four);
                var connection = member.connect()) {
            var began = System.nanoTime();
            connection.stream(sink, paced);
            assertThat(Duration.ofNanos(System.nanoTime() - began)).isGreaterThan(Duration.ofMillis(1900));
        }
    }

    @Test
    void aStreamThatTakesLongerThanItsTimeoutFails() {
        var slow = new StreamLimits(Duration.ofSeconds(30), Duration.ofSeconds(1), 1 << 20, DATA.length);
        fails(ScriptedMember.sending(MESSAGES), slow, Reason.TIMEOUT)
                .hasMessageContaining("was not complete after 1s, at ")
                .hasMessageContaining(" of 3145728 bytes");
    }

    @Test
    void aSinkThatThrowsEndsTheStreamWithItsOwnException() throws InterruptedException {
        var full = new UncheckedIOException(new IOException("no space left on device"));
        RecordingSink failing = new RecordingSink() {
            @Override
            public void write(ByteBuffer part) {
                throw full;
            }
        };
        var member = new ScriptedMember(client -> client.onNext(MESSAGES.get(0)));
        try (member;
                var connection = member.connect()) {
            assertThatThrownBy(() -> connection.stream(failing, LIMITS)).isSameAs(full);
            assertThat(member.cancelled.await(10, TimeUnit.SECONDS)).isTrue();
            connectionGoesOn(member, connection);
        }
    }

    @Test
    void aSinkThatRefusesToBeginEndsTheStream() {
        var refusal = new IllegalStateException("needs 3145728 bytes");
        RecordingSink failing = new RecordingSink() {
            @Override
            public void begin(long fileBytes) {
                throw refusal;
            }
        };
        try (var member = ScriptedMember.sending(MESSAGES);
                var connection = member.connect()) {
            assertThatThrownBy(() -> connection.stream(failing, LIMITS)).isSameAs(refusal);
            assertThat(failing.bytes()).isEmpty();
        }
    }

    @Test
    void anErrorInTheSinkComesThroughToo() {
        var noMemory = new OutOfMemoryError("in a test");
        RecordingSink failing = new RecordingSink() {
            @Override
            public void begin(long fileBytes) {
                throw noMemory;
            }
        };
        try (var member = ScriptedMember.sending(MESSAGES);
                var connection = member.connect()) {
            assertThat(catchThrowable(() -> connection.stream(failing, LIMITS))).isSameAs(noMemory);
        }
    }

    @Test
    void aSinkThatHangsHangsNeitherTheCallerNorTheMember() throws InterruptedException {
        var blocked = new BlockedSink();
        var member = new ScriptedMember(client -> MESSAGES.forEach(client::onNext));
        try (member;
                var connection = member.connect()) {
            assertThatExceptionOfType(EtcdFailure.class)
                    .isThrownBy(() -> connection.stream(blocked, IMPATIENT))
                    .returns(Reason.SINK_STALLED, EtcdFailure::reason)
                    .withMessage("writing the snapshot has not moved for 500ms, at 0 of 3145728 bytes; check the disk"
                            + " under workers.backup.dir");
            assertThat(member.cancelled.await(10, TimeUnit.SECONDS))
                    .as("while the sink still hangs")
                    .isTrue();
            blocked.release.countDown();
        }
        assertThat(blocked.thread.join(Duration.ofSeconds(10))).isTrue();
        assertThat(blocked.calls).as("calls after the failure").isEqualTo(1);
    }

    @Test
    void anInterruptEndsTheStreamAndStaysSet() throws Exception {
        var member = new ScriptedMember(client -> client.onNext(MESSAGES.get(0)));
        var streaming = new CountDownLatch(1);
        RecordingSink telling = new RecordingSink() {
            @Override
            public void begin(long fileBytes) {
                streaming.countDown();
            }
        };
        try (member;
                var connection = member.connect()) {
            var job = new FutureTask<Boolean>(() -> {
                assertThatExceptionOfType(EtcdFailure.class)
                        .isThrownBy(() -> connection.stream(telling, LIMITS))
                        .returns(Reason.CANCELLED, EtcdFailure::reason);
                return Thread.currentThread().isInterrupted();
            });
            var thread = Thread.startVirtualThread(job);
            assertThat(streaming.await(10, TimeUnit.SECONDS)).isTrue();
            thread.interrupt();
            assertThat(job.get(10, TimeUnit.SECONDS)).isTrue();
            assertThat(member.cancelled.await(10, TimeUnit.SECONDS)).isTrue();
            connectionGoesOn(member, connection);
        }
    }

    @Test
    void aTokenThatHasExpiredIsRenewedOnce(@TempDir Path directory) throws IOException {
        var password = PrivateFile.write(directory.resolve("password"), "right\n");
        var first = new AtomicBoolean(true);
        var member = new ScriptedMember(client -> {
            if (first.getAndSet(false)) {
                // as 3.5 words it, with a code that says nothing
                client.onError(Status.UNKNOWN
                        .withDescription("auth: invalid auth token")
                        .asRuntimeException());
            } else {
                MESSAGES.forEach(client::onNext);
                client.onCompleted();
            }
        });
        var properties = new EtcdProperties(member.url(), null, null, null, "root", password);
        try (member;
                var connection = new EtcdMember(properties).connect()) {
            connection.stream(sink, LIMITS);
            assertThat(sink.begun).containsExactly((long) DATA.length + 32);
            assertThat(member.tokens).containsExactly("token-1", "token-2");
        }
    }

    @Test
    void aTokenThatIsNeverAcceptedIsAFailure(@TempDir Path directory) throws IOException {
        var password = PrivateFile.write(directory.resolve("password"), "right");
        var member = new ScriptedMember(client -> client.onError(Status.UNAUTHENTICATED
                .withDescription("etcdserver: invalid auth token")
                .asRuntimeException()));
        var properties = new EtcdProperties(member.url(), null, null, null, "root", password);
        try (member;
                var connection = new EtcdMember(properties).connect()) {
            assertThatExceptionOfType(EtcdFailure.class)
                    .isThrownBy(() -> connection.stream(sink, LIMITS))
                    .returns(Reason.UNAUTHENTICATED, EtcdFailure::reason);
            assertThat(member.tokens).hasSize(2);
        }
    }

    // it was told to stop, not cut off
    private static void connectionGoesOn(ScriptedMember member, MemberConnection connection) {
        assertThat(connection.status(Duration.ofSeconds(10)).hasLeader()).isTrue();
        assertThat(member.connections).hasValue(1);
    }

    private void refuses(String words, Reason reason) {
        var refusal = Status.UNAVAILABLE.withDescription(words).asRuntimeException();
        fails(new ScriptedMember(client -> client.onError(refusal)), LIMITS, reason)
                .hasMessageContaining("while asking for a snapshot: " + words);
    }

    private AbstractThrowableAssert<?, ?> fails(ScriptedMember member, StreamLimits limits, Reason reason) {
        try (member;
                var connection = member.connect()) {
            var thrown = catchThrowable(() -> connection.stream(sink, limits));
            assertThat(thrown)
                    .isInstanceOfSatisfying(
                            EtcdFailure.class,
                            failure -> assertThat(failure.reason()).isEqualTo(reason));
            return assertThat(thrown);
        }
    }

    /** Never comes back from its first write until it is released. */
    private static final class BlockedSink implements SnapshotSink {

        private final CountDownLatch release = new CountDownLatch(1);
        private volatile int calls;
        private volatile Thread thread = Thread.currentThread();

        @Override
        public void begin(long fileBytes) {}

        @Override
        public void write(ByteBuffer part) {
            calls++;
            thread = Thread.currentThread();
            try {
                release.await();
            } catch (InterruptedException interrupted) {
                throw new IllegalStateException(interrupted);
            }
        }
    }
}
