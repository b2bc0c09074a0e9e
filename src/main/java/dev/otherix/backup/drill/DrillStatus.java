package dev.otherix.backup.drill;

import dev.otherix.backup.snapshot.DrillSkip;
import dev.otherix.backup.snapshot.Drilled;
import dev.otherix.backup.snapshot.SnapshotName;
import java.time.Duration;
import java.time.Instant;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;

/**
 * The state of drills at one moment, as last known: reading it does not touch the disk.
 *
 * @param on whether drills are on
 * @param last the last result of whatever snapshot, also one before a restart
 * @param snapshot that of the last result
 * @param passedAt when a drill of the newest snapshot, or of a copy, last passed
 * @param nextDueAt when the next is due, not moved by retries; empty if drills are off, or if there is nothing to drill
 * @param missingAfter from when on a drill is missing: three intervals after the last that passed; empty if drills are
 *     off, or if there is nothing to drill
 * @param missing whether that time has come
 * @param skipped why no drill has had a result since the last that counts; empty if none was skipped
 * @param counts of this process, by outcome
 * @param took how long all drills with a result took
 */
public record DrillStatus(
        boolean on,
        Optional<Drilled> last,
        Optional<SnapshotName> snapshot,
        Optional<Instant> passedAt,
        Optional<Instant> nextDueAt,
        Optional<Instant> missingAfter,
        boolean missing,
        Optional<DrillSkip> skipped,
        Map<Outcome, Long> counts,
        Duration took) {

    /** Of a service without a directory. */
    public static final DrillStatus NONE = new DrillStatus(
            false,
            Optional.empty(),
            Optional.empty(),
            Optional.empty(),
            Optional.empty(),
            Optional.empty(),
            false,
            Optional.empty(),
            Map.of(),
            Duration.ZERO);

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
