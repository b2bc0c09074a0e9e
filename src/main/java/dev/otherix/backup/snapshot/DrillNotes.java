package dev.otherix.backup.snapshot;

import java.time.Instant;
import org.jspecify.annotations.Nullable;

/**
 * What is remembered of drills. The records have the results too, but a record goes with its snapshot.
 *
 * <p>A drill <i>counts</i> if it was one of the snapshot that was the newest verified one when it began, or of a copy:
 * a drill of an older snapshot says nothing about what a restore would take.
 *
 * @param last the last result, of whatever snapshot
 * @param snapshot that of the last result; null if it is not known
 * @param countedAt when a drill that counts last had a result
 * @param passedAt when a drill that counts last passed
 * @param since when there was first something to drill while drills were on
 * @param triedAt when the last scheduled drill began that has no result: it was skipped, or the process ended in it
 * @param tries how many such drills there were in a row
 * @param copies of those that take a copy; null if nothing is known
 * @param skipped the last drill without a result since one that counts had a result; one that something ended is
 *     remembered only if no other is
 */
public record DrillNotes(
        @Nullable Drilled last,
        @Nullable SnapshotName snapshot,
        @Nullable Instant countedAt,
        @Nullable Instant passedAt,
        @Nullable Instant since,
        @Nullable Instant triedAt,
        int tries,
        @Nullable CopyDrills copies,
        @Nullable DrillSkip skipped) {

    public static final DrillNotes NOTHING = new DrillNotes(null, null, null, null, null, null, 0, null, null);

    /** With the result of a requested drill that counts. */
    public DrillNotes with(SnapshotName of, Drilled result) {
        return with(of, result, ofCopies().settled());
    }

    /** With the result of a scheduled drill of a snapshot of the directory. */
    public DrillNotes withScheduled(SnapshotName of, Drilled result) {
        return with(of, result, ofCopies().one());
    }

    /** With the result of a drill of the copy in {@code target}. */
    public DrillNotes withCopy(SnapshotName of, Drilled result, Target target) {
        return with(of, result, CopyDrills.of(target));
    }

    private DrillNotes with(SnapshotName of, Drilled result, CopyDrills counted) {
        var passed = result.passed() ? result.finishedAt() : passedAt;
        return new DrillNotes(result, of, result.finishedAt(), passed, since, null, 0, counted, null);
    }

    /** With the result of a drill that does not count. */
    public DrillNotes withOther(SnapshotName of, Drilled result) {
        return new DrillNotes(result, of, countedAt, passedAt, since, triedAt, tries, copies, skipped);
    }

    /** A drill that would count has no result. */
    public DrillNotes with(DrillSkip skip) {
        var kept = skip.ended() && skipped != null && !skipped.ended() ? skipped : skip;
        return new DrillNotes(last, snapshot, countedAt, passedAt, since, triedAt, tries, copies, kept);
    }

    /** The copy that was to be drilled cannot be had. */
    public DrillNotes missingCopy() {
        return new DrillNotes(
                last,
                snapshot,
                countedAt,
                passedAt,
                since,
                triedAt,
                tries,
                ofCopies().miss(),
                skipped);
    }

    /** What is known of drills that take a copy. */
    public CopyDrills ofCopies() {
        return copies == null ? CopyDrills.NONE : copies;
    }

    /** A scheduled drill begins. */
    public DrillNotes trying(Instant now) {
        return new DrillNotes(last, snapshot, countedAt, passedAt, since, now, tries + 1, copies, skipped);
    }

    public DrillNotes since(@Nullable Instant then) {
        return new DrillNotes(last, snapshot, countedAt, passedAt, then, triedAt, tries, copies, skipped);
    }

    /**
     * Times later than {@code now} are those of a clock that was ahead: they are not known, and all counts from now.
     */
    public DrillNotes asOf(Instant now) {
        return isLater(since, now) || isLater(countedAt, now) || isLater(passedAt, now)
                ? new DrillNotes(
                        last,
                        snapshot,
                        isLater(countedAt, now) ? null : countedAt,
                        isLater(passedAt, now) ? null : passedAt,
                        since == null ? null : now,
                        triedAt,
                        tries,
                        copies,
                        skipped)
                : this;
    }

    private static boolean isLater(@Nullable Instant time, Instant now) {
        return time != null && time.isAfter(now);
    }
}
