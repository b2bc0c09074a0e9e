package dev.otherix.backup.history;

import dev.otherix.backup.verify.RowCursor;
import org.jspecify.annotations.Nullable;

/**
 * What the inverse of a transaction writes to one key.
 *
 * @param guard the revision that the key must still have ({@code mod_revision}); 0 if it must still be absent
 * @param before the value that it gets again; null if it is deleted, because it was not there
 */
public record UndoWrite(Key key, long guard, RowCursor.@Nullable Place before) {

    /** Whether it puts the key. */
    public boolean put() {
        return before != null;
    }

    /** What it adds to a request, in bytes: its key, twice, and the value, each with what surrounds it. */
    long requestBytes() {
        return 2L * key.length() + (before == null ? 0 : before.length()) + 64;
    }
}
