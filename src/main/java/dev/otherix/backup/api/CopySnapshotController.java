package dev.otherix.backup.api;

import dev.otherix.backup.audit.AuditedRequest;
import dev.otherix.backup.job.WithDirectory;
import dev.otherix.backup.offsite.Offsite;
import jakarta.servlet.http.HttpServletRequest;
import java.util.concurrent.CompletableFuture;
import org.jspecify.annotations.Nullable;
import org.springframework.beans.factory.ObjectProvider;
import org.springframework.http.MediaType;
import org.springframework.http.ResponseEntity;
import org.springframework.web.bind.annotation.PathVariable;
import org.springframework.web.bind.annotation.PostMapping;
import org.springframework.web.bind.annotation.RequestParam;
import org.springframework.web.bind.annotation.RestController;

/** Copies a snapshot off-site and answers with its record when each copy is proven. */
@RestController
@WithDirectory
final class CopySnapshotController {

    private final NamedSnapshots snapshots;
    private final ObjectProvider<Offsite> offsite;

    CopySnapshotController(NamedSnapshots snapshots, ObjectProvider<Offsite> offsite) {
        this.snapshots = snapshots;
        this.offsite = offsite;
    }

    @PostMapping(path = "/v1/snapshots/{name}/copy", produces = MediaType.APPLICATION_JSON_VALUE)
    CompletableFuture<ResponseEntity<Object>> copy(
            @PathVariable String name,
            @RequestParam(required = false) @Nullable String wait,
            HttpServletRequest request) {
        var answer = TaskAnswer.within(wait);
        var snapshot = snapshots.find(name);
        AuditedRequest.of(request).about(snapshot.name());
        var copies = offsite.getIfAvailable();
        if (copies == null) {
            throw new ApiFailure(
                    ErrorCode.CONFLICT,
                    "no off-site target is set; set offsite.s3.bucket or offsite.filesystem.path and restart the"
                            + " service");
        }
        if (!snapshot.verified()) {
            throw new ApiFailure(
                    ErrorCode.CONFLICT,
                    snapshot.name() + " is not verified, and only what is proven here is copied; verify it first");
        }
        return answer.to(copies.requestCopy(snapshot.name()), "it was not copied", ResponseEntity::ok);
    }
}
