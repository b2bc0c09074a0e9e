package dev.otherix.backup.snapshot;

import com.fasterxml.jackson.annotation.JsonValue;
import java.time.Instant;
import java.util.Locale;
import java.util.Objects;
import org.jspecify.annotations.Nullable;

/**
 * The result of the last drill with a snapshot.
 *
 * @param seconds how long the drill took
 * @param etcdVersion of the etcd that was started with the restored data; null if none was
 * @param detail why it failed, or what was unusual; null if nothing was
 */
public record Drilled(
        Instant finishedAt,
        Outcome outcome,
        double seconds,
        @Nullable String etcdVersion,
        @Nullable String detail) implements Noted {

    public Drilled {
        Objects.requireNonNull(finishedAt, "finished_at");
        Objects.requireNonNull(outcome, "outcome");
    }

    public boolean passed() {
        return outcome == Outcome.PASSED;
    }

    @Override
    public Snapshot in(Snapshot snapshot) {
        return snapshot.with(this);
    }

    @Override
    public boolean isIn(Snapshot snapshot) {
        return equals(snapshot.drill());
    }

    /** How it ended. A drill that was skipped has no result. */
    public enum Outcome {
        PASSED,
        FAILED;

        /** The word in records and API. */
        @JsonValue
        public String word() {
            return name().toLowerCase(Locale.ROOT);
        }
    }
}
