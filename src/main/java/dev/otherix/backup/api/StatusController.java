package dev.otherix.backup.api;

import dev.otherix.backup.config.GoDuration;
import dev.otherix.backup.etcd.MemberStatus;
import dev.otherix.backup.job.BackupProperties;
import dev.otherix.backup.job.BackupRun;
import dev.otherix.backup.job.BackupSchedule;
import dev.otherix.backup.job.BackupWorker;
import dev.otherix.backup.job.Backups;
import dev.otherix.backup.job.MemberWatch;
import dev.otherix.backup.job.Outcome;
import dev.otherix.backup.job.RunFailure;
import dev.otherix.backup.job.Task;
import dev.otherix.backup.snapshot.DirectoryFailure;
import dev.otherix.backup.snapshot.Snapshot;
import dev.otherix.backup.snapshot.SnapshotDirectory;
import java.util.Optional;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.springframework.http.MediaType;
import org.springframework.web.bind.annotation.GetMapping;
import org.springframework.web.bind.annotation.RestController;

/** Whether backups run. Answers from what is known, also when etcd or the directory is gone. */
@RestController
final class StatusController {

    private static final Logger LOG = LoggerFactory.getLogger(StatusController.class);

    private final BackupProperties settings;
    private final BackupWorker worker;

    StatusController(BackupProperties settings, BackupWorker worker) {
        this.settings = settings;
        this.worker = worker;
    }

    @GetMapping(path = "/v1/status", produces = MediaType.APPLICATION_JSON_VALUE)
    StatusView status() {
        var member = worker.watch().last().flatMap(MemberWatch.Sight::status);
        var schedule = worker.backups().map(Backups::schedule);
        return new StatusView(settings.enabled(), GoDuration.format(settings.interval()), dir(), settings.retention(),
                worker.backups().map(Backups::directory).flatMap(StatusController::lastSuccess).orElse(null),
                worker.backups().map(Backups::history).flatMap(history -> history.last()).map(StatusController::attempt).orElse(null),
                schedule.flatMap(BackupSchedule::nextDueAt).orElse(null), schedule.flatMap(BackupSchedule::nextAttemptAt).orElse(null),
                schedule.map(BackupSchedule::overdue).orElse(false),
                worker.backups().map(Backups::job).flatMap(job -> job.running()).map(Task::id).orElse(null),
                worker.watch().last().map(StatusController::etcd).orElse(StatusView.Etcd.UNKNOWN),
                directory(worker.backups().map(Backups::directory).orElse(null), member));
    }

    private @Nullable String dir() {
        return settings.dir() == null ? null : settings.dir().toString();
    }

    private static Optional<Snapshot> lastSuccess(SnapshotDirectory directory) {
        try {
            return directory.newestFirst().filter(snapshot -> snapshot.verified() && snapshot.linearizable()).findFirst();
        } catch (DirectoryFailure unreadable) {
            LOG.debug("the directory cannot be read", unreadable);
            return Optional.empty();
        }
    }

    private static StatusView.Attempt attempt(BackupRun run) {
        var error = run.outcome() instanceof Outcome.Failed(RunFailure failure) ? Problem.of(failure) : null;
        return new StatusView.Attempt(run.startedAt(), run.trigger(), run.outcome().word(), error);
    }

    private static StatusView.Etcd etcd(MemberWatch.Sight sight) {
        return sight.status().map(status -> new StatusView.Etcd(sight.reachable(), status.version(), status.memberId(), status.role(),
                status.dbSizeBytes(), status.alarms())).orElse(StatusView.Etcd.UNKNOWN);
    }

    private StatusView.Directory directory(@Nullable SnapshotDirectory directory, Optional<MemberStatus> member) {
        boolean shared = worker.sharedDirectory().isPresent();
        try {
            if (directory != null) {
                var space = directory.space();
                var free = space.freeBytes();
                return new StatusView.Directory(directory.writable(), free.isPresent() ? free.getAsLong() : null,
                        member.isPresent() ? space.reserveBytes() + member.get().dbSizeBytes() : null, shared);
            }
        } catch (DirectoryFailure unreadable) {
            LOG.debug("the directory cannot be read", unreadable);
        }
        return new StatusView.Directory(false, null, null, shared);
    }
}
