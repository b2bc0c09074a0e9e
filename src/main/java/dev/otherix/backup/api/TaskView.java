package dev.otherix.backup.api;

import dev.otherix.backup.job.Task;
import dev.otherix.backup.snapshot.Snapshot;
import dev.otherix.backup.snapshot.SnapshotName;
import java.time.Instant;
import java.util.Locale;
import org.jspecify.annotations.Nullable;

/**
 * A task as otherix shows one; what is not known yet is null.
 *
 * @param status pending, running, success or failed
 * @param resourceId the snapshot's name, once it is there
 * @param attempts 0 before it has begun, then 1: a task is never tried again
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
     * How far it is.
     *
     * @param phase barrier, stream, verify, commit or prune; null before it has begun
     * @param bytes streamed so far
     * @param expectedBytes what the member announced; null before it did
     */
    record Progress(@Nullable String phase, long bytes, @Nullable Long expectedBytes) {}

    static TaskView of(Task task, ServerPaths paths) {
        var state = task.state();
        return new TaskView(task.id(), task.type().word(), word(state.status()), progress(task), "snapshot",
                task.subject().orElse(null), state.result(),
                state.error() == null ? null : paths.hide(Problem.of(state.error())), state.startedAt() == null ? 0 : 1, 1,
                task.createdAt(), state.startedAt(), state.finishedAt());
    }

    static String word(Task.Status status) {
        return status.name().toLowerCase(Locale.ROOT);
    }

    private static Progress progress(Task task) {
        var progress = task.progress();
        var phase = progress.phase();
        return new Progress(phase == null ? null : phase.word(), progress.bytes(),
                progress.expectedBytes() == 0 ? null : progress.expectedBytes());
    }
}
