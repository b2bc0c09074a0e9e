package dev.otherix.backup.snapshot;

import java.util.List;
import java.util.Optional;
import java.util.function.UnaryOperator;

/** What a retention policy changes in the directory. Each removal is decided on the current records. */
public final class RetentionChanges {

    private final DirectoryChanges changes;
    private final Inventory inventory;

    RetentionChanges(DirectoryChanges changes, Inventory inventory) {
        this.changes = changes;
        this.inventory = inventory;
    }

    /**
     * Records why each snapshot is kept and its lineage, where that has changed. Files without a record are left
     * unchanged.
     *
     * @param why takes all snapshots, newest first, and returns them with their reasons; called while nothing else
     *     changes the directory
     */
    public void explain(UnaryOperator<List<Snapshot>> why) {
        changes.explain(why);
    }

    /** Removes the snapshots that {@code policy} does not keep, and records why the others are kept. */
    public Pruned prune(RetentionPolicy policy) {
        return new Pruning(changes, inventory, policy).toTheEnd();
    }

    /**
     * Removes the snapshots that {@code policy} holds only for an earlier lineage; returns them. Removes nothing of the
     * current lineage: then the result is empty.
     */
    public Optional<List<SnapshotName>> release(SnapshotName lineage, RetentionPolicy policy) {
        return new LineageRelease(changes, inventory, policy).of(lineage);
    }
}
