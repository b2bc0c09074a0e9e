package dev.otherix.backup.verify;

import dev.otherix.backup.verify.bolt.BoltFile;
import java.lang.foreign.MemorySegment;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.util.zip.CRC32C;

/** CRC-32C over pieces of a mapped file of any size: both of etcd's hashes are one. */
final class FileCrc {

    private static final int WINDOW_BITS = 30;
    private static final long WINDOW = 1L << WINDOW_BITS;

    private final CRC32C crc = new CRC32C();
    private final BoltFile file;
    private MemorySegment bytes;
    private ByteBuffer[] windows;

    FileCrc(BoltFile file) {
        this.file = file;
        this.bytes = file.bytes();
        this.windows = windows(bytes);
    }

    private static ByteBuffer[] windows(MemorySegment bytes) {
        var windows = new ByteBuffer[Math.toIntExact((bytes.byteSize() + WINDOW - 1) >>> WINDOW_BITS)];
        for (int i = 0; i < windows.length; i++) {
            long from = (long) i << WINDOW_BITS;
            windows[i] = bytes.asSlice(from, Math.min(WINDOW, bytes.byteSize() - from)).asByteBuffer();
        }
        return windows;
    }

    void add(String text) {
        crc.update(text.getBytes(StandardCharsets.UTF_8));
    }

    void add(long from, long length) {
        if (bytes != file.bytes()) {
            // the walk has mapped the file anew
            bytes = file.bytes();
            windows = windows(bytes);
        }
        long at = from;
        long left = length;
        while (left > 0) {
            var window = windows[(int) (at >>> WINDOW_BITS)];
            int start = (int) (at & (WINDOW - 1));
            int part = (int) Math.min(left, window.capacity() - start);
            window.limit(start + part).position(start);
            crc.update(window);
            at += part;
            left -= part;
        }
    }

    /** Unsigned 32 bits. */
    long value() {
        return crc.getValue();
    }
}
