package dev.otherix.backup.job;

import dev.otherix.backup.snapshot.LastRun;
import dev.otherix.backup.snapshot.NotedMarks;
import dev.otherix.backup.snapshot.Remembered;
import dev.otherix.backup.snapshot.SnapshotDirectory;
import java.time.Clock;
import java.util.Optional;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Remembers how the last run ended, also across a restart. A run that a stop of the service cut short does not count.
 */
final class RunHistory implements RunListener, AutoCloseable {

    private static final Logger LOG = LoggerFactory.getLogger(RunHistory.class);

    private final @Nullable NotedMarks marks;
    private final RunNotes notes;
    private volatile @Nullable LastRun last;

    private RunHistory(Remembered before, RunNotes notes) {
        this.last = before.lastRun();
        this.marks = before.noted();
        this.notes = notes;
    }

    /** @param known whether the directory is the one of earlier starts, so that its notes are of this service */
    static RunHistory of(SnapshotDirectory directory, boolean known) {
        var before = known ? before(directory) : Remembered.NOTHING;
        return new RunHistory(before, new RunNotes(directory.state(), before));
    }

    /** What an earlier process noted; without its last run if the directory shows a later success. */
    private static Remembered before(SnapshotDirectory directory) {
        try {
            var noted = directory.state().read();
            return noted.lastRun() == null || stillCounts(noted.lastRun(), directory)
                    ? noted
                    : new Remembered(null, noted.noted());
        } catch (RuntimeException unreadable) {
            LOG.warn("cannot read how the last run before this start ended: {}", unreadable.getMessage());
            return Remembered.NOTHING;
        }
    }

    private static boolean stillCounts(LastRun noted, SnapshotDirectory directory) {
        return directory
                .newestFirst()
                .filter(snapshot -> snapshot.verified() && !snapshot.local())
                .findFirst()
                .filter(good -> good.createdAt().isAfter(noted.finishedAt()))
                .isEmpty();
    }

    /** The marks of time, noted in the same file; they begin with those of an earlier process. */
    Timeline timeline(Clock clock) {
        return new Timeline(marks, notes::note, clock);
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
