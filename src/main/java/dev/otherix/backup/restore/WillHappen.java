package dev.otherix.backup.restore;

import java.util.List;
import java.util.SequencedMap;
import org.jspecify.annotations.Nullable;

/**
 * What agents and workers do with a state once they are let in, as far as the state shows it. Only names, ids and
 * numbers.
 *
 * @param revision of the state
 * @param unreadable how many rows of a kind could not be understood, so that nothing is known about them
 */
public record WillHappen(
        long revision, Jobs jobs, Vms vms, Listed diskSnapshots, Listed nodes, SequencedMap<String, Long> unreadable) {

    /**
     * Jobs by kind.
     *
     * @param pending that run
     * @param running that newer versions run again
     */
    public record Jobs(SequencedMap<String, Long> pending, SequencedMap<String, Long> running) {}

    /**
     * Virtual machines.
     *
     * @param deleted that an agent deletes with their disks
     * @param stopped that an agent stops
     * @param pinned where the state has each of them
     * @param notPinned how many are on no node
     * @param deletedBefore how many rows are of machines that were deleted earlier
     */
    public record Vms(Listed deleted, Listed stopped, List<OnNode> pinned, long notPinned, long deletedBefore) {}

    /** The machines of one node. @param node its name; null if its row is not there */
    public record OnNode(String nodeId, @Nullable String node, Listed vms) {}

    /** How many there are, and the first of them. */
    public record Listed(long count, List<Named> first) {}

    /** @param name null if the row has none */
    public record Named(String id, @Nullable String name) {}
}
