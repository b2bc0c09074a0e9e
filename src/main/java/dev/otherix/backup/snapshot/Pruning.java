package dev.otherix.backup.snapshot;

import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.HashSet;
import java.util.List;
import java.util.Set;

/**
 * One prune. Each removal is decided and made while nothing else changes the directory. Between two removals other
 * threads get their turn: a snapshot that is pinned meanwhile is kept, and the decision is repeated after each change
 * by another thread.
 */
final class Pruning {

    private static final long NOTHING_DECIDED = -1;

    private final DirectoryChanges changes;
    private final Inventory inventory;
    private final RetentionPolicy policy;
    private final List<SnapshotName> removed = new ArrayList<>();
    private final Set<SnapshotName> notRemoved = new HashSet<>();
    private final List<String> failures = new ArrayList<>();
    private final Deque<SnapshotName> doomed = new ArrayDeque<>();
    private long decidedAfter = NOTHING_DECIDED;

    Pruning(DirectoryChanges changes, Inventory inventory, RetentionPolicy policy) {
        this.changes = changes;
        this.inventory = inventory;
        this.policy = policy;
    }

    /** Removes all snapshots that are not kept; never throws a {@link DirectoryFailure}: the result holds it. */
    Pruned toTheEnd() {
        try {
            boolean more = true;
            while (more) {
                more = changes.unchanged(this::removeNext);
            }
            changes.explain(all -> policy.decide(all).kept());
        } catch (DirectoryFailure broken) {
            failures.add(broken.getMessage());
        }
        return new Pruned(removed, failures.stream().findFirst());
    }

    /** Returns whether there was one to remove. */
    private boolean removeNext() {
        if (changes.made() != decidedAfter) {
            decide();
        }
        var name = doomed.poll();
        if (name == null) {
            return false;
        }
        try {
            changes.delete(name);
            removed.add(name);
        } catch (DirectoryFailure stays) {
            notRemoved.add(name);
            failures.add(stays.getMessage());
        }
        decidedAfter = changes.made();
        return true;
    }

    private void decide() {
        doomed.clear();
        policy.decide(inventory.list()).removed().stream()
                .map(Snapshot::name)
                .filter(name -> !notRemoved.contains(name))
                .forEach(doomed::add);
    }
}
