package dev.otherix.backup.api;

import dev.otherix.backup.audit.AuditedRequest;
import dev.otherix.backup.drill.Drills;
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

/** Tries whether a cluster could come back from a snapshot, and answers with its record. */
@RestController
@WithDirectory
final class DrillSnapshotController {

    private final NamedSnapshots snapshots;
    private final Drills drills;

    DrillSnapshotController(NamedSnapshots snapshots, Drills drills) {
        this.snapshots = snapshots;
        this.drills = drills;
    }

    @PostMapping(path = "/v1/snapshots/{name}/drill", produces = MediaType.APPLICATION_JSON_VALUE)
    CompletableFuture<ResponseEntity<Object>> drill(
            @PathVariable String name,
            @RequestParam(required = false) @Nullable String wait,
            HttpServletRequest request) {
        var answer = TaskAnswer.within(wait);
        var snapshot = snapshots.find(name);
        AuditedRequest.of(request).about(snapshot.name());
        if (!snapshot.verified()) {
            throw new ApiFailure(
                    ErrorCode.CONFLICT,
                    snapshot.name() + " is not verified, and a drill is for snapshots that are; verify it first");
        }
        return answer.to(drills.request(snapshot.name()), "the drill did not end", ResponseEntity::ok);
    }
}
