package dev.otherix.backup.job;

import dev.otherix.backup.snapshot.SnapshotName;
import dev.otherix.backup.snapshot.Trigger;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Optional;

/**
 * A run that has ended.
 *
 * @param phases the phases it went through, the last one that a failure ended in included
 * @param pruned what retention removed
 * @param pruneFailure why retention could not remove something; this does not make the run a failed one
 */
public record BackupRun(
        Trigger trigger,
        Instant startedAt,
        Instant finishedAt,
        Outcome outcome,
        List<PhaseTime> phases,
        List<SnapshotName> pruned,
        Optional<String> pruneFailure) {

    public BackupRun {
        phases = List.copyOf(phases);
        pruned = List.copyOf(pruned);
    }

    /** A run after which nothing was pruned. */
    static BackupRun withoutPrune(
            Trigger trigger, Instant startedAt, Instant finishedAt, Outcome outcome, List<PhaseTime> phases) {
        return new BackupRun(trigger, startedAt, finishedAt, outcome, phases, List.of(), Optional.empty());
    }

    /**
     * How long a phase took.
     *
     * @param succeeded whether the phase ended as it should
     */
    public record PhaseTime(Phase phase, boolean succeeded, Duration duration) {}
}
