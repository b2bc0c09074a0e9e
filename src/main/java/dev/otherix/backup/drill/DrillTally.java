package dev.otherix.backup.drill;

import dev.otherix.backup.drill.DrillStatus.Outcome;
import java.time.Duration;
import java.util.EnumMap;
import java.util.Map;

/** Counts the drills of this process. Safe for use by several threads. */
final class DrillTally {

    private final Map<Outcome, Long> counts = new EnumMap<>(Outcome.class);
    private Duration took = Duration.ZERO;

    synchronized void skipped() {
        counts.merge(Outcome.SKIPPED, 1L, Long::sum);
    }

    synchronized void ended(boolean passed, Duration duration) {
        counts.merge(passed ? Outcome.SUCCESS : Outcome.FAILURE, 1L, Long::sum);
        took = took.plus(duration);
    }

    synchronized Map<Outcome, Long> counts() {
        return Map.copyOf(counts);
    }

    synchronized Duration took() {
        return took;
    }
}
