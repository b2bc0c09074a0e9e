package dev.otherix.backup.api;

import dev.otherix.backup.audit.AuditedRequest;
import dev.otherix.backup.config.GoDuration;
import dev.otherix.backup.drill.DrillStatus;
import dev.otherix.backup.drill.Drills;
import dev.otherix.backup.etcd.MemberWatch;
import dev.otherix.backup.job.BackupStatus;
import dev.otherix.backup.job.StatusReader;
import dev.otherix.backup.offsite.Offsite;
import dev.otherix.backup.offsite.OffsiteStatus;
import dev.otherix.backup.snapshot.LastRun;
import jakarta.servlet.http.HttpServletRequest;
import org.jspecify.annotations.Nullable;
import org.springframework.beans.factory.ObjectProvider;
import org.springframework.http.MediaType;
import org.springframework.web.bind.annotation.GetMapping;
import org.springframework.web.bind.annotation.RestController;

/** Shows whether backups run. */
@RestController
final class StatusController {

    private final StatusReader status;
    private final ObjectProvider<Offsite> offsite;
    private final ObjectProvider<Drills> drills;

    StatusController(StatusReader status, ObjectProvider<Offsite> offsite, ObjectProvider<Drills> drills) {
        this.status = status;
        this.offsite = offsite;
        this.drills = drills;
    }

    @GetMapping(path = "/v1/status", produces = MediaType.APPLICATION_JSON_VALUE)
    StatusView status(HttpServletRequest request) {
        var now = status.now();
        var settings = now.settings();
        return new StatusView(
                settings.enabled(),
                GoDuration.format(settings.interval()),
                settings.dir() == null ? null : settings.dir().toString(),
                settings.retention(),
                now.directory().newestGood().orElse(null),
                now.lastAttempt().map(StatusController::attempt).orElse(null),
                now.plan().nextDueAt().orElse(null),
                now.plan().nextAttemptAt().orElse(null),
                now.plan().overdue(),
                now.runningTask().orElse(null),
                now.member().map(StatusController::etcd).orElse(StatusView.Etcd.UNKNOWN),
                directory(now),
                now.directory().restorable(),
                drill(),
                offsite.stream()
                        .flatMap(copies -> copies.status().targets().stream())
                        .map(StatusController::copies)
                        .toList(),
                caller(request));
    }

    private StatusView.Drill drill() {
        var state = drills.stream().map(Drills::status).findFirst().orElse(DrillStatus.NONE);
        return new StatusView.Drill(
                state.on(),
                state.last().orElse(null),
                state.snapshot().orElse(null),
                state.nextDueAt().orElse(null),
                state.missingAfter().orElse(null),
                state.skipped()
                        .map(skip -> new StatusView.Skipped(skip.at(), skip.reason()))
                        .orElse(null));
    }

    private static StatusView.@Nullable Caller caller(HttpServletRequest request) {
        var by = AuditedRequest.of(request).by();
        return by == null ? null : new StatusView.Caller(by.name(), by.scope());
    }

    private static StatusView.Offsite copies(OffsiteStatus.OfTarget target) {
        return new StatusView.Offsite(
                target.target(),
                target.lastSuccessAt().orElse(null),
                target.pending(),
                target.error().orElse(null));
    }

    private static StatusView.Attempt attempt(LastRun run) {
        var error = run.error() == null ? null : ErrorCode.problem(run.error());
        return new StatusView.Attempt(
                run.startedAt(), run.trigger(), run.outcome().word(), error);
    }

    private static StatusView.Etcd etcd(MemberWatch.Sight sight) {
        return sight.status()
                .map(status -> new StatusView.Etcd(
                        sight.reachable(),
                        status.version(),
                        status.memberId(),
                        status.role(),
                        status.dbSizeBytes(),
                        status.alarms()))
                .orElse(StatusView.Etcd.UNKNOWN);
    }

    private static StatusView.Directory directory(BackupStatus now) {
        var directory = now.directory();
        var reserve = known(directory.reserveBytes());
        var database = now.memberStatus();
        return new StatusView.Directory(
                now.settings().dir() != null && directory.failure().isEmpty(),
                known(directory.freeBytes()),
                reserve == null || database.isEmpty()
                        ? null
                        : reserve + database.get().dbSizeBytes(),
                now.sharedDirectory().isPresent());
    }

    private static @Nullable Long known(double bytes) {
        return Double.isNaN(bytes) ? null : (long) bytes;
    }
}
