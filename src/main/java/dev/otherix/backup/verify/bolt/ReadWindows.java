package dev.otherix.backup.verify.bolt;

import java.io.IOException;
import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.nio.channels.FileChannel;
import java.util.Arrays;
import org.jspecify.annotations.Nullable;

/**
 * The file, read in parts of {@value #BYTES} bytes, of which the last {@value #SLOTS} are remembered. Works if a file
 * system does not map files. A medium that fails or hangs affects only this reader.
 */
final class ReadWindows implements Windows {

    private static final int BITS = 14;
    private static final int BYTES = 1 << BITS;
    private static final int SLOTS = 32;

    private final FileChannel channel;
    private final long length;
    private final Arena arena = Arena.ofShared();
    private final @Nullable Window[] windows = new Window[SLOTS];
    private final @Nullable MemorySegment[] memory = new MemorySegment[SLOTS];
    private final long[] held = new long[SLOTS];

    ReadWindows(FileChannel channel, long length) throws IOException {
        this.channel = channel;
        this.length = length;
        Arrays.fill(held, -1);
        requireLength(channel, length);
    }

    static void requireLength(FileChannel channel, long length) throws IOException {
        if (length > channel.size()) {
            throw new IOException("the file has become shorter than " + length + " bytes");
        }
    }

    @Override
    public Window at(long at) throws IOException {
        var index = at >>> BITS;
        var slot = (int) (index & SLOTS - 1);
        var window = windows[slot];
        return window == null || held[slot] != index ? read(index, slot) : window;
    }

    private Window read(long index, int slot) throws IOException {
        var begin = index << BITS;
        var place = memory[slot];
        if (place == null) {
            place = arena.allocate(BYTES + Window.OVERLAP, Long.BYTES);
            memory[slot] = place;
        }
        // a half-read slot belongs to no part
        held[slot] = -1;
        var window = Window.of(place.asSlice(0, Math.min(BYTES + Window.OVERLAP, length - begin)), begin);
        var into = window.buffer().duplicate();
        while (into.hasRemaining()) {
            if (channel.read(into, begin + into.position()) < 0) {
                throw new IOException("the file has become shorter than " + length + " bytes");
            }
        }
        windows[slot] = window;
        held[slot] = index;
        return window;
    }

    @Override
    public boolean enter(long at, long size) {
        return false;
    }

    @Override
    public void close() {
        if (arena.scope().isAlive()) {
            arena.close();
        }
    }
}
