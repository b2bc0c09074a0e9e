package dev.otherix.backup.history;

import dev.otherix.backup.verify.RowCursor;
import dev.otherix.backup.verify.StoredRows;
import org.jspecify.annotations.Nullable;

/**
 * A key that chosen transactions change: what it was before the oldest of them, and what the newest of them left.
 * Filled from the file's rows, the newest first.
 */
final class UndoKey {

    private final Key key;
    private int changes;
    private long newest;
    private boolean deleted;
    private boolean leased;
    private long changedSince;
    private boolean begunByDeletion;
    private long firstVersion;
    private boolean beforeIsKnown;
    private RowCursor.@Nullable Place before;
    private long last;
    private RowCursor.@Nullable Place now;

    UndoKey(Key key) {
        this.key = key;
    }

    /** Counts a row of a chosen transaction that changes the key. */
    void count() {
        changes++;
    }

    /**
     * Takes the next older row of the key. Returns whether an older one is needed too.
     *
     * @param chosen whether the row belongs to a chosen transaction
     */
    boolean olderRow(RowCursor row, boolean chosen) {
        if (last == 0) {
            last = row.revision();
            now = row.deletion() ? null : row.place();
        }
        if (chosen) {
            return chosenRow(row);
        }
        if (changes > 0) {
            changedSince = Math.max(changedSince, row.revision());
            return true;
        }
        beforeIsKnown = !row.deletion() && (begunByDeletion || row.version() == firstVersion - 1);
        before = beforeIsKnown ? row.place() : null;
        leased |= row.lease() != 0;
        return false;
    }

    private boolean chosenRow(RowCursor row) {
        if (newest == 0) {
            newest = row.revision();
            deleted = row.deletion();
        }
        leased |= row.lease() != 0;
        begunByDeletion = row.deletion();
        firstVersion = row.version();
        changes--;
        var created = changes == 0 && !row.deletion() && row.version() == 1;
        beforeIsKnown |= created;
        return !created;
    }

    Key key() {
        return key;
    }

    /** The newest chosen transaction that changes it: this one's inverse writes it. */
    long newest() {
        return newest;
    }

    /** The revision that it has now, if nothing else changed it; 0 if it is deleted. */
    long guard() {
        return deleted ? 0 : newest;
    }

    /** Whether it had a lease before or afterwards: then it is not written. */
    boolean leased() {
        return leased;
    }

    /** The newest transaction that is not chosen and changed it after one that is; 0 for none. */
    long changedSince() {
        return changedSince;
    }

    /** Whether the row before the oldest chosen transaction is missing in the file. */
    boolean beforeIsMissing() {
        return !beforeIsKnown;
    }

    /** Its value before the oldest chosen transaction; null if it was not there. */
    RowCursor.@Nullable Place before() {
        return before;
    }

    /** Whether the file's last row of it is what the inverse writes: the same value, or as absent. */
    boolean isAsBefore(StoredRows rows) {
        var was = before;
        var is = now;
        return beforeIsKnown && (was == null || is == null ? was == is : rows.sameValue(was, is));
    }

    /** The revision that it has in the file; 0 if it is deleted there. */
    long modRevision() {
        return now == null ? 0 : last;
    }

    /** Whether it is now as it was: it was not there before, and is not there now. */
    boolean cameAndWent() {
        return beforeIsKnown && before == null && deleted;
    }
}
