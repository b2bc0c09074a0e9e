package dev.otherix.backup.verify.bolt;

import java.io.IOException;
import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.nio.ByteOrder;
import java.nio.channels.FileChannel;
import java.nio.file.LinkOption;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.Set;

/**
 * A database file, mapped read-only. Integers are little-endian, as bbolt writes them on the platforms of etcd, and may stand at
 * any offset. Offsets are in bytes from the start of the file; a read beyond the end is an {@link IndexOutOfBoundsException}, so
 * whoever takes an offset from the file checks it first.
 *
 * <p>Where the medium fails under a mapped page, Java throws an {@link InternalError}.
 */
public final class BoltFile implements AutoCloseable {

    private static final ValueLayout.OfShort U16 = ValueLayout.JAVA_SHORT_UNALIGNED.withOrder(ByteOrder.LITTLE_ENDIAN);
    private static final ValueLayout.OfInt U32 = ValueLayout.JAVA_INT_UNALIGNED.withOrder(ByteOrder.LITTLE_ENDIAN);
    private static final ValueLayout.OfLong U64 = ValueLayout.JAVA_LONG_UNALIGNED.withOrder(ByteOrder.LITTLE_ENDIAN);
    private static final ValueLayout.OfLong BIG_ENDIAN = ValueLayout.JAVA_LONG_UNALIGNED.withOrder(ByteOrder.BIG_ENDIAN);

    private final Arena arena;
    private final MemorySegment bytes;

    private BoltFile(Arena arena, MemorySegment bytes) {
        this.arena = arena;
        this.bytes = bytes;
    }

    /**
     * Maps the first {@code length} bytes of {@code file}. A link is not followed.
     *
     * @param length of the database, without what follows it; not more than the file has
     */
    public static BoltFile open(Path file, long length) throws IOException {
        try (var channel = FileChannel.open(file, Set.of(StandardOpenOption.READ, LinkOption.NOFOLLOW_LINKS))) {
            if (length > channel.size()) {
                // mapping what is not there would fault at the first read
                throw new IOException(file + " has become shorter than " + length + " bytes");
            }
            var arena = Arena.ofShared();
            try {
                return new BoltFile(arena, channel.map(FileChannel.MapMode.READ_ONLY, 0, length, arena));
            } catch (IOException | RuntimeException notMapped) {
                arena.close();
                throw notMapped;
            }
        }
    }

    /** The mapped bytes; not to be used after {@link #close}. */
    public MemorySegment bytes() {
        return bytes;
    }

    /** In bytes. */
    public long length() {
        return bytes.byteSize();
    }

    int u16(long at) {
        return Short.toUnsignedInt(bytes.get(U16, at));
    }

    long u32(long at) {
        return Integer.toUnsignedLong(bytes.get(U32, at));
    }

    /** All 64 bits; the caller compares unsigned. */
    long u64(long at) {
        return bytes.get(U64, at);
    }

    /** Compares two keys as bbolt sorts them: byte by byte, unsigned, the shorter first. */
    int compare(long a, int aLength, long b, int bLength) {
        int common = Math.min(aLength, bLength);
        int i = 0;
        for (; i <= common - Long.BYTES; i += Long.BYTES) {
            long left = bytes.get(BIG_ENDIAN, a + i);
            long right = bytes.get(BIG_ENDIAN, b + i);
            if (left != right) {
                return Long.compareUnsigned(left, right);
            }
        }
        for (; i < common; i++) {
            int order = Byte.compareUnsigned(bytes.get(ValueLayout.JAVA_BYTE, a + i), bytes.get(ValueLayout.JAVA_BYTE, b + i));
            if (order != 0) {
                return order;
            }
        }
        return Integer.compare(aLength, bLength);
    }

    @Override
    public void close() {
        arena.close();
    }
}
