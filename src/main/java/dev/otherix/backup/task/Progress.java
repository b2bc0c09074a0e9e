package dev.otherix.backup.task;

import org.jspecify.annotations.Nullable;

/** How far a piece of work is. Written by the thread that does it, readable by any thread. */
public final class Progress {

    private volatile @Nullable String phase;
    private volatile long bytes;
    private volatile long expectedBytes;

    /** The word of the phase that it is in; null before it has begun. */
    public @Nullable String phase() {
        return phase;
    }

    /** Bytes done so far. */
    public long bytes() {
        return bytes;
    }

    /** Bytes to do in all; 0 while that is not known. */
    public long expectedBytes() {
        return expectedBytes;
    }

    /** Enters the phase with this word. */
    public void enter(String next) {
        phase = next;
    }

    /** Says how many bytes there are to do. */
    public void expect(long all) {
        expectedBytes = all;
    }

    /** Says how many bytes are done. */
    public void reached(long done) {
        bytes = done;
    }
}
