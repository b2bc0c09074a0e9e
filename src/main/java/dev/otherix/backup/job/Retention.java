package dev.otherix.backup.job;

import dev.otherix.backup.snapshot.Pruned;
import dev.otherix.backup.snapshot.RetentionPolicy;
import dev.otherix.backup.snapshot.SnapshotDirectory;
import dev.otherix.backup.snapshot.SnapshotName;
import java.util.List;
import java.util.Optional;
import java.util.function.BooleanSupplier;

/** Carries out the retention policy in the directory. */
public final class Retention {

    private final RetentionPolicy policy;
    private final SnapshotDirectory directory;
    private final BooleanSupplier maybeOthers;

    public Retention(RetentionPolicy policy, SnapshotDirectory directory) {
        this(policy, directory, () -> false);
    }

    /** @param maybeOthers whether the snapshots may belong to another service; then nothing is removed */
    Retention(RetentionPolicy policy, SnapshotDirectory directory, BooleanSupplier maybeOthers) {
        this.policy = policy;
        this.directory = directory;
        this.maybeOthers = maybeOthers;
    }

    /** Removes the snapshots that are not kept, and records why the others are. */
    public Pruned prune() {
        return prune(policy);
    }

    /** The same, where at most {@code uncopied} are kept for their missing copies, besides the newest of these. */
    Pruned pruneUncopied(int uncopied) {
        return prune(policy.keepingUncopied(uncopied));
    }

    private Pruned prune(RetentionPolicy by) {
        return maybeOthers.getAsBoolean()
                ? Pruned.NOTHING
                : directory.retention().prune(by);
    }

    /** How many are kept for their missing copies at most, besides the newest of these. */
    int uncopied() {
        return policy.uncopied().besides();
    }

    /** Whether retention would remove anything. */
    boolean wouldRemove() {
        return !maybeOthers.getAsBoolean()
                && !policy.decide(directory.list()).removed().isEmpty();
    }

    /**
     * Removes the snapshots that are held only for an earlier lineage. @return the removed ones; empty if
     * {@code lineage} is the current one
     */
    public Optional<List<SnapshotName>> release(SnapshotName lineage) {
        var released = directory.retention().release(lineage, policy);
        explain();
        return released;
    }

    /** Records why each snapshot is kept, and removes nothing. */
    public void explain() {
        directory.retention().explain(all -> policy.decide(all).kept());
    }
}
