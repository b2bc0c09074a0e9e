package dev.otherix.backup.etcd;

import io.grpc.HasByteBuffer;
import java.io.IOException;
import java.io.InputStream;
import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.List;

/**
 * One message of the snapshot stream, {@code etcdserverpb.SnapshotResponse}: field 1 is a header that no version of
 * etcd fills, 2 the bytes still to come, 3 the chunk, 4 the storage version (3.6 and later), which is not used here.
 *
 * <p>The chunk is a view of the transport's own buffers if the transport offers them, so it is valid only until its
 * stream is closed.
 *
 * @param remainingBytes data bytes that follow this message, an unsigned number
 * @param blob the chunk, in order, as read-only views
 * @param blobLength how many bytes the chunk has
 */
record SnapshotMessage(long remainingBytes, List<ByteBuffer> blob, int blobLength) {

    private static final int VARINT = 0;
    private static final int FIXED64 = 1;
    private static final int LENGTH_DELIMITED = 2;
    private static final int FIXED32 = 5;

    /**
     * Reads one message, to the end of {@code in}.
     *
     * @throws IOException if the bytes are not such a message; the text says where
     */
    static SnapshotMessage read(InputStream in) throws IOException {
        var inPlace = in instanceof HasByteBuffer buffers && buffers.byteBufferSupported() && in.markSupported();
        if (inPlace) {
            // without a mark, the transport frees a buffer once it has been read
            in.mark(Integer.MAX_VALUE);
        }
        long remaining = 0;
        List<ByteBuffer> blob = null;
        int blobLength = 0;
        for (var first = in.read(); first >= 0; first = in.read()) {
            var tag = varint(in, first);
            var type = (int) (tag & 7);
            switch ((int) Math.min(tag >>> 3, Integer.MAX_VALUE)) {
                case 2 -> remaining = varint(in, expect(type, VARINT, "remaining_bytes", in.read()));
                case 3 -> {
                    expect(type, LENGTH_DELIMITED, "blob", 0);
                    if (blob != null) {
                        throw new IOException("two blobs in one message");
                    }
                    blobLength = length(in);
                    blob = inPlace ? views(in, (HasByteBuffer) in, blobLength) : copy(in, blobLength);
                }
                default -> skip(in, type);
            }
        }
        return new SnapshotMessage(remaining, blob == null ? List.of() : blob, blobLength);
    }

    private static int expect(int type, int expected, String field, int next) throws IOException {
        if (type != expected) {
            throw new IOException("wire type " + type + " where " + field + " has " + expected);
        }
        return next;
    }

    private static List<ByteBuffer> views(InputStream in, HasByteBuffer buffers, int length) throws IOException {
        var views = new ArrayList<ByteBuffer>(4);
        var left = length;
        while (left > 0) {
            var buffer = buffers.getByteBuffer();
            if (buffer == null) {
                throw cutOff();
            }
            var view = buffer.asReadOnlyBuffer();
            view.limit(view.position() + Math.min(left, view.remaining()));
            var taken = view.remaining();
            views.add(view);
            in.skipNBytes(taken);
            left -= taken;
        }
        return views;
    }

    private static List<ByteBuffer> copy(InputStream in, int length) throws IOException {
        return List.of(ByteBuffer.wrap(bytes(in, length)).asReadOnlyBuffer());
    }

    private static byte[] bytes(InputStream in, int length) throws IOException {
        var bytes = in.readNBytes(length);
        if (bytes.length < length) {
            throw cutOff();
        }
        return bytes;
    }

    private static int length(InputStream in) throws IOException {
        var length = varint(in, in.read());
        if (length < 0 || length > in.available()) {
            throw new IOException(
                    "a field of " + Long.toUnsignedString(length) + " bytes where " + in.available() + " are left");
        }
        return (int) length;
    }

    private static void skip(InputStream in, int type) throws IOException {
        switch (type) {
            case VARINT -> varint(in, in.read());
            case FIXED64 -> bytes(in, Long.BYTES);
            case LENGTH_DELIMITED -> bytes(in, length(in));
            case FIXED32 -> bytes(in, Integer.BYTES);
            default -> throw new IOException("unknown wire type " + type);
        }
    }

    private static long varint(InputStream in, int first) throws IOException {
        long value = 0;
        var next = first;
        for (int shift = 0; shift < Long.SIZE; shift += 7) {
            if (next < 0) {
                throw cutOff();
            }
            value |= (long) (next & 0x7f) << shift;
            if (next < 0x80) {
                return value;
            }
            next = in.read();
        }
        throw new IOException("a number of more than ten bytes");
    }

    private static IOException cutOff() {
        return new IOException("the message ends inside a field");
    }
}
