package dev.otherix.backup.task;

import java.util.Objects;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;

/** How a task ended, so that a test can ask for either end and fails where it was the other one. */
public final class End<R> {

    private final @Nullable R result;
    private final @Nullable TaskFailure error;

    private End(@Nullable R result, @Nullable TaskFailure error) {
        this.result = result;
        this.error = error;
    }

    /** Waits for it, a minute at most. */
    public static <R> End<R> of(Task<R> task) {
        return switch (task.ended().orTimeout(60, TimeUnit.SECONDS).join()) {
            case Task.Succeeded<R> success -> new End<>(success.result(), null);
            case Task.Failed<R> failed -> new End<>(null, failed.failure());
        };
    }

    public R result() {
        return Objects.requireNonNull(result, () -> "it failed: " + error);
    }

    public TaskFailure error() {
        return Objects.requireNonNull(error, () -> "it succeeded: " + result);
    }

    public boolean succeeded() {
        return result != null;
    }
}
