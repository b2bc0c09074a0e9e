package dev.otherix.backup.api;

import dev.otherix.backup.audit.AuditedRequest;
import dev.otherix.backup.job.BackupJob;
import dev.otherix.backup.job.RunRequest;
import dev.otherix.backup.job.WithDirectory;
import dev.otherix.backup.snapshot.SnapshotRequest;
import jakarta.servlet.http.HttpServletRequest;
import java.net.URI;
import java.time.Clock;
import java.time.temporal.ChronoUnit;
import java.util.concurrent.CompletableFuture;
import org.jspecify.annotations.Nullable;
import org.springframework.http.MediaType;
import org.springframework.http.ResponseEntity;
import org.springframework.web.bind.annotation.PostMapping;
import org.springframework.web.bind.annotation.RequestBody;
import org.springframework.web.bind.annotation.RequestParam;
import org.springframework.web.bind.annotation.RestController;

/** Takes a snapshot and answers when it is done. A waiting caller occupies no thread. */
@RestController
@WithDirectory
final class TakeSnapshotController {

    private final BackupJob job;
    private final Clock clock;

    TakeSnapshotController(BackupJob job, Clock clock) {
        this.job = job;
        this.clock = clock;
    }

    @PostMapping(
            path = "/v1/snapshots",
            consumes = MediaType.APPLICATION_JSON_VALUE,
            produces = MediaType.APPLICATION_JSON_VALUE)
    CompletableFuture<ResponseEntity<Object>> take(
            @RequestParam(required = false) @Nullable String wait,
            @RequestBody(required = false) @Nullable SnapshotOrder body,
            HttpServletRequest request) {
        var audited = AuditedRequest.of(request);
        var answer = TaskAnswer.within(wait);
        var order = body == null ? SnapshotOrder.PLAIN : body.checked();
        var asked = new SnapshotRequest(
                request.getRemoteUser(),
                order.reason(),
                RequestIds.of(request),
                clock.instant().truncatedTo(ChronoUnit.MILLIS));
        var task = job.request(new RunRequest(asked, order.pin(), order.localIsEnough(), answer.patience()));
        return answer.to(task, "the snapshot was not there", taken -> {
            audited.about(taken.name());
            return ResponseEntity.created(URI.create("/v1/snapshots/" + taken.name()))
                    .body(taken);
        });
    }
}
