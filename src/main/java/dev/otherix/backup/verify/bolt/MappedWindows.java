package dev.otherix.backup.verify.bolt;

import java.io.IOException;
import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.nio.channels.FileChannel;
import org.jspecify.annotations.Nullable;

/**
 * The file, mapped read-only. Parts that have been read are unmapped from time to time, so that the process never looks
 * as large as the file: at most {@value #MOST_MAPPED} bytes of it count as resident.
 *
 * <p>If the medium fails under a mapped page, Java throws an {@link InternalError}; if it hangs, the process hangs.
 */
final class MappedWindows implements Windows {

    /**
     * How much may count as resident; {@link #enter} also allows for what the kernel maps around each page that is
     * read.
     */
    static final long MOST_MAPPED = 16L << 20;

    private static final int BLOCK_BITS = 16;
    /** A buffer holds no more than 2 GiB. */
    private static final int WINDOW_BITS = 30;

    private final FileChannel channel;
    private final long length;
    private Arena arena;
    private @Nullable Window[] windows;
    private MemorySegment mapped;
    private long lastBlock = -1;
    private long blocks;

    MappedWindows(FileChannel channel, long length) throws IOException {
        this.channel = channel;
        this.length = length;
        this.arena = Arena.ofShared();
        this.mapped = map();
        this.windows = none();
    }

    private MemorySegment map() throws IOException {
        try {
            // a mapping beyond the end would fault at the first read
            ReadWindows.requireLength(channel, length);
            return channel.map(FileChannel.MapMode.READ_ONLY, 0, length, arena);
        } catch (IOException | RuntimeException notMapped) {
            arena.close();
            throw notMapped;
        }
    }

    private @Nullable Window[] none() {
        return new Window[Math.toIntExact((length >>> WINDOW_BITS) + 1)];
    }

    @Override
    public Window at(long at) {
        var index = (int) (at >>> WINDOW_BITS);
        var window = windows[index];
        if (window == null) {
            var begin = (long) index << WINDOW_BITS;
            window = Window.of(
                    mapped.asSlice(begin, Math.min((1L << WINDOW_BITS) + Window.OVERLAP, length - begin)), begin);
            windows[index] = window;
        }
        return window;
    }

    @Override
    public boolean enter(long at, long size) throws IOException {
        var first = at >>> BLOCK_BITS;
        var last = at + Math.max(1, size) - 1 >>> BLOCK_BITS;
        blocks += last - first + (first == lastBlock ? 0 : 1);
        lastBlock = last;
        if (blocks <= MOST_MAPPED >>> BLOCK_BITS) {
            return false;
        }
        arena.close();
        arena = Arena.ofShared();
        mapped = map();
        windows = none();
        blocks = last - first + 1;
        return true;
    }

    @Override
    public void close() {
        if (arena.scope().isAlive()) {
            arena.close();
        }
    }
}
