package dev.otherix.backup.snapshot;

import java.time.Instant;
import org.jspecify.annotations.Nullable;

/**
 * What is remembered of drills. The records have the results too, but a record goes with its snapshot.
 *
 * @param last the last result, of whatever snapshot
 * @param passedAt when a drill last passed
 * @param since when there was first something to drill while drills were on
 * @param triedAt when the last scheduled drill began that has no result: it was skipped, or the process ended in it
 * @param tries how many such drills there were in a row
 * @param copies of those that take a copy; null if nothing is known
 */
public record DrillNotes(
        @Nullable Drilled last,
        @Nullable Instant passedAt,
        @Nullable Instant since,
        @Nullable Instant triedAt,
        int tries,
        @Nullable CopyDrills copies) {

    public static final DrillNotes NOTHING = new DrillNotes(null, null, null, null, 0, null);

    /** With the result of a drill that nobody counts. */
    public DrillNotes with(Drilled result) {
        return with(result, ofCopies().settled());
    }

    /** With the result of a scheduled drill of a snapshot of the directory. */
    public DrillNotes withScheduled(Drilled result) {
        return with(result, ofCopies().one());
    }

    /** With the result of a drill of the copy in {@code target}. */
    public DrillNotes withCopy(Drilled result, Target target) {
        return with(result, CopyDrills.of(target));
    }

    private DrillNotes with(Drilled result, CopyDrills counted) {
        return new DrillNotes(result, result.passed() ? result.finishedAt() : passedAt, since, null, 0, counted);
    }

    /** The copy that was to be drilled cannot be had. */
    public DrillNotes missingCopy() {
        return new DrillNotes(last, passedAt, since, triedAt, tries, ofCopies().miss());
    }

    /** What is known of drills that take a copy. */
    public CopyDrills ofCopies() {
        return copies == null ? CopyDrills.NONE : copies;
    }

    /** A scheduled drill begins. */
    public DrillNotes trying(Instant now) {
        return new DrillNotes(last, passedAt, since, now, tries + 1, copies);
    }

    public DrillNotes since(@Nullable Instant then) {
        return new DrillNotes(last, passedAt, then, triedAt, tries, copies);
    }
}
