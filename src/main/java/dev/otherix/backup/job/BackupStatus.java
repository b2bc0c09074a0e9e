package dev.otherix.backup.job;

import dev.otherix.backup.etcd.MemberStatus;
import dev.otherix.backup.etcd.MemberWatch;
import dev.otherix.backup.snapshot.LastRun;
import dev.otherix.backup.task.TaskFailure;
import java.time.Instant;
import java.util.Optional;

/**
 * Whether backups run, at one moment. Health, metrics and {@code GET /v1/status} all show this state.
 *
 * @param settings the block {@code workers.backup}
 * @param directory the content of the directory; {@link DirectoryStatus#NONE} without one
 * @param lastAttempt the last run, of this process or an earlier one, that was not cut short by a stop of the service
 * @param plan when runs are due
 * @param runningTask the id of the task of the current run
 * @param sharedDirectory why otherix-api's own worker seems to use the directory too
 * @param member the last observation of the member; empty before the first one
 */
public record BackupStatus(
        BackupProperties settings,
        DirectoryStatus directory,
        Optional<LastRun> lastAttempt,
        Plan plan,
        Optional<String> runningTask,
        Optional<String> sharedDirectory,
        Optional<MemberWatch.Sight> member) {

    /**
     * When runs are due.
     *
     * @param nextDueAt when the next snapshot is due; empty while the periodic job is off
     * @param nextAttemptAt when a failed run is retried; empty if no retry is planned
     * @param overdue whether a periodic snapshot has been missing for longer than a run and its retries explain
     * @param beforeFirstRun whether the first run of this process has not ended yet, and is not late
     */
    public record Plan(
            Optional<Instant> nextDueAt, Optional<Instant> nextAttemptAt, boolean overdue, boolean beforeFirstRun) {

        static final Plan NONE = new Plan(Optional.empty(), Optional.empty(), false, true);
    }

    /** Whether a run ended because the service is stopping, which is not a failure of backups. */
    public static boolean cutShort(BackupRun run) {
        return run.outcome() instanceof Outcome.Failed(TaskFailure failure)
                && failure.code() == TaskFailure.Code.SHUTTING_DOWN;
    }

    /** This state, of a directory that does not answer. */
    BackupStatus hanging(Reason why) {
        return new BackupStatus(
                settings, directory.hanging(why), lastAttempt, plan, runningTask, sharedDirectory, member);
    }

    /** This state, with the last known files if the directory could not be read. */
    public BackupStatus orFilesOf(BackupStatus before) {
        return new BackupStatus(
                settings,
                directory.orFilesOf(before.directory),
                lastAttempt,
                plan,
                runningTask,
                sharedDirectory,
                member);
    }

    /** Whether a run is in progress. */
    public boolean running() {
        return runningTask.isPresent();
    }

    /** The member's last answer. */
    public Optional<MemberStatus> memberStatus() {
        return member.flatMap(MemberWatch.Sight::status);
    }

    /** Whether this alarm was raised when the member last answered. */
    public boolean alarm(String name) {
        return memberStatus().filter(status -> status.alarms().contains(name)).isPresent();
    }
}
