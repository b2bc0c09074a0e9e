package dev.otherix.backup.api;

import dev.otherix.backup.access.Problem;
import dev.otherix.backup.snapshot.Snapshot;
import dev.otherix.backup.snapshot.SnapshotName;
import dev.otherix.backup.task.Task;
import java.time.Instant;
import org.jspecify.annotations.Nullable;

/**
 * A task in otherix's format; values that are not known yet are null.
 *
 * @param status pending, running, success or failed
 * @param resourceId the snapshot's name, once it exists @param attempts 0 before it has started, then 1: a task is
 *     never retried
 */
record TaskView(
        String id,
        String type,
        String status,
        Progress progress,
        String resourceType,
        @Nullable SnapshotName resourceId,
        @Nullable Snapshot result,
        @Nullable Problem error,
        int attempts,
        int maxAttempts,
        Instant createdAt,
        @Nullable Instant startedAt,
        @Nullable Instant finishedAt) {

    /**
     * Its progress. @param phase barrier, stream, verify, commit or prune; null before it has started
     *
     * @param bytes streamed so far
     * @param expectedBytes the size that the member announced; null before that
     */
    record Progress(
            @Nullable String phase, long bytes, @Nullable Long expectedBytes) {}

    static TaskView of(Task<?> task) {
        var state = task.state();
        var startedAt = startedAt(state);
        return new TaskView(
                task.id(),
                task.type(),
                word(state),
                progress(task),
                "snapshot",
                task.subject().flatMap(SnapshotName::parse).orElse(null),
                state instanceof Task.Succeeded<?> done && done.result() instanceof Snapshot snapshot ? snapshot : null,
                state instanceof Task.Failed<?> failed ? ErrorCode.problem(failed.failure()) : null,
                startedAt == null ? 0 : 1,
                1,
                task.createdAt(),
                startedAt,
                state instanceof Task.Ended<?> ended ? ended.finishedAt() : null);
    }

    static String word(Task.State<?> state) {
        return switch (state) {
            case Task.Pending<?> _ -> "pending";
            case Task.Running<?> _ -> "running";
            case Task.Succeeded<?> _ -> "success";
            case Task.Failed<?> _ -> "failed";
        };
    }

    private static @Nullable Instant startedAt(Task.State<?> state) {
        return switch (state) {
            case Task.Pending<?> _ -> null;
            case Task.Running<?> running -> running.startedAt();
            case Task.Succeeded<?> success -> success.startedAt();
            case Task.Failed<?> failed -> failed.startedAt().orElse(null);
        };
    }

    private static Progress progress(Task<?> task) {
        var progress = task.progress();
        return new Progress(
                progress.phase(), progress.bytes(), progress.expectedBytes() == 0 ? null : progress.expectedBytes());
    }
}
