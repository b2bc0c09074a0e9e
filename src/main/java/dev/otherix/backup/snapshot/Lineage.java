package dev.otherix.backup.snapshot;

import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import org.jspecify.annotations.Nullable;

/**
 * Finds the lineage of a snapshot. A lineage is one history of one cluster. It ends when the cluster id changes, and
 * when the revision falls below that of an earlier snapshot, as after a restore or in a new cluster. It is named after
 * its first snapshot. Each record holds it, because the files in between may be gone later.
 */
public final class Lineage {

    private Lineage() {}

    /**
     * The lineage of a snapshot called {@code name}, taken after {@code newestFirst}. An unknown cluster or revision
     * ends no lineage.
     *
     * @param revision the revision of its key space
     */
    public static SnapshotName of(
            SnapshotName name, @Nullable String clusterId, @Nullable Long revision, List<Snapshot> newestFirst) {
        if (newestFirst.isEmpty()) {
            return name;
        }
        var lastKnown = newestFirst.stream()
                .map(Snapshot::clusterId)
                .filter(Objects::nonNull)
                .findFirst();
        var sameCluster =
                lastKnown.isEmpty() || clusterId == null || lastKnown.get().equals(clusterId);
        var current = newestFirst.getFirst().lineage();
        var wentBack = revision != null
                && newestFirst.stream()
                        .filter(earlier -> earlier.lineage().equals(current))
                        .anyMatch(earlier -> earlier.revision() != null && earlier.revision() > revision);
        return sameCluster && !wentBack ? current : name;
    }

    /**
     * The same snapshots, each with the lineage that their revisions show: a file whose revision was not known when a
     * later snapshot was taken may show afterwards that the history went back in between. Snapshots after the end of a
     * lineage do not belong to it.
     */
    public static List<Snapshot> corrected(List<Snapshot> newestFirst) {
        var corrected = new ArrayList<Snapshot>();
        @Nullable SnapshotName lineage = null;
        var highest = Long.MIN_VALUE;
        for (var snapshot : newestFirst.reversed()) {
            if (lineage == null || snapshot.lineage().compareTo(lineage) > 0) {
                lineage = snapshot.lineage();
                highest = Long.MIN_VALUE;
            }
            if (snapshot.revision() != null) {
                if (snapshot.revision() < highest) {
                    lineage = snapshot.name();
                    highest = Long.MIN_VALUE;
                }
                highest = Math.max(highest, snapshot.revision());
            }
            corrected.addFirst(snapshot.withLineage(lineage));
        }
        return List.copyOf(corrected);
    }
}
