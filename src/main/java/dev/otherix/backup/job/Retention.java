package dev.otherix.backup.job;

import dev.otherix.backup.snapshot.Pruned;
import dev.otherix.backup.snapshot.RetentionPolicy;
import dev.otherix.backup.snapshot.SnapshotDirectory;
import dev.otherix.backup.snapshot.SnapshotName;
import java.util.List;
import java.util.Optional;

/** Carries out the retention policy in the directory. */
public final class Retention {

    private final RetentionPolicy policy;
    private final SnapshotDirectory directory;

    public Retention(RetentionPolicy policy, SnapshotDirectory directory) {
        this.policy = policy;
        this.directory = directory;
    }

    /** Removes what is not kept, and records why the rest is. */
    public Pruned prune() {
        return directory.prune(policy);
    }

    /** Whether there is anything that is not kept. */
    boolean wouldRemove() {
        return !policy.decide(directory.list()).removed().isEmpty();
    }

    /**
     * Removes what is only held of an earlier lineage.
     *
     * @return what went; empty where {@code lineage} is the current one
     */
    public Optional<List<SnapshotName>> release(SnapshotName lineage) {
        var released = directory.release(lineage, policy);
        explain();
        return released;
    }

    /** Records why each snapshot is kept, and removes nothing. */
    public void explain() {
        directory.explain(all -> policy.decide(all).kept());
    }
}
