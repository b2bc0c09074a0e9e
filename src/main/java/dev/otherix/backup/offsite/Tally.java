package dev.otherix.backup.offsite;

import dev.otherix.backup.offsite.OffsiteStatus.CheckOutcome;
import dev.otherix.backup.offsite.OffsiteStatus.CopyOutcome;
import java.util.EnumMap;
import java.util.Map;

/** Counts what happened at one target. */
final class Tally {

    private final Map<CopyOutcome, Long> copies = new EnumMap<>(CopyOutcome.class);
    private final Map<CheckOutcome, Long> checks = new EnumMap<>(CheckOutcome.class);

    Tally() {
        for (var outcome : CopyOutcome.values()) {
            copies.put(outcome, 0L);
        }
        for (var outcome : CheckOutcome.values()) {
            checks.put(outcome, 0L);
        }
    }

    synchronized void count(CopyOutcome outcome) {
        copies.merge(outcome, 1L, Long::sum);
    }

    synchronized void count(CheckOutcome outcome) {
        checks.merge(outcome, 1L, Long::sum);
    }

    /** @param bytes sent so far */
    synchronized OffsiteStatus.Counts counts(long bytes) {
        return new OffsiteStatus.Counts(copies, checks, bytes);
    }
}
