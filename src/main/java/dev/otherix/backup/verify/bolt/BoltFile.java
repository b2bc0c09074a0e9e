package dev.otherix.backup.verify.bolt;

import java.io.IOException;
import java.io.UncheckedIOException;
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
 * A database file, mapped read-only. A walk says which part it enters, and what it has left behind is unmapped now and then, so that
 * the process never looks as large as the file: at most {@value #MOST_MAPPED} bytes of it count as resident. Not for use by several
 * threads at once. Integers are little-endian, as bbolt writes them on the platforms of etcd, and may stand at
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

    /** How much may count as resident; what {@link #enter} allows for is what the kernel maps around each page that is read. */
    static final long MOST_MAPPED = 16L << 20;

    private static final int BLOCK_BITS = 16;

    private final Path file;
    private final FileChannel channel;
    private final long length;
    private Arena arena;
    private MemorySegment bytes;
    private long lastBlock = -1;
    private long blocks;
    private int mappings;

    private BoltFile(Path file, FileChannel channel, long length) throws IOException {
        this.file = file;
        this.channel = channel;
        this.length = length;
        this.arena = Arena.ofShared();
        this.bytes = map();
    }

    /**
     * Maps the first {@code length} bytes of {@code file}. A link is not followed.
     *
     * @param length of the database, without what follows it; not more than the file has
     */
    public static BoltFile open(Path file, long length) throws IOException {
        var channel = FileChannel.open(file, Set.of(StandardOpenOption.READ, LinkOption.NOFOLLOW_LINKS));
        try {
            return new BoltFile(file, channel, length);
        } catch (IOException | RuntimeException notMapped) {
            channel.close();
            throw notMapped;
        }
    }

    private MemorySegment map() throws IOException {
        try {
            if (length > channel.size()) {
                // mapping what is not there would fault at the first read
                throw new IOException(file + " has become shorter than " + length + " bytes");
            }
            mappings++;
            return channel.map(FileChannel.MapMode.READ_ONLY, 0, length, arena);
        } catch (IOException | RuntimeException notMapped) {
            arena.close();
            throw notMapped;
        }
    }

    /**
     * Says that the {@code size} bytes at {@code at} are read next. May map the file anew: what {@link #bytes} gave before is not to
     * be used afterwards.
     *
     * @throws UncheckedIOException where the file cannot be mapped again
     */
    void enter(long at, long size) {
        long first = at >>> BLOCK_BITS;
        long last = at + Math.max(1, size) - 1 >>> BLOCK_BITS;
        blocks += last - first + (first == lastBlock ? 0 : 1);
        lastBlock = last;
        if (blocks > MOST_MAPPED >>> BLOCK_BITS) {
            mapAnew();
            blocks = last - first + 1;
        }
    }

    private void mapAnew() {
        arena.close();
        arena = Arena.ofShared();
        try {
            bytes = map();
        } catch (IOException broken) {
            throw new UncheckedIOException(broken);
        }
    }

    /** The mapped bytes, as they are until the walk enters another part or the file is closed. */
    public MemorySegment bytes() {
        return bytes;
    }

    /** In bytes. */
    public long length() {
        return length;
    }

    /** How often the file was mapped. */
    int mappings() {
        return mappings;
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
        if (arena.scope().isAlive()) {
            arena.close();
        }
        try {
            channel.close();
        } catch (IOException broken) {
            // it was only read
            throw new UncheckedIOException(broken);
        }
    }
}
