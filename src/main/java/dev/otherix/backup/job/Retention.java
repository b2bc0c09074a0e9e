package dev.otherix.backup.job;

import dev.otherix.backup.snapshot.Pruned;
import dev.otherix.backup.snapshot.RetentionPolicy;
import dev.otherix.backup.snapshot.SnapshotDirectory;
import dev.otherix.backup.snapshot.SnapshotName;
import java.util.List;
import java.util.Optional;
import java.util.function.BooleanSupplier;

/** Carries out the retention policy in the directory. */
public final class Retention {

    private final RetentionPolicy policy;
    private final SnapshotDirectory directory;
    private final BooleanSupplier maybeOthers;

    public Retention(RetentionPolicy policy, SnapshotDirectory directory) {
        this(policy, directory, () -> false);
    }

    /** @param maybeOthers whether what is in the directory may be another service's; then nothing is removed */
    Retention(RetentionPolicy policy, SnapshotDirectory directory, BooleanSupplier maybeOthers) {
        this.policy = policy;
        this.directory = directory;
        this.maybeOthers = maybeOthers;
    }

    /** Removes what is not kept, and records why the rest is. */
    public Pruned prune() {
        return maybeOthers.getAsBoolean() ? Pruned.NOTHING : directory.prune(policy);
    }

    /** Whether there is anything that is not kept. */
    boolean wouldRemove() {
        return !maybeOthers.getAsBoolean()
                && !policy.decide(directory.list()).removed().isEmpty();
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
