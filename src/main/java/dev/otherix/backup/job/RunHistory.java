package dev.otherix.backup.job;

import dev.otherix.backup.snapshot.LastRun;
import dev.otherix.backup.snapshot.SnapshotDirectory;
import java.util.Optional;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Remembers how the last run ended, also across a restart. A run that a stop of the service cut short does not count.
 */
final class RunHistory implements RunListener, AutoCloseable {

    private static final Logger LOG = LoggerFactory.getLogger(RunHistory.class);

    private final RunNotes notes;
    private volatile @Nullable LastRun last;

    private RunHistory(@Nullable LastRun before, RunNotes notes) {
        this.last = before;
        this.notes = notes;
    }

    /** @param known whether the directory is the one of earlier starts, so that its notes are of this service */
    static RunHistory of(SnapshotDirectory directory, boolean known) {
        return new RunHistory(known ? before(directory).orElse(null) : null, new RunNotes(directory.state()));
    }

    /** The record of an earlier process, unless the directory shows a later success. */
    private static Optional<LastRun> before(SnapshotDirectory directory) {
        try {
            return directory
                    .state()
                    .lastRun()
                    .filter(noted -> directory
                            .newestFirst()
                            .filter(snapshot -> snapshot.verified() && !snapshot.local())
                            .findFirst()
                            .filter(good -> good.createdAt().isAfter(noted.finishedAt()))
                            .isEmpty());
        } catch (RuntimeException unreadable) {
            LOG.warn("cannot read how the last run before this start ended: {}", unreadable.getMessage());
            return Optional.empty();
        }
    }

    @Override
    public void ended(BackupRun run) {
        if (!BackupStatus.cutShort(run)) {
            var ended = run.remembered();
            last = ended;
            notes.note(ended);
        }
    }

    /** The last run, of this process or of an earlier one; empty if none is known. */
    public Optional<LastRun> last() {
        return Optional.ofNullable(last);
    }

    @Override
    public void close() {
        notes.close();
    }
}
