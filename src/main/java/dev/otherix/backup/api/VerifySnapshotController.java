package dev.otherix.backup.api;

import dev.otherix.backup.audit.AuditedRequest;
import dev.otherix.backup.check.Inspections;
import dev.otherix.backup.job.WithDirectory;
import jakarta.servlet.http.HttpServletRequest;
import java.util.concurrent.CompletableFuture;
import org.jspecify.annotations.Nullable;
import org.springframework.http.MediaType;
import org.springframework.http.ResponseEntity;
import org.springframework.web.bind.annotation.PathVariable;
import org.springframework.web.bind.annotation.PostMapping;
import org.springframework.web.bind.annotation.RequestParam;
import org.springframework.web.bind.annotation.RestController;

/** Checks a snapshot's file again and answers with its record, or with the findings. */
@RestController
@WithDirectory
final class VerifySnapshotController {

    private final NamedSnapshots snapshots;
    private final Inspections inspections;

    VerifySnapshotController(NamedSnapshots snapshots, Inspections inspections) {
        this.snapshots = snapshots;
        this.inspections = inspections;
    }

    @PostMapping(path = "/v1/snapshots/{name}/verify", produces = MediaType.APPLICATION_JSON_VALUE)
    CompletableFuture<ResponseEntity<Object>> verify(
            @PathVariable String name,
            @RequestParam(required = false) @Nullable String wait,
            HttpServletRequest request) {
        var answer = TaskAnswer.within(wait);
        var snapshot = snapshots.find(name).name();
        AuditedRequest.of(request).about(snapshot);
        var task = inspections.request(snapshot);
        return answer.to(task, "the check did not end", ResponseEntity::ok);
    }
}
