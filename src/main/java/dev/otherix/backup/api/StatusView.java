package dev.otherix.backup.api;

import dev.otherix.backup.access.Problem;
import dev.otherix.backup.snapshot.Drilled;
import dev.otherix.backup.snapshot.MemberFacts;
import dev.otherix.backup.snapshot.Restorable;
import dev.otherix.backup.snapshot.Snapshot;
import dev.otherix.backup.snapshot.SnapshotName;
import dev.otherix.backup.snapshot.Target;
import dev.otherix.backup.snapshot.Trigger;
import java.time.Instant;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * Whether backups run, in one answer; unknown values are null.
 *
 * @param enabled whether the periodic job is on
 * @param interval as Go writes durations
 * @param dir null if none is configured
 * @param retention newest scheduled snapshots kept, 0 = all
 * @param lastSuccess the newest verified linearizable snapshot in the directory
 * @param lastAttempt the last run, however it ended, also one before a restart
 * @param nextDueAt when the next periodic snapshot is due
 * @param nextAttemptAt when a failed one is retried
 * @param running the id of the running task
 * @param restorable which moments the snapshots in the directory can give back
 * @param drill the last drill that had a result, when the next is due, and why there is none
 * @param offsite each target of off-site copies; none if they are off
 * @param caller who asks
 */
record StatusView(
        boolean enabled,
        String interval,
        @Nullable String dir,
        int retention,
        @Nullable Snapshot lastSuccess,
        @Nullable Attempt lastAttempt,
        @Nullable Instant nextDueAt,
        @Nullable Instant nextAttemptAt,
        boolean overdue,
        @Nullable String running,
        Etcd etcd,
        Directory directory,
        Restorable restorable,
        Drill drill,
        List<Offsite> offsite,
        @Nullable Caller caller) {

    /**
     * The token of the request.
     *
     * @param scope read, operate or admin
     */
    record Caller(String name, String scope) {}

    /**
     * Drills.
     *
     * @param enabled whether the schedule is on
     * @param last the last result of whatever snapshot, as in its record
     * @param snapshot that of the last result
     * @param nextDueAt not moved by retries; null if drills are off, or if there is nothing to drill
     * @param missingAfter from when on a drill is missing: three intervals after the last of the newest snapshot, or of
     *     a copy, that passed; null like {@code nextDueAt}
     * @param skipped the last drill without a result since then
     */
    record Drill(
            boolean enabled,
            @Nullable Drilled last,
            @Nullable SnapshotName snapshot,
            @Nullable Instant nextDueAt,
            @Nullable Instant missingAfter,
            @Nullable Skipped skipped) {}

    /** A drill without a result. */
    record Skipped(Instant at, String reason) {}

    /**
     * One target of off-site copies.
     *
     * @param lastSuccessAt when the newest snapshot was taken that has a proven copy there
     * @param pending how many snapshots wait for their copy
     * @param error why the last try failed; null if it did not
     */
    record Offsite(
            Target target,
            @Nullable Instant lastSuccessAt,
            int pending,
            @Nullable String error) {}

    /** @param outcome success, local or failure */
    record Attempt(
            Instant startedAt,
            Trigger trigger,
            String outcome,
            @Nullable Problem error) {}

    /**
     * The last observation of the member, at most seconds old while it is reachable.
     *
     * @param reachable whether it answered when last asked; the other fields are from its last answer
     */
    record Etcd(
            boolean reachable,
            @Nullable String version,
            @Nullable String memberId,
            MemberFacts.@Nullable Role role,
            @Nullable Long dbSizeBytes,
            @Nullable List<String> alarms) {

        static final Etcd UNKNOWN = new Etcd(false, null, null, null, null, null);
    }

    /**
     * The snapshots' directory.
     *
     * @param writable also false if it is gone or replaced @param requiredBytes free space that a run needs: the
     *     member's database and the reserve @param shared whether otherix-api's own worker seems to use it
     */
    record Directory(
            boolean writable,
            @Nullable Long freeBytes,
            @Nullable Long requiredBytes,
            boolean shared) {}
}
