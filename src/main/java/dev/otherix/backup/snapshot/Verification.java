package dev.otherix.backup.snapshot;

import com.fasterxml.jackson.annotation.JsonValue;
import java.time.Instant;
import java.util.List;
import java.util.Locale;
import java.util.Objects;
import org.jspecify.annotations.Nullable;

/**
 * What was checked about a snapshot's file, and when.
 *
 * @param state what the checks amount to
 * @param checkedAt when they ended, null while the file was not looked at
 * @param checks each check with its outcome
 */
public record Verification(State state, @Nullable Instant checkedAt, List<Check> checks) {

    public Verification {
        Objects.requireNonNull(state, "state");
        checks = List.copyOf(checks);
    }

    static Verification none() {
        return new Verification(State.UNVERIFIED, null, List.of());
    }

    /** Whether a file is proven. */
    public enum State {
        /** The deciding checks have passed. */
        VERIFIED,
        /** Nobody has looked at the file yet. */
        UNVERIFIED;

        /** The word in records and API. */
        @JsonValue
        public String word() {
            return name().toLowerCase(Locale.ROOT);
        }
    }

    /**
     * One check of a file.
     *
     * @param name {@code footer}, and with later issues of the same list {@code pages}, {@code rows}, {@code hash_kv}, {@code ca}
     * @param detail what was found where it did not simply pass, else null
     */
    public record Check(String name, Outcome outcome, @Nullable String detail) {

        public Check {
            Objects.requireNonNull(name, "name");
            Objects.requireNonNull(outcome, "outcome");
        }
    }

    /** How a check ended. */
    public enum Outcome {
        PASSED,
        FAILED,
        INCONCLUSIVE,
        SKIPPED;

        /** The word in records, API and metrics. */
        @JsonValue
        public String word() {
            return name().toLowerCase(Locale.ROOT);
        }
    }
}
