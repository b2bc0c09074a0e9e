package dev.otherix.backup.job;

import dev.otherix.backup.snapshot.DirectoryFailure;
import dev.otherix.backup.snapshot.RetentionPolicy;
import dev.otherix.backup.snapshot.SnapshotDirectory;
import dev.otherix.backup.snapshot.SnapshotName;
import java.util.ArrayList;
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

    /**
     * What a prune did.
     *
     * @param failure the first thing that went wrong, where something did; the rest was tried all the same
     */
    public record Pruned(List<SnapshotName> removed, Optional<String> failure) {}

    /** Removes what is not kept, and records why the rest is. */
    public Pruned prune() {
        var removed = new ArrayList<SnapshotName>();
        var failures = new ArrayList<String>();
        try {
            var decision = policy.decide(directory.list());
            for (var snapshot : decision.removed()) {
                try {
                    directory.delete(snapshot.name());
                    removed.add(snapshot.name());
                } catch (DirectoryFailure notRemoved) {
                    failures.add(notRemoved.getMessage());
                }
            }
            directory.explain(decision.kept());
        } catch (DirectoryFailure broken) {
            failures.add(broken.getMessage());
        }
        return new Pruned(List.copyOf(removed), failures.stream().findFirst());
    }

    /** Records why each snapshot is kept, and removes nothing. */
    public void explain() {
        directory.explain(policy.decide(directory.list()).kept());
    }
}
