package dev.otherix.backup.offsite;

import dev.otherix.backup.snapshot.Target;
import java.time.Instant;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;

/**
 * The state of off-site copies at one moment, as last known: reading it touches neither a store nor the disk.
 *
 * @param targets each target that is on
 * @param remarks what is not wrong, but worth a thought, each in a sentence
 */
public record OffsiteStatus(List<OfTarget> targets, List<String> remarks) {

    public OffsiteStatus {
        targets = List.copyOf(targets);
        remarks = List.copyOf(remarks);
    }

    /**
     * One target.
     *
     * @param lastSuccessAt when the newest snapshot with a proven copy was created
     * @param pending how many snapshots wait to be copied
     * @param oldestPendingAt when the oldest of them was created
     * @param stored how many copies of this member lie there, as of the last listing
     * @param oldestStoredAt the time of the oldest of them
     * @param storedBytes their size
     * @param lastCheckAt when a copy was last read back after the one that followed its upload
     * @param error why the last try failed; empty if it did not
     * @param findings what makes health DOWN, worst first
     * @param counts of this process
     */
    public record OfTarget(
            Target target,
            Optional<Instant> lastSuccessAt,
            int pending,
            Optional<Instant> oldestPendingAt,
            long stored,
            Optional<Instant> oldestStoredAt,
            long storedBytes,
            Optional<Instant> lastCheckAt,
            Optional<String> error,
            List<Finding> findings,
            Counts counts) {

        public OfTarget {
            findings = List.copyOf(findings);
        }
    }

    /** What makes health DOWN. @param message for an operator */
    public record Finding(Code code, String message) {}

    /** The codes of health, worst first. */
    public enum Code {
        OFFSITE_OTHER_CLUSTER,
        OFFSITE_OTHER_WRITER,
        OFFSITE_MISSING,
        OFFSITE_CHANGED,
        OFFSITE_LATE;

        /** The word in health. */
        public String word() {
            return name().toLowerCase(Locale.ROOT);
        }
    }

    /**
     * Counts since the start of the process; each outcome is there from the start.
     *
     * @param copies tries to copy a snapshot, by outcome
     * @param checks objects that were read back at an interval or on request, by outcome
     * @param bytes sent
     */
    public record Counts(Map<CopyOutcome, Long> copies, Map<CheckOutcome, Long> checks, long bytes) {

        public Counts {
            copies = Map.copyOf(copies);
            checks = Map.copyOf(checks);
        }
    }

    /** How a try to copy a snapshot ended. */
    public enum CopyOutcome {
        SUCCESS,
        FAILURE;

        /** The word in metrics. */
        public String word() {
            return name().toLowerCase(Locale.ROOT);
        }
    }

    /** What reading back showed. */
    public enum CheckOutcome {
        COPIED,
        MISSING,
        CHANGED,
        ARCHIVED,
        UNKNOWN;

        /** The word in metrics. */
        public String word() {
            return name().toLowerCase(Locale.ROOT);
        }
    }
}
