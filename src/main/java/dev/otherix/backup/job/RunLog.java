package dev.otherix.backup.job;

import dev.otherix.backup.etcd.EtcdFailure;
import dev.otherix.backup.snapshot.DirectoryFailure;
import dev.otherix.backup.snapshot.Snapshot;
import dev.otherix.backup.snapshot.Verification;
import dev.otherix.backup.snapshot.Verification.Check;
import dev.otherix.backup.task.TaskFailure;
import java.time.Duration;
import java.time.temporal.ChronoUnit;
import java.util.Locale;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Writes one line for each run: its outcome and, unless it took a good snapshot, when the next try is. */
final class RunLog implements RunListener {

    private static final Logger LOG = LoggerFactory.getLogger(RunLog.class);

    private final BackupSchedule schedule;

    RunLog(BackupSchedule schedule) {
        this.schedule = schedule;
    }

    @Override
    public void ended(BackupRun run) {
        var trigger = run.trigger().word();
        switch (run.outcome()) {
            case Outcome.Saved(Snapshot saved)
            when saved.linearizable() ->
                LOG.info(
                        "saved {}: {} bytes in {} s, trigger {}",
                        saved.name(),
                        saved.sizeBytes(),
                        seconds(run),
                        trigger);
            case Outcome.Saved(Snapshot saved) ->
                LOG.warn(
                        "saved {}, which holds only what the local member has: the cluster did not"
                                + " confirm more; {} bytes in {} s, trigger {}; {}",
                        saved.name(),
                        saved.sizeBytes(),
                        seconds(run),
                        trigger,
                        nextTry());
            case Outcome.Failed(TaskFailure failure)
            when failure.code() == TaskFailure.Code.SHUTTING_DOWN ->
                LOG.info("the current run was cancelled: {}", failure.message());
            case Outcome.Failed(TaskFailure failure)
            when failure.code() == TaskFailure.Code.INTERNAL ->
                LOG.error("backup failed, trigger {}: {}; {}", trigger, failure.message(), nextTry(), failure.cause());
            case Outcome.Failed(TaskFailure failure) ->
                LOG.error("backup failed, trigger {}: {}; {}", trigger, inFull(failure), nextTry());
        }
        if (run.outcome() instanceof Outcome.Saved(Snapshot saved)) {
            checks(saved);
        }
        run.pruneFailure()
                .ifPresent(why -> LOG.error(
                        "old snapshots could not be removed: {}; the next try is after the next snapshot", why));
    }

    /** With the paths that an operator of this host needs, and a caller does not get. */
    private static String inFull(TaskFailure failure) {
        return switch (failure.cause()) {
            case DirectoryFailure ofDirectory -> String.valueOf(ofDirectory.getMessage());
            case EtcdFailure ofEtcd -> String.valueOf(ofEtcd.getMessage());
            case null, default -> failure.message();
        };
    }

    /** Logs the checks that did not pass although the snapshot is good. */
    private static void checks(Snapshot saved) {
        saved.verification()
                .check(Check.CA)
                .filter(ca -> ca.outcome() == Verification.Outcome.FAILED)
                .ifPresent(ca -> LOG.warn(
                        "{} is good, but {}; a restore needs the CA that was active then", saved.name(), ca.detail()));
        saved.verification()
                .check(Check.HASH_KV)
                .filter(hash -> hash.outcome() == Verification.Outcome.INCONCLUSIVE)
                .ifPresent(hash -> LOG.info(
                        "{} could not be compared with the member's own hash: {}", saved.name(), hash.detail()));
    }

    private String nextTry() {
        return schedule.nextAttemptAt()
                .or(schedule::nextDueAt)
                .map(at -> "next try at " + at.truncatedTo(ChronoUnit.SECONDS))
                .orElse("no retry: the periodic job is off");
    }

    private static String seconds(BackupRun run) {
        return String.format(
                Locale.ROOT,
                "%.1f",
                Duration.between(run.startedAt(), run.finishedAt()).toMillis() / 1000.0);
    }
}
