package dev.otherix.backup.job;

import dev.otherix.backup.snapshot.DirectoryFailure;
import dev.otherix.backup.snapshot.LastRun;
import dev.otherix.backup.snapshot.NotedMarks;
import dev.otherix.backup.snapshot.Remembered;
import dev.otherix.backup.snapshot.StateFile;
import java.time.Duration;
import java.util.Objects;
import java.util.concurrent.RejectedExecutionException;
import java.util.concurrent.ScheduledThreadPoolExecutor;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicReference;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Records how the last run ended and the marks of time, so that the next process can read them. This has its own
 * thread: if the disk hangs, no other thread waits for it. If several wait to be recorded, only the last one is.
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
    private final AtomicReference<Remembered> latest;
    private final AtomicBoolean due = new AtomicBoolean();
    private boolean refused;

    /** @param before what is in the file, as far as it still counts */
    RunNotes(StateFile file, Remembered before) {
        this(file, before, RETRY_AFTER);
    }

    /** @param retryAfter the time between a failed write and the next try */
    RunNotes(StateFile file, Remembered before, Duration retryAfter) {
        this.file = file;
        this.latest = new AtomicReference<>(before);
        this.retryAfter = retryAfter;
        // a stop does not wait for the next try
        thread.setExecuteExistingDelayedTasksAfterShutdownPolicy(false);
    }

    void note(LastRun run) {
        latest.updateAndGet(before -> before.with(run));
        writeSoon();
    }

    void note(NotedMarks marks) {
        latest.updateAndGet(before -> before.with(marks));
        writeSoon();
    }

    private void writeSoon() {
        due.set(true);
        try {
            // a late retry would find nothing left to write
            thread.execute(this::write);
        } catch (RejectedExecutionException stopped) {
            LOG.debug("no more is noted: the service is stopping", stopped);
        }
    }

    private void write() {
        if (!due.getAndSet(false)) {
            return;
        }
        try {
            file.write(Objects.requireNonNull(latest.get()));
            refused = false;
        } catch (DirectoryFailure failure) {
            if (!refused) {
                LOG.warn(
                        "cannot record how the last run ended: {}; until that works, a restart knows neither that nor"
                                + " the marks of time since the newest snapshot. The run itself is not affected",
                        failure.getMessage());
            }
            refused = true;
            retry();
        } catch (RuntimeException | Error unforeseen) {
            LOG.error("recording how the last run ended failed unexpectedly", unforeseen);
        }
    }

    /** What could not be recorded still counts when the disk answers, unless a later note replaces it. */
    private void retry() {
        if (!due.getAndSet(true) && !thread.isShutdown()) {
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
