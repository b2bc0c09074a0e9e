package dev.otherix.backup.snapshot;

import java.util.List;
import java.util.Optional;

/** Releases an earlier lineage. */
final class LineageRelease {

    private final DirectoryChanges changes;
    private final Inventory inventory;
    private final RetentionPolicy policy;

    LineageRelease(DirectoryChanges changes, Inventory inventory, RetentionPolicy policy) {
        this.changes = changes;
        this.inventory = inventory;
        this.policy = policy;
    }

    /**
     * Removes the held snapshots of {@code lineage}, decided while nothing else changes the directory. Snapshots that
     * are kept for their number, a pin or a damaged record stay. @return the removed ones; empty if {@code lineage} is
     * the current one
     */
    Optional<List<SnapshotName>> of(SnapshotName lineage) {
        return changes.unchanged(() -> {
            var kept = policy.decide(inventory.list()).kept();
            if (!kept.isEmpty() && kept.getFirst().lineage().equals(lineage)) {
                return Optional.empty();
            }
            var held = kept.stream()
                    .filter(snapshot -> snapshot.lineage().equals(lineage) && snapshot.held())
                    .map(Snapshot::name)
                    .toList();
            held.forEach(changes::delete);
            return Optional.of(held);
        });
    }
}
