package dev.otherix.backup.history;

import java.util.List;
import java.util.Optional;

/**
 * The inverse of one transaction.
 *
 * @param revision of that transaction
 * @param writes what it writes; none if it is left out, or if newer inverses write all of its keys
 * @param leftOut why it is left out, if it is
 * @param conflicts the keys that another transaction changed since
 * @param leased the keys that are not written because they had a lease before or afterwards
 */
public record UndoTransaction(
        long revision, List<UndoWrite> writes, Optional<String> leftOut, List<Conflict> conflicts, List<Key> leased) {

    /**
     * A key that was changed since.
     *
     * @param revision of the newest change; 0 if it is not known, because the key was deleted in the member
     */
    public record Conflict(Key key, long revision) {}

    public UndoTransaction {
        writes = List.copyOf(writes);
        conflicts = List.copyOf(conflicts);
        leased = List.copyOf(leased);
    }

    /** How many keys it puts. */
    public long puts() {
        return writes.stream().filter(UndoWrite::put).count();
    }

    /** How many keys it deletes. */
    public long deletes() {
        return writes.size() - puts();
    }

    UndoTransaction leftOut(String why) {
        return new UndoTransaction(revision, List.of(), Optional.of(why), conflicts, leased);
    }
}
