package dev.otherix.backup.api;

import dev.otherix.backup.config.GoDuration;
import dev.otherix.backup.snapshot.Snapshot;
import dev.otherix.backup.task.Task;
import java.net.URI;
import java.time.Duration;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;
import org.springframework.http.ResponseEntity;

/**
 * Answers a request for long work: at once with the task, or later with the result. A waiting caller occupies no
 * thread.
 */
record TaskAnswer(Duration limit) {

    private static final Duration DEFAULT_WAIT = Duration.ofMinutes(10);
    private static final Duration LONGEST_WAIT = Duration.ofHours(1);

    /**
     * How long the caller waits.
     *
     * @throws ApiFailure if {@code wait} is not valid
     */
    static TaskAnswer within(@Nullable String wait) {
        return new TaskAnswer(wait == null ? DEFAULT_WAIT : limit(wait));
    }

    /**
     * How long the work may wait for the member: as long as its caller, or the default time if the caller only follows
     * the task.
     */
    Duration patience() {
        return limit.isZero() ? DEFAULT_WAIT : limit;
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
        throw ApiFailure.invalid("wait", "must be from 0 to " + GoDuration.format(LONGEST_WAIT));
    }

    /** The answer to a caller that does not wait. */
    record Accepted(String taskId, String status, Links links) {

        record Links(String self) {}
    }

    /**
     * The answer to the caller that requested {@code task}. @param late what has not happened when the time has passed
     *
     * @param success the answer when it has
     */
    CompletableFuture<ResponseEntity<Object>> to(
            Task<Snapshot> task, String late, Function<Snapshot, ResponseEntity<Object>> success) {
        if (limit.isZero()) {
            return CompletableFuture.completedFuture(accepted(task));
        }
        return task.ended().orTimeout(limit.toNanos(), TimeUnit.NANOSECONDS).handle((ended, timeout) -> {
            if (timeout != null) {
                throw new ApiFailure(
                        ErrorCode.REQUEST_TIMEOUT,
                        late + " within " + GoDuration.format(limit) + "; the work continues, follow it at /v1/tasks/"
                                + task.id(),
                        Map.of("task_id", task.id()));
            }
            return switch (ended) {
                case Task.Succeeded<Snapshot> done -> success.apply(done.result());
                case Task.Failed<Snapshot> failed -> throw ApiFailure.of(failed.failure());
            };
        });
    }

    private static ResponseEntity<Object> accepted(Task<?> task) {
        var self = "/v1/tasks/" + task.id();
        return ResponseEntity.accepted()
                .location(URI.create(self))
                .body(new Accepted(task.id(), TaskView.word(task.state()), new Accepted.Links(self)));
    }
}
