package dev.otherix.backup.job;

import dev.otherix.backup.snapshot.DirectoryFailure;
import dev.otherix.backup.snapshot.LastRun;
import dev.otherix.backup.snapshot.StateFile;
import java.time.Duration;
import java.util.concurrent.ScheduledThreadPoolExecutor;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicReference;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Records how the last run ended, so that the next process can read it. This has its own thread: if the disk hangs,
 * neither the run nor the thread that abandons the run waits for it. If several runs wait to be recorded, only the last
 * one is.
 */
final class RunNotes implements AutoCloseable {

    private static final Logger LOG = LoggerFactory.getLogger(RunNotes.class);

    /** A part of the time that a stop may take; writing takes milliseconds. */
    private static final Duration LONGEST_STOP = Duration.ofSeconds(1);

    private static final Duration RETRY_AFTER = Duration.ofSeconds(10);

    private final StateFile file;
    private final Duration retryAfter;
    private final ScheduledThreadPoolExecutor thread = new ScheduledThreadPoolExecutor(
            1, Thread.ofPlatform().daemon().name("run-notes").factory());
    private final AtomicReference<@Nullable LastRun> next = new AtomicReference<>();
    private boolean refused;

    RunNotes(StateFile file) {
        this(file, RETRY_AFTER);
    }

    /** @param retryAfter the time between a failed write and the next try */
    RunNotes(StateFile file, Duration retryAfter) {
        this.file = file;
        this.retryAfter = retryAfter;
        // a stop does not wait for the next try
        thread.setExecuteExistingDelayedTasksAfterShutdownPolicy(false);
    }

    void note(LastRun run) {
        next.set(run);
        // a late retry would find nothing left to write
        thread.execute(this::write);
    }

    private void write() {
        var run = next.getAndSet(null);
        if (run == null) {
            return;
        }
        try {
            file.write(run);
            refused = false;
        } catch (DirectoryFailure failure) {
            if (!refused) {
                LOG.warn(
                        "cannot record how the last run ended: {}; until that works, a restart does not know it. The run"
                                + " itself is not affected",
                        failure.getMessage());
            }
            refused = true;
            retry(run);
        } catch (RuntimeException | Error unforeseen) {
            LOG.error("recording how the last run ended failed unexpectedly", unforeseen);
        }
    }

    /** A run that could not be recorded is still the last one when the disk answers, unless a later run replaces it. */
    private void retry(LastRun run) {
        if (next.compareAndSet(null, run) && !thread.isShutdown()) {
            var _ = thread.schedule(this::write, retryAfter.toMillis(), TimeUnit.MILLISECONDS);
        }
    }

    @Override
    public void close() {
        thread.shutdown();
        try {
            if (!thread.awaitTermination(LONGEST_STOP.toMillis(), TimeUnit.MILLISECONDS)) {
                LOG.warn(
                        "{} was not written within {} s, so the next start does not know how the last run ended",
                        file.path(),
                        LONGEST_STOP.toSeconds());
            }
        } catch (InterruptedException hurried) {
            Thread.currentThread().interrupt();
        }
    }
}
