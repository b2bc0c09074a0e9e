package dev.otherix.backup.job;

import dev.otherix.backup.snapshot.DirectoryFailure;
import dev.otherix.backup.snapshot.KnownDirectory;
import dev.otherix.backup.snapshot.Snapshot;
import dev.otherix.backup.snapshot.Trigger;
import java.util.Objects;
import java.util.Optional;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.springframework.scheduling.annotation.Scheduled;

/**
 * Reports that the directory is not the one of earlier starts, until a requested pinned snapshot confirms it as the
 * right one.
 */
public final class DirectoryWatch implements RunListener {

    private static final Logger LOG = LoggerFactory.getLogger(DirectoryWatch.class);

    private final @Nullable KnownDirectory known;
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
            noting(known::accept);
            LOG.info("this directory is accepted from now on, because a pinned snapshot was requested");
            known.unchecked().ifPresent(LOG::info);
        }
        note();
    }

    @Scheduled(fixedDelayString = "PT10S")
    void note() {
        if (known != null) {
            noting(known::note);
        }
    }

    private synchronized void noting(Runnable note) {
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
}
