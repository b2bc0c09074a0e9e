package dev.otherix.backup.snapshot;

import java.util.List;
import java.util.Optional;

/**
 * What a prune did.
 *
 * @param removed what went, oldest first
 * @param failure the first thing that went wrong, where something did; the rest was tried all the same
 */
public record Pruned(List<SnapshotName> removed, Optional<String> failure) {

    /** Nothing was to be done. */
    public static final Pruned NOTHING = new Pruned(List.of(), Optional.empty());

    public Pruned {
        removed = List.copyOf(removed);
    }
}
