package dev.otherix.backup.api;

import dev.otherix.backup.audit.AuditedRequest;
import dev.otherix.backup.job.WithDirectory;
import dev.otherix.backup.offsite.Offsite;
import dev.otherix.backup.offsite.RemovedCopy;
import dev.otherix.backup.snapshot.SnapshotName;
import dev.otherix.backup.snapshot.Target;
import jakarta.servlet.http.HttpServletRequest;
import java.util.Arrays;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;
import org.springframework.beans.factory.ObjectProvider;
import org.springframework.http.MediaType;
import org.springframework.http.ResponseEntity;
import org.springframework.web.bind.annotation.DeleteMapping;
import org.springframework.web.bind.annotation.PathVariable;
import org.springframework.web.bind.annotation.RequestParam;
import org.springframework.web.bind.annotation.RestController;

/** Removes the copy of a snapshot at one target and answers with its record. */
@RestController
@WithDirectory
final class DeleteCopyController {

    private static final int LONGEST_MINUTES = 10;

    private final NamedSnapshots snapshots;
    private final ObjectProvider<Offsite> offsite;

    DeleteCopyController(NamedSnapshots snapshots, ObjectProvider<Offsite> offsite) {
        this.snapshots = snapshots;
        this.offsite = offsite;
    }

    @DeleteMapping(path = "/v1/snapshots/{name}/copies/{target}", produces = MediaType.APPLICATION_JSON_VALUE)
    CompletableFuture<ResponseEntity<Object>> delete(
            @PathVariable String name,
            @PathVariable String target,
            @RequestParam(name = "include_last", required = false) @Nullable String includeLast,
            HttpServletRequest request) {
        var last = isTrue(includeLast);
        var snapshot = snapshots.find(name).name();
        AuditedRequest.of(request).about(snapshot);
        var place = Arrays.stream(Target.values())
                .filter(one -> one.word().equals(target))
                .findFirst()
                .orElseThrow(() -> new ApiFailure(ErrorCode.NOT_FOUND, "the targets are s3 and filesystem"));
        var removed = Optional.ofNullable(offsite.getIfAvailable())
                .flatMap(copies -> copies.removeCopy(snapshot, place, last))
                .orElseThrow(() -> new ApiFailure(
                        ErrorCode.CONFLICT,
                        "the off-site target " + target + " is not set, so nothing can be removed there"));
        return removed.orTimeout(LONGEST_MINUTES, TimeUnit.MINUTES).handle((outcome, timeout) -> {
            if (timeout != null) {
                throw late(snapshot, target);
            }
            return answer(snapshot, target, outcome);
        });
    }

    /** A removal that waits sees that its caller has gone; one that has begun does not stop halfway. */
    static ApiFailure late(SnapshotName snapshot, String target) {
        return new ApiFailure(
                ErrorCode.REQUEST_TIMEOUT,
                "the copy was not removed within " + LONGEST_MINUTES + "m; a removal that has begun continues, and then"
                        + " GET /v1/snapshots/" + snapshot + " shows it as removed; one that waited for other work at "
                        + target + " was given up: try again later");
    }

    private static boolean isTrue(@Nullable String includeLast) {
        return switch (includeLast) {
            case null -> false;
            case "true" -> true;
            case "false" -> false;
            default -> throw ApiFailure.invalid("include_last", "must be true or false");
        };
    }

    private static ResponseEntity<Object> answer(SnapshotName name, String target, RemovedCopy outcome) {
        return switch (outcome) {
            case RemovedCopy.Done(var record) -> ResponseEntity.ok(record);
            case RemovedCopy.NoCopy _ ->
                throw new ApiFailure(ErrorCode.NOT_FOUND, name + " has no copy in the target " + target);
            case RemovedCopy.Needed(var why) ->
                throw new ApiFailure(
                        ErrorCode.RESOURCE_IN_USE,
                        name + " " + why + "; to remove the copy all the same, add ?include_last=true");
            case RemovedCopy.Held(var why, var until) ->
                throw new ApiFailure(
                        ErrorCode.RESOURCE_IN_USE,
                        "the store holds the copy of " + name + ": " + why,
                        until == null ? Map.of() : Map.of("until", until.toString()));
            case RemovedCopy.Failed(var why) -> throw ApiFailure.of(why);
        };
    }
}
