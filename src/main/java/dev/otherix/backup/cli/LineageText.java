package dev.otherix.backup.cli;

import dev.otherix.backup.snapshot.Snapshot;
import java.util.LinkedHashSet;
import java.util.LongSummaryStatistics;
import java.util.Set;

/**
 * A lineage for a person. The names of lineages differ from host to host; the cluster and the revisions can be
 * compared.
 */
final class LineageText {

    private final String name;
    private final Set<String> clusters = new LinkedHashSet<>();
    private final LinkedHashSet<String> versions = new LinkedHashSet<>();
    private final LongSummaryStatistics revisions = new LongSummaryStatistics();
    private long snapshots;

    LineageText(String name) {
        this.name = name;
    }

    /** Adds a snapshot that is older than the previous ones. */
    void add(Snapshot snapshot) {
        snapshots++;
        if (snapshot.etcd() != null) {
            clusters.add(snapshot.etcd().clusterId());
            versions.add(snapshot.etcd().version());
        }
        if (snapshot.revision() != null) {
            revisions.accept(snapshot.revision());
        }
    }

    @Override
    public String toString() {
        return "Lineage " + name + ": cluster " + (clusters.isEmpty() ? "not known" : String.join(", ", clusters))
                + (versions.isEmpty() ? "" : ", etcd " + String.join(", ", versions.reversed()))
                + (revisions.getCount() == 0 ? "" : ", revisions " + revisions.getMin() + " to " + revisions.getMax())
                + ", snapshots " + snapshots;
    }
}
