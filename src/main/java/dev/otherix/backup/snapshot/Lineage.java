package dev.otherix.backup.snapshot;

import java.util.List;
import java.util.Objects;
import org.jspecify.annotations.Nullable;

/**
 * Tells to which lineage a new snapshot belongs. A lineage is one cluster's history: it ends where the cluster id changes. It is
 * named after its first snapshot, and each record remembers it, because the files in between may be gone later.
 */
public final class Lineage {

    private Lineage() {}

    /**
     * The lineage of a snapshot called {@code name} of the cluster {@code clusterId}, made after {@code newestFirst}. Files whose
     * cluster nobody knows end no lineage.
     */
    public static SnapshotName of(SnapshotName name, @Nullable String clusterId, List<Snapshot> newestFirst) {
        if (newestFirst.isEmpty()) {
            return name;
        }
        var lastKnown = newestFirst.stream().map(Snapshot::clusterId).filter(Objects::nonNull).findFirst();
        boolean sameCluster = lastKnown.isEmpty() || clusterId == null || lastKnown.get().equals(clusterId);
        return sameCluster ? newestFirst.getFirst().lineage() : name;
    }
}
