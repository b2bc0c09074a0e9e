package dev.otherix.backup.task;

import org.jspecify.annotations.Nullable;

/** The progress of a piece of work. Written by the thread that does it, readable by any thread. */
public final class Progress {

    private volatile @Nullable String phase;
    private volatile long bytes;
    private volatile long expectedBytes;

    /** The word of its phase; null before it has started. */
    public @Nullable String phase() {
        return phase;
    }

    /** Bytes done so far. */
    public long bytes() {
        return bytes;
    }

    /** Total bytes; 0 while that is not known. */
    public long expectedBytes() {
        return expectedBytes;
    }

    /** Enters the phase with this word. */
    public void enter(String next) {
        phase = next;
    }

    /** Sets the total number of bytes. */
    public void expect(long all) {
        expectedBytes = all;
    }

    /** Sets the number of bytes done. */
    public void reached(long done) {
        bytes = done;
    }
}
