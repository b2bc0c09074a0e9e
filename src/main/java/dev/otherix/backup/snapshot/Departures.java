package dev.otherix.backup.snapshot;

import java.util.HashSet;
import java.util.Set;

/**
 * Tells the snapshots that this process takes out of the directory from those that go without it. Counts only what it
 * has seen there: what went before the first look, it cannot know. Not safe for use by several threads.
 */
final class Departures {

    private final Set<SnapshotName> present = new HashSet<>();
    private final Set<SnapshotName> expected = new HashSet<>();
    private final Set<SnapshotName> gone = new HashSet<>();
    private long removed;
    private long vanished;

    /** Takes what a listing has shown. One that was begun before a file went by this process may still show that. */
    void look(Set<SnapshotName> names) {
        gone.retainAll(names);
        for (var name : present) {
            if (!names.contains(name)) {
                count(name);
            }
        }
        present.clear();
        present.addAll(names);
        present.removeAll(gone);
    }

    private void count(SnapshotName name) {
        if (expected.contains(name)) {
            removed++;
        } else {
            vanished++;
        }
    }

    /** From now on a file of this name goes by the hand of this process. */
    void expect(SnapshotName name) {
        expected.add(name);
    }

    /** Ends {@link #expect}: the file has gone, or it stays. */
    void settle(SnapshotName name, boolean hasGone) {
        if (hasGone && present.remove(name)) {
            removed++;
        }
        if (hasGone) {
            gone.add(name);
        }
        expected.remove(name);
    }

    long removed() {
        return removed;
    }

    long vanished() {
        return vanished;
    }
}
