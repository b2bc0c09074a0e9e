package dev.otherix.backup.monitoring;

import dev.otherix.backup.etcd.MemberStatus;
import dev.otherix.backup.job.BackupProperties;
import dev.otherix.backup.job.BackupRun;
import dev.otherix.backup.job.BackupWorker;
import dev.otherix.backup.job.Backups;
import dev.otherix.backup.job.MemberWatch;
import dev.otherix.backup.job.Outcome;
import dev.otherix.backup.job.RunFailure;
import java.time.Instant;
import java.util.Optional;

/**
 * All that health and gauges are told from, at one moment.
 *
 * @param settings the block {@code workers.backup}
 * @param directory what is in the directory; {@link DirectoryState#NONE} without one
 * @param lastAttempt the last run of this process that was not cut short by a stop of the service
 * @param plan when runs are due
 * @param running whether a run is under way
 * @param sharedDirectory why otherix-api's own worker is believed to use the directory too
 * @param member what was last seen of the member; empty before the first look
 */
record BackupState(
        BackupProperties settings,
        DirectoryState directory,
        Optional<BackupRun> lastAttempt,
        Plan plan,
        boolean running,
        Optional<String> sharedDirectory,
        Optional<MemberWatch.Sight> member) {

    /**
     * When runs are due.
     *
     * @param nextDueAt when the next snapshot should be there; empty while the periodic job is off
     * @param nextAttemptAt when a failed run is tried again; empty where none waits
     * @param overdue whether a periodic snapshot is missing for longer than can be explained
     * @param beforeFirstRun whether the first run of this process has not ended and need not have
     */
    record Plan(Optional<Instant> nextDueAt, Optional<Instant> nextAttemptAt, boolean overdue, boolean beforeFirstRun) {

        private static final Plan NONE = new Plan(Optional.empty(), Optional.empty(), false, true);
    }

    /** Looks now. */
    static BackupState of(BackupProperties settings, BackupWorker worker) {
        var parts = worker.backups();
        return new BackupState(settings,
                parts.map(Backups::directory).map(DirectoryState::read).orElse(DirectoryState.NONE),
                parts.flatMap(some -> some.history().last()).filter(run -> !cutShort(run)),
                parts.map(Backups::schedule).map(schedule -> new Plan(schedule.nextDueAt(), schedule.nextAttemptAt(),
                        schedule.overdue(), schedule.beforeFirstRun())).orElse(Plan.NONE),
                parts.flatMap(some -> some.job().running()).isPresent(), worker.sharedDirectory(), worker.watch().last());
    }

    /** Whether a run ended because the service stops, which says nothing about backups. */
    static boolean cutShort(BackupRun run) {
        return run.outcome() instanceof Outcome.Failed(RunFailure failure) && failure.code() == RunFailure.Code.SHUTTING_DOWN;
    }

    /** This state, with the files that were known before where the directory could not be read. */
    BackupState orFilesOf(BackupState before) {
        return new BackupState(settings, directory.orFilesOf(before.directory), lastAttempt, plan, running, sharedDirectory, member);
    }

    /** What the member said when it last answered. */
    Optional<MemberStatus> memberStatus() {
        return member.flatMap(MemberWatch.Sight::status);
    }

    /** Whether this alarm was raised when the member last answered. */
    boolean alarm(String name) {
        return memberStatus().filter(status -> status.alarms().contains(name)).isPresent();
    }
}
