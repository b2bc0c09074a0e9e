package dev.otherix.backup.snapshot;

import java.util.List;
import java.util.Optional;

/**
 * The result of a prune. @param removed the removed snapshots, oldest first @param failure the first failure, if any;
 * the rest was tried anyway
 */
public record Pruned(List<SnapshotName> removed, Optional<String> failure) {

    /** Nothing was to be done. */
    public static final Pruned NOTHING = new Pruned(List.of(), Optional.empty());

    public Pruned {
        removed = List.copyOf(removed);
    }
}
