package dev.otherix.backup.etcd;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIOException;

import com.google.protobuf.ByteString;
import com.google.protobuf.CodedOutputStream;
import io.etcd.jetcd.api.ResponseHeader;
import io.etcd.jetcd.api.SnapshotResponse;
import io.grpc.HasByteBuffer;
import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.InputStream;
import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Random;
import org.junit.jupiter.api.Test;

class SnapshotMessageTests {

    private static final byte[] BLOB = SnapshotMessages.data(1000);

    @Test
    void theFieldsOfAMessageAreRead() throws IOException {
        var sent = SnapshotMessages.withVersion(SnapshotMessages.message(1L << 40, BLOB), "3.6.0");
        var read = read(sent.toByteArray());
        assertThat(read.remainingBytes()).isEqualTo(1L << 40);
        assertThat(read.blobLength()).isEqualTo(1000);
        assertThat(bytes(read)).isEqualTo(BLOB);
    }

    @Test
    void fieldsThatAreAbsentAreZeroAndEmpty() throws IOException {
        assertThat(read(new byte[0])).isEqualTo(new SnapshotMessage(0, List.of(), 0));
    }

    @Test
    void aHeaderAndFieldsOfLaterVersionsAreSkipped() throws IOException {
        var bytes = new ByteArrayOutputStream();
        var out = CodedOutputStream.newInstance(bytes);
        out.writeMessage(1, ResponseHeader.newBuilder().setRevision(7).build());
        out.writeFixed64(9, 1);
        out.writeFixed32(10, 1);
        out.writeUInt64(2, 512);
        out.writeInt64(11, -1);
        out.writeString(5000, "later");
        out.writeByteArray(3, BLOB);
        out.flush();
        var read = read(bytes.toByteArray());
        assertThat(read.remainingBytes()).isEqualTo(512);
        assertThat(bytes(read)).isEqualTo(BLOB);
    }

    @Test
    void aChunkIsReadInPlaceFromTheTransportsBuffers() throws IOException {
        var sent = SnapshotMessages.withVersion(SnapshotMessages.message(512, BLOB), "3.6.0")
                .toByteArray();
        for (var piece : new int[] {1, 7, 300, sent.length}) {
            var in = new PooledStream(sent, piece);
            var read = SnapshotMessage.read(in);
            assertThat(bytes(read)).as("pieces of %d", piece).isEqualTo(BLOB);
            assertThat(read.blob()).allMatch(ByteBuffer::isReadOnly);
            in.close();
            assertThat(bytes(read)).as("a view, no copy").isEqualTo(new byte[BLOB.length]);
        }
    }

    @Test
    void aChunkIsCopiedWhereTheTransportCannotKeepItsBuffers() throws IOException {
        var sent = SnapshotMessages.message(512, BLOB).toByteArray();
        PooledStream in = new PooledStream(sent, 300) {
            @Override
            public boolean markSupported() {
                return false;
            }
        };
        var read = SnapshotMessage.read(in);
        in.close();
        assertThat(bytes(read)).isEqualTo(BLOB);
    }

    @Test
    void aMessageThatIsCutOffIsRefused() {
        var sent = SnapshotMessages.message(1L << 40, BLOB).toByteArray();
        for (int length = 1; length < sent.length; length++) {
            if (length != 7) {
                var cut = Arrays.copyOf(sent, length);
                assertThatIOException().as("cut to %d", length).isThrownBy(() -> read(cut));
            }
        }
    }

    @Test
    void whatIsNoSuchMessageIsRefused() {
        refused(new byte[] {2 << 3 | 2, 1, 0}, "wire type 2 where remaining_bytes has 0");
        refused(new byte[] {3 << 3, 1}, "wire type 0 where blob has 2");
        refused(new byte[] {3 << 3 | 2, 0, 3 << 3 | 2, 0}, "two blobs in one message");
        refused(new byte[] {9 << 3 | 3}, "unknown wire type 3");
        refused(new byte[] {9 << 3 | 1, 0, 0}, "the message ends inside a field");
        refused(new byte[] {3 << 3 | 2, 5, 0}, "a field of 5 bytes where 1 are left");
        refused(
                new byte[] {1 << 3 | 2, -1, -1, -1, -1, -1, -1, -1, -1, -1, 1},
                "a field of 18446744073709551615 bytes where 0 are left");
        refused(new byte[] {2 << 3, -1, -1, -1, -1, -1, -1, -1, -1, -1, -1, 1}, "a number of more than ten bytes");
    }

    @Test
    void noBytesDoAnythingElseThanBeingReadOrRefused() {
        var random = new Random(1);
        var sent = SnapshotMessages.withVersion(
                        SnapshotResponse.newBuilder()
                                .setBlob(ByteString.copyFrom(BLOB, 0, 20))
                                .build(),
                        "3.6.0")
                .toByteArray();
        int refused = 0;
        for (int round = 0; round < 20_000; round++) {
            var bent = sent.clone();
            for (int change = 0; change <= round % 3; change++) {
                bent[random.nextInt(bent.length)] = (byte) random.nextInt();
            }
            try {
                var read = read(bent);
                assertThat(bytes(read)).hasSize(read.blobLength());
            } catch (IOException failure) {
                refused++;
            }
        }
        assertThat(refused).isBetween(1_000, 19_000);
    }

    private static void refused(byte[] bytes, String message) {
        assertThatIOException().isThrownBy(() -> read(bytes)).withMessage(message);
    }

    private static SnapshotMessage read(byte[] bytes) throws IOException {
        return SnapshotMessage.read(new ByteArrayInputStream(bytes));
    }

    private static byte[] bytes(SnapshotMessage message) {
        var all = new ByteArrayOutputStream();
        for (var part : message.blob()) {
            var copy = new byte[part.remaining()];
            part.duplicate().get(copy);
            all.writeBytes(copy);
        }
        return all.toByteArray();
    }

    /** A transport with a pool: a buffer that was read past, and every buffer after the close, is used again. */
    private static class PooledStream extends InputStream implements HasByteBuffer {

        private final List<ByteBuffer> pieces = new ArrayList<>();
        private int current;
        private boolean marked;

        PooledStream(byte[] bytes, int piece) {
            for (int at = 0; at < bytes.length; at += piece) {
                pieces.add(ByteBuffer.wrap(Arrays.copyOfRange(bytes, at, Math.min(at + piece, bytes.length))));
            }
        }

        @Override
        public boolean byteBufferSupported() {
            return true;
        }

        @Override
        public ByteBuffer getByteBuffer() {
            return available() == 0 ? null : pieces.get(current).duplicate();
        }

        @Override
        public boolean markSupported() {
            return true;
        }

        @Override
        public void mark(int limit) {
            marked = true;
        }

        @Override
        public int available() {
            return pieces.stream().mapToInt(ByteBuffer::remaining).sum();
        }

        @Override
        public int read() {
            if (available() == 0) {
                return -1;
            }
            var next = pieces.get(current).get() & 0xff;
            passOver();
            return next;
        }

        @Override
        public long skip(long count) {
            var piece = pieces.get(current);
            var skipped = (int) Math.min(count, piece.remaining());
            piece.position(piece.position() + skipped);
            passOver();
            return skipped;
        }

        @Override
        public void close() {
            pieces.forEach(piece -> Arrays.fill(piece.array(), (byte) 0));
        }

        private void passOver() {
            if (!pieces.get(current).hasRemaining()) {
                if (!marked) {
                    Arrays.fill(pieces.get(current).array(), (byte) 0);
                }
                current = Math.min(current + 1, pieces.size() - 1);
            }
        }
    }
}
