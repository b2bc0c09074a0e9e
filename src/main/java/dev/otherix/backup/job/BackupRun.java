package dev.otherix.backup.job;

import dev.otherix.backup.snapshot.Consistency;
import dev.otherix.backup.snapshot.LastRun;
import dev.otherix.backup.snapshot.Snapshot;
import dev.otherix.backup.snapshot.SnapshotName;
import dev.otherix.backup.snapshot.Trigger;
import dev.otherix.backup.task.TaskFailure;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * A run that has ended.
 *
 * @param phases its phases, including the one in which it failed
 * @param pruned the snapshots that retention removed
 * @param pruneFailure why retention could not remove something; the run itself does not fail for that
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

    /** What is remembered of it when this process is gone. */
    public LastRun remembered() {
        return switch (outcome) {
            case Outcome.Saved(Snapshot saved) ->
                outcome.good()
                        ? LastRun.succeeded(startedAt, finishedAt, trigger)
                        : LastRun.local(startedAt, finishedAt, trigger, saved.name(), reason(saved));
            case Outcome.Failed(TaskFailure failure) ->
                LastRun.failed(
                        startedAt,
                        finishedAt,
                        trigger,
                        new LastRun.Failure(failure.code().word(), failure.message(), failure.details()));
        };
    }

    private static Consistency.@Nullable Reason reason(Snapshot local) {
        return local.etcd() == null ? null : local.etcd().consistencyReason();
    }

    /**
     * How long a phase took.
     *
     * @param succeeded whether the phase succeeded
     */
    public record PhaseTime(Phase phase, boolean succeeded, Duration duration) {}
}
