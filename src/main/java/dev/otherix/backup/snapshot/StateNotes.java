package dev.otherix.backup.snapshot;

import java.time.Duration;
import java.util.Objects;
import java.util.Optional;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.RejectedExecutionException;
import java.util.concurrent.ScheduledThreadPoolExecutor;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicReference;
import java.util.function.UnaryOperator;

/**
 * The only writer of the {@link StateFile}. This has its own thread: if the disk hangs, no other thread waits for it
 * longer than it wants to. If several notes wait to be written, they are written together. What could not be written is
 * tried again until it is.
 *
 * <p>Safe for use by several threads.
 */
public final class StateNotes implements AutoCloseable {

    /** A part of the time that a stop may take; writing takes milliseconds. */
    private static final Duration LONGEST_STOP = Duration.ofSeconds(1);

    private static final Duration LONGEST_WAIT = Duration.ofSeconds(10);
    private static final Duration RETRY_AFTER = Duration.ofSeconds(10);

    private final StateFile file;
    private final Trouble trouble;
    private final Duration retryAfter;
    private final ScheduledThreadPoolExecutor thread = new ScheduledThreadPoolExecutor(
            1, Thread.ofPlatform().daemon().name("state-notes").factory());
    private final AtomicReference<Remembered> latest;
    private final AtomicBoolean due = new AtomicBoolean();
    private boolean refused;

    /** @param before what is in the file, as far as it still counts */
    public StateNotes(StateFile file, Remembered before, Trouble trouble) {
        this(file, before, trouble, RETRY_AFTER);
    }

    /** @param retryAfter the time between a failed write and the next try */
    public StateNotes(StateFile file, Remembered before, Trouble trouble, Duration retryAfter) {
        this.file = file;
        this.latest = new AtomicReference<>(before);
        this.trouble = trouble;
        this.retryAfter = retryAfter;
        // a stop does not wait for the next try
        thread.setExecuteExistingDelayedTasksAfterShutdownPolicy(false);
    }

    /** Gets what an operator should know. */
    public interface Trouble {

        /** It could not be written, for the first time since it was written. */
        void refused(DirectoryFailure why);

        void unforeseen(Throwable why);

        /** A stop did not wait for it any longer. */
        void late(StateFile file, Duration limit);
    }

    /** What is known now, written or not. */
    public Remembered now() {
        return Objects.requireNonNull(latest.get());
    }

    /** Changes what is known, and has it written soon. */
    public void note(UnaryOperator<Remembered> change) {
        latest.updateAndGet(change);
        due.set(true);
        try {
            // a late retry would find nothing left to write
            thread.execute(this::write);
        } catch (RejectedExecutionException stopped) {
            // no more is noted: the service is stopping
        }
    }

    /**
     * Changes what is known, and returns when it is written and synced.
     *
     * @throws DirectoryFailure if it is not written now; it is tried again
     * @throws InterruptedException if the thread was interrupted
     */
    public void noteNow(UnaryOperator<Remembered> change) throws InterruptedException {
        latest.updateAndGet(change);
        due.set(true);
        try {
            var failure = thread.submit(this::write).get(LONGEST_WAIT.toMillis(), TimeUnit.MILLISECONDS);
            if (failure.isPresent()) {
                throw failure.get();
            }
        } catch (TimeoutException | RejectedExecutionException hangsOrStops) {
            throw file.late(LONGEST_WAIT);
        } catch (ExecutionException impossible) {
            throw new IllegalStateException(impossible);
        }
    }

    /** Empty if there is nothing left to write. */
    private Optional<DirectoryFailure> write() {
        if (!due.getAndSet(false)) {
            return Optional.empty();
        }
        try {
            file.write(now());
            refused = false;
            return Optional.empty();
        } catch (DirectoryFailure failure) {
            if (!refused) {
                trouble.refused(failure);
            }
            refused = true;
            retry();
            return Optional.of(failure);
        } catch (RuntimeException | Error unforeseen) {
            trouble.unforeseen(unforeseen);
            throw unforeseen;
        }
    }

    /** What could not be written still counts when the disk answers, unless a later note replaces it. */
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
                trouble.late(file, LONGEST_STOP);
            }
        } catch (InterruptedException hurried) {
            Thread.currentThread().interrupt();
        }
    }
}
