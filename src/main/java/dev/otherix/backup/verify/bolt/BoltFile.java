package dev.otherix.backup.verify.bolt;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.channels.ClosedChannelException;
import java.nio.channels.FileChannel;
import java.nio.charset.StandardCharsets;
import java.nio.file.LinkOption;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.Objects;
import java.util.Set;
import java.util.zip.Checksum;

/**
 * The bytes of a database file. Not for use by several threads at once. Integers are little-endian, as bbolt writes
 * them on the platforms of etcd, and may stand at any offset. Offsets are in bytes from the start of the file; a read
 * beyond the end is an {@link IndexOutOfBoundsException}, so a caller checks each offset that comes from the file. If
 * the file cannot be read, each method throws an {@link UncheckedIOException}; for a mapped file, Java throws an
 * {@link InternalError}.
 */
public final class BoltFile implements AutoCloseable {

    private static final ValueLayout.OfShort U16 = ValueLayout.JAVA_SHORT_UNALIGNED.withOrder(ByteOrder.LITTLE_ENDIAN);
    private static final ValueLayout.OfInt U32 = ValueLayout.JAVA_INT_UNALIGNED.withOrder(ByteOrder.LITTLE_ENDIAN);
    private static final ValueLayout.OfLong U64 = ValueLayout.JAVA_LONG_UNALIGNED.withOrder(ByteOrder.LITTLE_ENDIAN);
    private static final ValueLayout.OfLong BIG_ENDIAN =
            ValueLayout.JAVA_LONG_UNALIGNED.withOrder(ByteOrder.BIG_ENDIAN);

    private final FileChannel channel;
    private final long length;
    private final Windows windows;
    private Window window;
    private MemorySegment bytes;
    private long begin;
    private long end;

    private BoltFile(FileChannel channel, long length, Windows windows) {
        this.channel = channel;
        this.length = length;
        this.windows = windows;
        this.window = Window.of(MemorySegment.ofArray(new byte[0]), 0);
        this.bytes = window.bytes();
    }

    /** How the bytes are brought into memory. */
    public enum Access {
        /** Mapped, or read if the file system does not map files. */
        MAP,
        /** Read, so that a medium that hangs blocks only the reader. */
        READ
    }

    /**
     * Opens the first {@code length} bytes of {@code file}. A link is not followed.
     *
     * @param length of the database, without the footer; not more than the file has
     */
    public static BoltFile open(Path file, long length, Access access) throws IOException {
        return open(FileChannel.open(file, Set.of(StandardOpenOption.READ, LinkOption.NOFOLLOW_LINKS)), length, access);
    }

    /** Like the other method, for an open file; closed together with this object, or if this method fails. */
    public static BoltFile open(FileChannel channel, long length, Access access) throws IOException {
        try {
            return new BoltFile(
                    channel,
                    length,
                    access == Access.READ ? new ReadWindows(channel, length) : mapped(channel, length));
        } catch (IOException | RuntimeException notOpened) {
            channel.close();
            throw notOpened;
        }
    }

    private static Windows mapped(FileChannel channel, long length) throws IOException {
        try {
            return new MappedWindows(channel, length);
        } catch (ClosedChannelException interrupted) {
            throw interrupted;
        } catch (IOException notMapped) {
            // a file system without shared mappings, or no room for one; a fault of the file itself appears again
            return new ReadWindows(channel, length);
        }
    }

    /** Announces that the {@code size} bytes at {@code at} are read next. */
    void enter(long at, long size) {
        try {
            if (windows.enter(at, size)) {
                end = begin;
            }
        } catch (IOException broken) {
            throw new UncheckedIOException(broken);
        }
    }

    /** In bytes. */
    public long length() {
        return length;
    }

    /** The position of {@code at} in the window; {@code size} bytes are read there, at most eight. */
    private long place(long at, int size) {
        if (at < begin || at > end - size) {
            show(at, size);
        }
        return at - begin;
    }

    private void show(long at, int size) {
        Objects.checkFromIndexSize(at, size, length);
        try {
            window = windows.at(at);
        } catch (IOException broken) {
            throw new UncheckedIOException(broken);
        }
        bytes = window.bytes();
        begin = window.begin();
        end = window.end();
    }

    public byte i8(long at) {
        // before the field is read: this may replace the window
        var place = place(at, Byte.BYTES);
        return bytes.get(ValueLayout.JAVA_BYTE, place);
    }

    int u16(long at) {
        var place = place(at, Short.BYTES);
        return Short.toUnsignedInt(bytes.get(U16, place));
    }

    long u32(long at) {
        var place = place(at, Integer.BYTES);
        return Integer.toUnsignedLong(bytes.get(U32, place));
    }

    /** All 64 bits; the caller compares unsigned. */
    public long u64(long at) {
        var place = place(at, Long.BYTES);
        return bytes.get(U64, place);
    }

    /** Like {@link #u64}, with the highest byte first. */
    public long bigEndian(long at) {
        var place = place(at, Long.BYTES);
        return bytes.get(BIG_ENDIAN, place);
    }

    /** A copy. */
    public byte[] copy(long at, int size) {
        var copy = new byte[size];
        for (int done = 0, part; done < size; done += part) {
            var from = (int) place(at + done, 1);
            part = (int) Math.min(size - done, bytes.byteSize() - from);
            MemorySegment.copy(bytes, ValueLayout.JAVA_BYTE, from, copy, done, part);
        }
        return copy;
    }

    /** Whether bytes of this file are the same as bytes of a file, which may be this one. */
    public boolean sameBytes(long at, long size, BoltFile other, long otherAt, long otherSize) {
        if (size != otherSize) {
            return false;
        }
        // the places are anywhere in the files: what is read must not stay in memory
        enter(at, size);
        other.enter(otherAt, otherSize);
        long i = 0;
        for (; i <= size - Long.BYTES; i += Long.BYTES) {
            if (u64(at + i) != other.u64(otherAt + i)) {
                return false;
            }
        }
        for (; i < size; i++) {
            if (i8(at + i) != other.i8(otherAt + i)) {
                return false;
            }
        }
        return true;
    }

    /** Copies bytes from {@code at} on into the room that the buffer has left, at most {@code size}. */
    void copy(long at, long size, ByteBuffer into) {
        for (long left = Math.min(size, into.remaining()), from = at; left > 0; ) {
            var offset = (int) place(from, 1);
            // a sum leaves its limit in the buffer
            var buffer = window.buffer().clear();
            var part = (int) Math.min(left, buffer.limit() - offset);
            into.put(into.position(), buffer, offset, part).position(into.position() + part);
            from += part;
            left -= part;
        }
    }

    /** A copy of the bytes, as UTF-8 text. */
    public String text(long at, int size) {
        return new String(copy(at, size), StandardCharsets.UTF_8);
    }

    /** Adds {@code size} bytes to a checksum. */
    public void sum(Checksum into, long at, long size) {
        for (long done = 0, part; done < size; done += part) {
            var from = (int) place(at + done, 1);
            var buffer = window.buffer();
            part = Math.min(size - done, buffer.capacity() - from);
            into.update(buffer.limit(from + (int) part).position(from));
        }
    }

    /** Compares two keys as bbolt sorts them: byte by byte, unsigned, the shorter first. */
    int compare(long a, int aLength, long b, int bLength) {
        var common = Math.min(aLength, bLength);
        int i = 0;
        for (; i <= common - Long.BYTES; i += Long.BYTES) {
            var left = bigEndian(a + i);
            var right = bigEndian(b + i);
            if (left != right) {
                return Long.compareUnsigned(left, right);
            }
        }
        for (; i < common; i++) {
            var order = Byte.compareUnsigned(i8(a + i), i8(b + i));
            if (order != 0) {
                return order;
            }
        }
        return Integer.compare(aLength, bLength);
    }

    @Override
    public void close() {
        windows.close();
        try {
            channel.close();
        } catch (IOException broken) {
            // it was only read
            throw new UncheckedIOException(broken);
        }
    }
}
