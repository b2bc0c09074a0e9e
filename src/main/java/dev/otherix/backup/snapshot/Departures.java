package dev.otherix.backup.snapshot;

import java.io.IOException;
import java.util.HashSet;
import java.util.Set;

/**
 * Distinguishes the snapshots that this process removes from those that disappear without it. Counts only files that it
 * has seen: it does not know of files that disappeared before its first look. Not safe for use by several threads.
 */
final class Departures {

    private final Set<SnapshotName> present = new HashSet<>();
    private final Set<SnapshotName> expected = new HashSet<>();
    private final Set<SnapshotName> gone = new HashSet<>();
    private long removed;
    private long vanished;

    /** Takes a listing. A listing that started before this process removed a file may still show that file. */
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

    /** Announces that this process removes the file with this name. */
    void expect(SnapshotName name) {
        expected.add(name);
    }

    /** Ends {@link #expect}: the file was removed, or it is kept. */
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

    /** Removes or renames a file. */
    @FunctionalInterface
    interface Change {
        void make() throws IOException;
    }
}
