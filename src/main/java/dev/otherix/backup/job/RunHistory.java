package dev.otherix.backup.job;

import dev.otherix.backup.snapshot.LastRun;
import dev.otherix.backup.snapshot.NotedMarks;
import dev.otherix.backup.snapshot.Remembered;
import dev.otherix.backup.snapshot.SnapshotDirectory;
import dev.otherix.backup.snapshot.StateNotes;
import java.time.Clock;
import java.util.Optional;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Remembers how the last run ended, also across a restart. A run that a stop of the service cut short does not count.
 */
final class RunHistory implements RunListener {

    private static final Logger LOG = LoggerFactory.getLogger(RunHistory.class);

    private final @Nullable NotedMarks marks;
    private final StateNotes notes;
    private volatile @Nullable LastRun last;

    /** @param notes hold what an earlier process noted */
    RunHistory(StateNotes notes) {
        var before = notes.now();
        this.last = before.lastRun();
        this.marks = before.noted();
        this.notes = notes;
    }

    /** @param known whether the directory is the one of earlier starts, so that its notes are of this service */
    static StateNotes notes(SnapshotDirectory directory, boolean known) {
        var before = before(directory);
        return new StateNotes(
                directory.state(),
                // an upload that was left open is to be aborted whoever began it
                known ? before : before.ofCopies(),
                new NotesLog());
    }

    /** What an earlier process noted; without its last run if the directory shows a later success. */
    private static Remembered before(SnapshotDirectory directory) {
        try {
            var noted = directory.state().read();
            return noted.lastRun() == null || stillCounts(noted.lastRun(), directory) ? noted : noted.withoutRun();
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
        return new Timeline(marks, noted -> notes.note(before -> before.with(noted)), clock);
    }

    @Override
    public void ended(BackupRun run) {
        if (!BackupStatus.cutShort(run)) {
            var ended = run.remembered();
            last = ended;
            notes.note(before -> before.with(ended));
        }
    }

    /** The last run, of this process or of an earlier one; empty if none is known. */
    public Optional<LastRun> last() {
        return Optional.ofNullable(last);
    }
}
