package dev.otherix.backup.snapshot;

import com.fasterxml.jackson.annotation.JsonValue;
import java.time.Instant;
import java.util.List;
import java.util.Locale;
import java.util.Objects;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * The checks of a snapshot's file, and their time. @param state the result of all checks
 *
 * @param checkedAt when they ended, null before the first check
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
        /** {@code footer}, {@code pages} and {@code rows} have passed, and {@code hash_kv} has not failed. */
        VERIFIED,
        /** The file has not been checked yet. */
        UNVERIFIED,
        /**
         * A deciding check has failed. A file with this state has no snapshot's name: it is rejected, or renamed as
         * corrupt.
         */
        FAILED;

        /** The word in records and API. */
        @JsonValue
        public String word() {
            return name().toLowerCase(Locale.ROOT);
        }
    }

    /** The check with this name. */
    public Optional<Check> check(String name) {
        return checks.stream().filter(check -> check.name().equals(name)).findFirst();
    }

    /**
     * One check of a file. {@link #FOOTER}, {@link #PAGES} and {@link #ROWS} need only the file, {@link #HASH_KV}
     * compares it with the live member, {@link #CA} with the cluster CA on disk and never decides.
     *
     * @param detail the findings if it did not pass, else null
     * @param checkedAt when it ended; null if not known
     * @param seconds how long it took; null if not known, or if nothing was done
     */
    public record Check(
            String name,
            Outcome outcome,
            @Nullable String detail,
            @Nullable Instant checkedAt,
            @Nullable Double seconds) {

        /** The SHA-256 at the end of the file is that of the data before it. */
        public static final String FOOTER = "footer";
        /** Every page of the database is valid and in its place. */
        public static final String PAGES = "pages";
        /** Every row of the key space is valid, and the rows are in order. */
        public static final String ROWS = "rows";
        /** The hash of the key space equals that of the live member. */
        public static final String HASH_KV = "hash_kv";
        /** The active cluster CA equals the one on disk. */
        public static final String CA = "ca";
        /** All names. */
        public static final List<String> NAMES = List.of(FOOTER, PAGES, ROWS, HASH_KV, CA);

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
