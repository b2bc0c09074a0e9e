package dev.otherix.backup.etcd;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.google.common.primitives.Bytes;
import dev.otherix.backup.etcd.EtcdFailure.Reason;
import io.etcd.jetcd.api.SnapshotResponse;
import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.ByteBuffer;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HexFormat;
import java.util.List;
import org.junit.jupiter.api.Test;

class SnapshotStreamTests {

    private static final byte[] DATA = SnapshotMessages.data(3 * SnapshotMessages.CHUNK + 4096);

    private final RecordingSink sink = new RecordingSink();
    private boolean abandoned;
    private final List<SnapshotResponse> messages = new ArrayList<>(SnapshotMessages.of(DATA));

    @Test
    void aWholeStreamIsWrittenWithItsFooter() {
        var footer = SnapshotMessages.sha256(DATA);
        var stream = run();
        assertThat(sink.begun).containsExactly((long) DATA.length + 32);
        assertThat(sink.bytes()).isEqualTo(Bytes.concat(DATA, footer));
        assertThat(stream.takenBytes()).isEqualTo(DATA.length);
        assertThat(stream.announcedBytes()).isEqualTo(DATA.length);
    }

    @Test
    void aSnapshotOfOneChunkIsWhole() {
        var small = SnapshotMessages.data(512);
        messages.clear();
        messages.addAll(SnapshotMessages.of(small));
        assertThat(run().takenBytes()).isEqualTo(512);
    }

    @Test
    void howFarItHasComeIsKnownWhileItRuns() {
        var stream = stream();
        assertThat(stream.announcedBytes()).isZero();
        assertThat(stream.takenBytes()).isZero();
        stream.accept(parse(messages.getFirst()));
        assertThat(stream.takenBytes()).isEqualTo(SnapshotMessages.CHUNK);
        assertThat(stream.announcedBytes()).isEqualTo(DATA.length);
    }

    @Test
    void aSizeThatIsNotWholeBlocksIsRefusedBeforeTheSinkBegins() {
        messages.set(0, SnapshotMessages.message(1000, SnapshotMessages.data(25)));
        broken("announced 1025 bytes, which is not a whole number of 512 byte blocks");
        assertThat(sink.begun).isEmpty();
    }

    @Test
    void aSizeOfZeroIsRefused() {
        messages.set(0, SnapshotMessages.message(0, new byte[0]));
        broken("announced 0 bytes, which is not a whole number of 512 byte blocks");
    }

    @Test
    void aSizeFarBeyondTheMembersDatabaseIsRefusedBeforeTheSinkBegins() {
        var most = 2L * DATA.length + (1L << 30);
        messages.set(0, SnapshotMessages.message(most - most % 512 + 512, new byte[0]));
        broken("announced " + (most - most % 512 + 512)
                + " bytes after its first 0, but its status reports a database of 102400");
        assertThat(sink.begun).isEmpty();
    }

    @Test
    void aSizeThatIsNegativeForJavaIsRefused() {
        messages.set(0, SnapshotMessages.message(-512, new byte[1024]));
        broken(
                "announced 18446744073709551104 bytes after its first 1024, but its status reports a database of 102400");
    }

    @Test
    void aSizeBeyondJavasNumbersIsRefused() {
        messages.set(0, SnapshotMessages.message(Long.MAX_VALUE, new byte[512]));
        broken("announced 9223372036854775807 bytes after its first 512, but its status reports a database of 102400");
    }

    @Test
    void aRemainderThatFallsByMoreThanTheChunkIsRefused() {
        messages.set(1, SnapshotMessages.message(4096, messages.get(1).getBlob().toByteArray()));
        broken("says that 4096 bytes remain where 36864 of 102400 do");
    }

    @Test
    void aRemainderThatDoesNotFallIsRefused() {
        messages.set(
                1, SnapshotMessages.message(69632, messages.get(1).getBlob().toByteArray()));
        broken("says that 69632 bytes remain where 36864 of 102400 do");
    }

    @Test
    void anEmptyChunkBeforeTheEndIsRefused() {
        messages.set(1, SnapshotMessages.message(69632, new byte[0]));
        broken("sent an empty chunk after 32768 of 102400 bytes");
    }

    @Test
    void anEmptyFirstChunkIsRefused() {
        messages.set(0, SnapshotMessages.message(102400, new byte[0]));
        broken("sent an empty chunk after 0 of 102400 bytes");
    }

    @Test
    void moreDataThanAnnouncedIsRefused() {
        messages.set(3, SnapshotMessages.message(0, SnapshotMessages.data(4097)));
        broken("sent 4097 bytes where 4096 of 102400 were left");
        assertThat(sink.bytes()).hasSize(3 * SnapshotMessages.CHUNK);
    }

    @Test
    void aStreamThatEndsTooEarlyIsRefused() {
        messages.subList(2, messages.size()).clear();
        broken("ended after 65536 of 102400 bytes");
    }

    @Test
    void aStreamWithoutAByteIsRefused() {
        messages.clear();
        broken("ended without a byte");
    }

    @Test
    void aStreamWithoutItsFooterIsRefused() {
        messages.removeLast();
        broken("ended without its footer, after all 102400 bytes");
    }

    @Test
    void aFooterOfAnotherLengthIsRefused() {
        messages.set(4, SnapshotMessages.message(0, new byte[31]));
        broken("sent 31 bytes with 0 to come, but the footer of 32 bytes has to end the stream");
    }

    @Test
    void anEmptyFooterIsRefused() {
        messages.set(4, SnapshotMessages.message(0, new byte[0]));
        broken("sent 0 bytes with 0 to come, but the footer of 32 bytes has to end the stream");
    }

    @Test
    void aFooterWithMoreToComeIsRefused() {
        messages.set(4, SnapshotMessages.message(512, messages.get(4).getBlob().toByteArray()));
        broken("sent 32 bytes with 512 to come, but the footer of 32 bytes has to end the stream");
    }

    @Test
    void aSecondFooterIsRefused() {
        messages.add(messages.getLast());
        broken("sent 32 more bytes after its footer");
    }

    @Test
    void anEmptyMessageAfterTheFooterIsRefused() {
        messages.add(SnapshotResponse.getDefaultInstance());
        broken("sent 0 more bytes after its footer");
    }

    @Test
    void oneBitOfTheDataChangesTheOutcome() {
        var bent = DATA.clone();
        bent[70_000] ^= 0x10;
        var others = SnapshotMessages.of(bent);
        messages.set(2, others.get(2));
        broken("does not match its footer: the data has sha256 " + hex(SnapshotMessages.sha256(bent))
                + ", the footer says " + hex(SnapshotMessages.sha256(DATA)));
        assertThat(sink.bytes())
                .as("no footer for a file that does not deserve it")
                .hasSize(DATA.length);
    }

    @Test
    void whatTheSinkThrowsComesThroughAsItIs() {
        var full = new UncheckedIOException(new IOException("no space left on device"));
        var stream = new SnapshotStream(
                "http://127.0.0.1:2379",
                new RecordingSink() {
                    @Override
                    public void begin(long fileBytes) {
                        throw full;
                    }
                },
                limits(),
                () -> false);
        assertThatThrownBy(() -> stream.accept(parse(messages.getFirst()))).isSameAs(full);
    }

    @Test
    void anAbandonedStreamLeavesTheSinkAlone() {
        var stream = stream();
        stream.accept(parse(messages.get(0)));
        abandoned = true;
        stream.accept(parse(messages.get(1)));
        assertThat(sink.bytes()).isEqualTo(Arrays.copyOf(DATA, SnapshotMessages.CHUNK));
    }

    @Test
    void aStreamThatIsAbandonedBeforeItsFirstMessageDoesNotBegin() {
        abandoned = true;
        stream().accept(parse(messages.get(0)));
        assertThat(sink.begun).isEmpty();
    }

    @Test
    void aStreamThatIsAbandonedDuringAWriteGetsNoOther() {
        RecordingSink hanging = new RecordingSink() {
            @Override
            public void write(ByteBuffer part) {
                super.write(part);
                abandoned = true;
            }
        };
        new SnapshotStream("http://127.0.0.1:2379", hanging, limits(), () -> abandoned).accept(parse(messages.get(0)));
        assertThat(hanging.bytes()).isEqualTo(Arrays.copyOf(DATA, SnapshotMessages.CHUNK / 2));
    }

    private void broken(String what) {
        assertThatExceptionOfType(EtcdFailure.class)
                .isThrownBy(this::run)
                .withMessage("the snapshot stream of etcd at http://127.0.0.1:2379 " + what)
                .returns(Reason.BROKEN_STREAM, EtcdFailure::reason);
    }

    private SnapshotStream run() {
        var stream = stream();
        messages.forEach(message -> stream.accept(parse(message)));
        stream.finish();
        return stream;
    }

    private SnapshotStream stream() {
        return new SnapshotStream("http://127.0.0.1:2379", sink, limits(), () -> abandoned);
    }

    private static StreamLimits limits() {
        return new StreamLimits(Duration.ofSeconds(30), null, 0, DATA.length);
    }

    private static SnapshotMessage parse(SnapshotResponse message) {
        try {
            // in two parts, as the frames of HTTP/2 cut it
            var whole = SnapshotMessage.read(new ByteArrayInputStream(message.toByteArray()));
            var parts = whole.blob().stream()
                    .flatMap(blob -> {
                        var half = blob.remaining() / 2;
                        return List.of(blob.slice(0, half), blob.slice(half, blob.remaining() - half)).stream();
                    })
                    .toList();
            return new SnapshotMessage(whole.remainingBytes(), parts, whole.blobLength());
        } catch (IOException failure) {
            throw new UncheckedIOException(failure);
        }
    }

    private static String hex(byte[] bytes) {
        return HexFormat.of().formatHex(bytes);
    }
}
