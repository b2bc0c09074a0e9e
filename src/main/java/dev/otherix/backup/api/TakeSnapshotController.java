package dev.otherix.backup.api;

import dev.otherix.backup.config.GoDuration;
import dev.otherix.backup.job.Demand;
import dev.otherix.backup.job.Task;
import dev.otherix.backup.snapshot.SnapshotRequest;
import jakarta.servlet.http.HttpServletRequest;
import java.net.URI;
import java.time.Clock;
import java.time.Duration;
import java.time.temporal.ChronoUnit;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;
import org.springframework.http.MediaType;
import org.springframework.http.ResponseEntity;
import org.springframework.web.bind.annotation.PostMapping;
import org.springframework.web.bind.annotation.RequestBody;
import org.springframework.web.bind.annotation.RequestParam;
import org.springframework.web.bind.annotation.RestController;

/** Takes a snapshot and answers when it is there. A caller that waits holds no thread. */
@RestController
final class TakeSnapshotController {

    private static final Duration DEFAULT_WAIT = Duration.ofMinutes(10);
    private static final Duration LONGEST_WAIT = Duration.ofHours(1);

    private final NamedSnapshots snapshots;
    private final Clock clock;

    TakeSnapshotController(NamedSnapshots snapshots, Clock clock) {
        this.snapshots = snapshots;
        this.clock = clock;
    }

    @PostMapping(path = "/v1/snapshots", consumes = MediaType.APPLICATION_JSON_VALUE, produces = MediaType.APPLICATION_JSON_VALUE)
    CompletableFuture<ResponseEntity<Object>> take(@RequestParam(required = false) @Nullable String wait,
            @RequestBody(required = false) @Nullable SnapshotOrder body, HttpServletRequest request) {
        var limit = wait == null ? DEFAULT_WAIT : limit(wait);
        var order = body == null ? SnapshotOrder.PLAIN : body.checked();
        var asked = new SnapshotRequest(null, order.reason(), RequestIds.of(request), clock.instant().truncatedTo(ChronoUnit.MILLIS));
        var task = snapshots.backups().job().request(new Demand(asked, order.pin(), order.localIsEnough()));
        if (limit.isZero()) {
            return CompletableFuture.completedFuture(accepted(task));
        }
        return task.ended().orTimeout(limit.toNanos(), TimeUnit.NANOSECONDS).handle((ended, late) -> {
            if (late != null) {
                throw tooLate(task, limit);
            }
            return ended(ended.state());
        });
    }

    private static Duration limit(String wait) {
        try {
            var limit = GoDuration.parse(wait);
            if (!limit.isNegative() && limit.compareTo(LONGEST_WAIT) <= 0) {
                return limit;
            }
        } catch (IllegalArgumentException notADuration) {
            throw ApiFailure.invalid("wait", String.valueOf(notADuration.getMessage()));
        }
        throw ApiFailure.invalid("wait", "has to be from 0 to " + GoDuration.format(LONGEST_WAIT));
    }

    /** The answer to a caller who does not wait. */
    record Accepted(String taskId, String status, Links links) {

        record Links(String self) {}
    }

    private static ResponseEntity<Object> accepted(Task task) {
        var self = "/v1/tasks/" + task.id();
        return ResponseEntity.accepted().location(URI.create(self))
                .body(new Accepted(task.id(), TaskView.word(task.state().status()), new Accepted.Links(self)));
    }

    private static ResponseEntity<Object> ended(Task.State state) {
        if (state.result() == null) {
            throw state.error() == null ? new IllegalStateException("a task ended without result and error") : ApiFailure.of(state.error());
        }
        return ResponseEntity.created(URI.create("/v1/snapshots/" + state.result().name())).body(state.result());
    }

    private static ApiFailure tooLate(Task task, Duration limit) {
        return new ApiFailure(ErrorCode.REQUEST_TIMEOUT, "the snapshot was not there within " + GoDuration.format(limit)
                + "; the run goes on, follow it at /v1/tasks/" + task.id(), Map.of("task_id", task.id()));
    }
}
