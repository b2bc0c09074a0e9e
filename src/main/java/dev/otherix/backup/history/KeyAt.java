package dev.otherix.backup.history;

import dev.otherix.backup.verify.RowCursor;
import dev.otherix.backup.verify.StoredRows;
import java.util.Optional;

/** One key at one moment. */
public final class KeyAt {

    private KeyAt() {}

    /**
     * The row of a key in the state at a revision that the file holds; empty if the key is not there. Rows are read
     * from the newest on, until one of the key is found.
     */
    public static Optional<RowCursor> find(StoredRows rows, Key key, long revision) {
        var row = rows.backward();
        while (row.next()) {
            if (row.revision() <= revision && key.isOf(row)) {
                return row.deletion() ? Optional.empty() : Optional.of(row);
            }
        }
        return Optional.empty();
    }
}
