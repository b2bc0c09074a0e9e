package dev.otherix.backup.job;

import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** How far a run is. Written by the run, readable by any thread; {@link #cancel} may come from any thread too. */
public final class RunProgress {

    private final List<BackupRun.PhaseTime> times = new ArrayList<>();
    private @Nullable Thread thread;
    private @Nullable Phase phase;
    private long phaseBegan;
    private boolean cancelled;
    private volatile long bytes;
    private volatile long expectedBytes;

    /** Where the run is, null before it began. */
    public synchronized @Nullable Phase phase() {
        return phase;
    }

    /** Bytes streamed so far. */
    public long bytes() {
        return bytes;
    }

    /** Bytes that the member announced, 0 before it did. */
    public long expectedBytes() {
        return expectedBytes;
    }

    synchronized boolean cancelled() {
        return cancelled;
    }

    /** Ends the run by an interrupt, unless it already gives the file its name. */
    synchronized void cancel() {
        if (phase == null || phase.compareTo(Phase.COMMIT) < 0) {
            cancelled = true;
            if (thread != null) {
                thread.interrupt();
            }
        }
    }

    /** Enters the next phase; refuses where the run was cancelled before the commit. */
    synchronized void enter(Phase next) {
        if (cancelled) {
            throw new Cancelled();
        }
        leave(true);
        thread = Thread.currentThread();
        phase = next;
        phaseBegan = System.nanoTime();
    }

    /** Leaves the last phase. */
    synchronized List<BackupRun.PhaseTime> end(boolean succeeded) {
        leave(succeeded);
        thread = null;
        return List.copyOf(times);
    }

    private void leave(boolean succeeded) {
        if (phase != null && thread != null) {
            times.add(new BackupRun.PhaseTime(phase, succeeded, Duration.ofNanos(System.nanoTime() - phaseBegan)));
        }
    }

    void expect(long bytes) {
        expectedBytes = bytes;
    }

    void reached(long bytes) {
        this.bytes = bytes;
    }

    /** The run was cancelled between two phases. */
    static final class Cancelled extends RuntimeException {

        Cancelled() {
            super("the run was cancelled");
        }
    }
}
