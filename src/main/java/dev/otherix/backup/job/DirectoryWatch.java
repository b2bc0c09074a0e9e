package dev.otherix.backup.job;

import dev.otherix.backup.snapshot.DirectoryFailure;
import dev.otherix.backup.snapshot.KnownDirectory;
import dev.otherix.backup.snapshot.Snapshot;
import dev.otherix.backup.snapshot.Trigger;
import java.time.Duration;
import java.util.Objects;
import java.util.Optional;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.springframework.scheduling.annotation.Scheduled;

/**
 * Reports that the directory is not the one of earlier starts, until a requested pinned snapshot confirms it as the
 * right one. Notes which it is on a separate thread: the disk of the notes may hang, and no run waits long for it.
 */
public final class DirectoryWatch implements RunListener, AutoCloseable {

    private static final Logger LOG = LoggerFactory.getLogger(DirectoryWatch.class);

    private static final Duration LONGEST_NOTE = Duration.ofSeconds(2);

    private final @Nullable KnownDirectory known;
    private final ExecutorService thread = Executors.newSingleThreadExecutor(
            Thread.ofPlatform().daemon().name("directory-notes").factory());
    private @Nullable Future<?> underWay;
    private @Nullable String problem;

    /** @param known null if no directory is configured */
    DirectoryWatch(@Nullable KnownDirectory known) {
        this.known = known;
        if (known != null) {
            known.remarks().forEach(LOG::warn);
            known.unchecked().ifPresent(LOG::info);
            known.gone().ifPresent(LOG::error);
        }
    }

    /** Why the directory is not the one that was there before; empty if it is, as far as known. */
    public Optional<String> gone() {
        return known == null ? Optional.empty() : known.gone();
    }

    /** Whether it held snapshots at the start that may belong to another service. */
    boolean maybeOthers() {
        return known != null && known.maybeOthers();
    }

    @Override
    public void ended(BackupRun run) {
        var decided = run.trigger() == Trigger.REQUEST
                && run.outcome() instanceof Outcome.Saved(Snapshot saved)
                && saved.pinned();
        if (known != null && decided && known.gone().isPresent()) {
            await(begin(() -> accept(known)));
            LOG.info("this directory is accepted from now on, because a pinned snapshot was requested");
        }
        note();
    }

    private static void accept(KnownDirectory known) {
        known.accept();
        known.unchecked().ifPresent(LOG::info);
    }

    @Scheduled(fixedDelayString = "PT10S")
    void note() {
        if (known != null) {
            beginUnlessUnderWay(known::note).ifPresent(this::await);
        }
    }

    /** One thread that waits for a disk that hangs is enough. */
    private synchronized Optional<Future<?>> beginUnlessUnderWay(Runnable note) {
        return underWay != null && !underWay.isDone() ? Optional.empty() : Optional.of(begin(note));
    }

    private synchronized Future<?> begin(Runnable note) {
        var begun = thread.submit(() -> noting(note));
        underWay = begun;
        return begun;
    }

    private void await(Future<?> note) {
        try {
            note.get(LONGEST_NOTE.toMillis(), TimeUnit.MILLISECONDS);
        } catch (TimeoutException hangs) {
            LOG.warn(
                    "the service's own directory (where api.token_file is) has not answered for {} s, so the service cannot"
                            + " record which directory holds the snapshots; check its disk. Backups continue",
                    LONGEST_NOTE.toSeconds());
        } catch (ExecutionException broken) {
            throw new IllegalStateException(broken.getCause());
        } catch (InterruptedException stopping) {
            Thread.currentThread().interrupt();
        }
    }

    private void noting(Runnable note) {
        try {
            note.run();
            problem = null;
        } catch (DirectoryFailure failure) {
            if (!Objects.equals(problem, failure.getMessage())) {
                LOG.warn(
                        "{}; the next start cannot check whether the volume of the snapshots is missing",
                        failure.getMessage());
            }
            problem = failure.getMessage();
        }
    }

    @Override
    public void close() {
        thread.shutdownNow();
    }
}
