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
 */
public record DrillNotes(
        @Nullable Drilled last,
        @Nullable Instant passedAt,
        @Nullable Instant since,
        @Nullable Instant triedAt,
        int tries) {

    public static final DrillNotes NOTHING = new DrillNotes(null, null, null, null, 0);

    /** With the result of a drill. */
    public DrillNotes with(Drilled result) {
        return new DrillNotes(result, result.passed() ? result.finishedAt() : passedAt, since, null, 0);
    }

    /** A scheduled drill begins. */
    public DrillNotes trying(Instant now) {
        return new DrillNotes(last, passedAt, since, now, tries + 1);
    }

    public DrillNotes since(@Nullable Instant then) {
        return new DrillNotes(last, passedAt, then, triedAt, tries);
    }
}
