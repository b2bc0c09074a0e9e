package dev.otherix.backup.job;

import dev.otherix.backup.task.Cancelled;
import dev.otherix.backup.task.Progress;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.locks.ReentrantLock;
import org.jspecify.annotations.Nullable;

/** The progress of a run. Written by the run, readable by any thread; any thread may {@link #cancel} it. */
final class RunProgress {

    private final ReentrantLock lock = new ReentrantLock();
    private final List<BackupRun.PhaseTime> times = new ArrayList<>();
    private @Nullable Thread thread;
    private @Nullable Phase phase;
    private long phaseBegan;
    private boolean cancelled;
    private final Progress shown = new Progress();

    /** The progress, for its followers. */
    Progress shown() {
        return shown;
    }

    boolean cancelled() {
        lock.lock();
        try {
            return cancelled;
        } finally {
            lock.unlock();
        }
    }

    /**
     * Ends the run by an interrupt, unless it is already giving the file its name. If the run waits for the disk, this
     * may return only when the disk answers.
     */
    void cancel() {
        lock.lock();
        try {
            if (phase == null || phase.compareTo(Phase.COMMIT) < 0) {
                cancelled = true;
                if (thread != null) {
                    thread.interrupt();
                }
            }
        } finally {
            lock.unlock();
        }
    }

    /**
     * Ends the run in this phase, as failed, without its thread. Returns the phases so far; none if a cancel waits for
     * the disk.
     */
    List<BackupRun.PhaseTime> abandon() {
        if (!lock.tryLock()) {
            return List.of();
        }
        try {
            cancelled = true;
            leave(false);
            thread = null;
            return List.copyOf(times);
        } finally {
            lock.unlock();
        }
    }

    /** Enters the next phase; refuses if the run was cancelled before the commit, or abandoned. */
    void enter(Phase next) {
        lock.lock();
        try {
            if (cancelled) {
                throw new Cancelled("the run was cancelled");
            }
            leave(true);
            thread = Thread.currentThread();
            phase = next;
            shown.enter(next.word());
            phaseBegan = System.nanoTime();
        } finally {
            lock.unlock();
        }
    }

    /** Leaves the last phase. */
    List<BackupRun.PhaseTime> end(boolean succeeded) {
        lock.lock();
        try {
            leave(succeeded);
            thread = null;
            return List.copyOf(times);
        } finally {
            lock.unlock();
        }
    }

    private void leave(boolean succeeded) {
        if (phase != null && thread != null) {
            times.add(new BackupRun.PhaseTime(phase, succeeded, Duration.ofNanos(System.nanoTime() - phaseBegan)));
        }
    }
}
