package dev.otherix.backup.job;

import dev.otherix.backup.snapshot.Pruned;
import dev.otherix.backup.snapshot.RetentionPolicy;
import dev.otherix.backup.snapshot.SnapshotDirectory;

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

    /** Records why each snapshot is kept, and removes nothing. */
    public void explain() {
        directory.explain(all -> policy.decide(all).kept());
    }
}
