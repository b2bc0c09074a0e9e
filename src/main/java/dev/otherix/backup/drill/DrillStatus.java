package dev.otherix.backup.drill;

import dev.otherix.backup.snapshot.Drilled;
import java.time.Duration;
import java.time.Instant;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;

/**
 * The state of drills at one moment, as last known: reading it does not touch the disk.
 *
 * @param last the last result, also one before a restart
 * @param passedAt when a drill last passed
 * @param nextDueAt when the next is due, not moved by retries; empty if drills are off, or if there is nothing to drill
 * @param missingAfter from when on a drill is missing: three intervals after the last that passed; empty if drills are
 *     off, or if there is nothing to drill
 * @param counts of this process, by outcome
 * @param took how long all drills with a result took
 */
public record DrillStatus(
        Optional<Drilled> last,
        Optional<Instant> passedAt,
        Optional<Instant> nextDueAt,
        Optional<Instant> missingAfter,
        Map<Outcome, Long> counts,
        Duration took) {

    /** Of a service without a directory. */
    public static final DrillStatus NONE = new DrillStatus(
            Optional.empty(), Optional.empty(), Optional.empty(), Optional.empty(), Map.of(), Duration.ZERO);

    public DrillStatus {
        counts = Map.copyOf(counts);
    }

    public long count(Outcome outcome) {
        return counts.getOrDefault(outcome, 0L);
    }

    /** How a drill ended. */
    public enum Outcome {
        SUCCESS,
        FAILURE,
        SKIPPED;

        /** The word in metrics. */
        public String word() {
            return name().toLowerCase(Locale.ROOT);
        }
    }
}
