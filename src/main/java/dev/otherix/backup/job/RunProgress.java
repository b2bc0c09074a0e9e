package dev.otherix.backup.job;

import dev.otherix.backup.task.Cancelled;
import dev.otherix.backup.task.Progress;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** How far a run is. Written by the run, readable by any thread; {@link #cancel} may come from any thread too. */
final class RunProgress {

    private final List<BackupRun.PhaseTime> times = new ArrayList<>();
    private @Nullable Thread thread;
    private @Nullable Phase phase;
    private long phaseBegan;
    private boolean cancelled;
    private final Progress shown = new Progress();

    /** How far it is, for its followers. */
    Progress shown() {
        return shown;
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
            throw new Cancelled("the run was cancelled");
        }
        leave(true);
        thread = Thread.currentThread();
        phase = next;
        shown.enter(next.word());
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
}
