package dev.otherix.backup.offsite;

import dev.otherix.backup.snapshot.Snapshot;
import java.time.Clock;
import java.util.List;

/** Keeps one target as its rules say: what is known of it, what is removed, and what is not copied there at all. */
final class Upkeep {

    private final TargetParts parts;
    private final PruneRound round;
    private final LostCopies lost;
    private final RequestedRemoval requested;
    private final Superfluous superfluous;
    private final Trouble trouble;
    private final Clock clock;

    Upkeep(
            TargetParts parts,
            PruneRound round,
            LostCopies lost,
            RequestedRemoval requested,
            Superfluous superfluous,
            Trouble trouble,
            Clock clock) {
        this.parts = parts;
        this.round = round;
        this.lost = lost;
        this.requested = requested;
        this.superfluous = superfluous;
        this.trouble = trouble;
        this.clock = clock;
    }

    /** Looks what lies there, compares the local records with it, and notes whether it is of this cluster. */
    void look(List<Snapshot> newestFirst) {
        parts.choice().folder(newestFirst).ifPresent(folder -> look(folder, newestFirst));
    }

    private void look(Folder folder, List<Snapshot> newestFirst) {
        parts.sight().look(folder);
        parts.choice().look(folder);
        lost.settle(folder, newestFirst);
        var newest = newestFirst.getFirst();
        try {
            parts.sight().requireOwn(newest, folder);
            trouble.settle(newest.name());
        } catch (NotCopied other) {
            trouble.passOver(newest.name(), other);
        }
    }

    /** Whether it is known what lies there; where the rules do not ask for it, it need not be. */
    boolean knowsAll(List<Snapshot> newestFirst) {
        return parts.choice().folder(newestFirst).isEmpty() || parts.choice().knowsAll(newestFirst);
    }

    /** What removes copies because a person asks for it. */
    RequestedRemoval requested() {
        return requested;
    }

    void readSome() {
        parts.choice().stored().readSome();
    }

    /** Whether there is something to remove. Never while the folder seems to be of another cluster. */
    boolean isDue(List<Snapshot> newestFirst) {
        return !newestFirst.isEmpty() && isOwn(newestFirst) && round.isDue(newestFirst, clock.instant());
    }

    private boolean isOwn(List<Snapshot> newestFirst) {
        return trouble.passed(newestFirst.getFirst().name(), NotCopied.Why.OTHER_CLUSTER)
                .isEmpty();
    }

    /** Removes some of what the rules do not keep, if a look shows that this may be done. */
    void prune(List<Snapshot> newestFirst) {
        var folder = parts.choice().folder(newestFirst).orElseThrow();
        look(folder, newestFirst);
        if (isOwn(newestFirst)) {
            round.run(folder, newestFirst, clock.instant());
        }
    }

    /** Decides again which snapshots wait; called by another thread, also while the store does not answer. */
    void choose(List<Snapshot> newestFirst) {
        var waiting = CopyChoice.names(parts.choice().waiting(newestFirst, trouble.failing()));
        superfluous.set(
                parts.target(),
                CopyChoice.names(newestFirst.stream()
                        .filter(snapshot ->
                                parts.choice().lacks(snapshot, newestFirst) && !waiting.contains(snapshot.name()))
                        .toList()));
    }

    List<String> remarks() {
        return round.held().remarks();
    }
}
