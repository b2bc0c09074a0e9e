package dev.otherix.backup.snapshot;

import java.util.HashSet;
import java.util.Set;

/**
 * Tells the snapshots that this process takes out of the directory from those that go without it. Counts only what it has seen
 * there: what went before the first look, it cannot know. Not safe for use by several threads.
 */
final class Departures {

    private final Set<SnapshotName> present = new HashSet<>();
    private final Set<SnapshotName> expected = new HashSet<>();
    private long removed;
    private long vanished;

    /** Takes what is there now. */
    void look(Set<SnapshotName> names) {
        for (var name : present) {
            if (!names.contains(name)) {
                count(name);
            }
        }
        present.clear();
        present.addAll(names);
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
    void settle(SnapshotName name, boolean gone) {
        if (gone && present.remove(name)) {
            removed++;
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
