package dev.otherix.backup.history;

import dev.otherix.backup.history.Difference.Kind;
import dev.otherix.backup.verify.RowCursor;
import dev.otherix.backup.verify.StoredRows;
import java.util.HashMap;
import java.util.Map;
import java.util.Optional;
import java.util.function.BiConsumer;
import org.jspecify.annotations.Nullable;

/**
 * Compares two states in one pass, where the keys that changed in between fit into memory: rows are read from the
 * newest on, until each of these keys was found as it was before.
 */
final class FewChanges {

    /** What a key takes in memory beside its bytes, about. */
    private static final int OVERHEAD = 160;

    private final StoredRows rows;
    private final RowCursor row;
    private final Map<Key, Ends> changed = new HashMap<>();
    private boolean atRow;

    private FewChanges(StoredRows rows) {
        this.rows = rows;
        this.row = rows.backward();
    }

    /** A key in the later state, and whether it has to be looked up in the earlier one. */
    private static final class Ends {

        private final RowCursor.@Nullable Place after;
        private boolean wasThere;

        private Ends(RowCursor.@Nullable Place after) {
            this.after = after;
        }
    }

    /**
     * Finds each key that differs, in no order.
     *
     * @param memory how many bytes of keys it may remember
     * @return false if there are too many; then nothing was found
     */
    static boolean find(
            StoredRows rows,
            long from,
            long to,
            KeyChoice keys,
            long memory,
            Steps steps,
            BiConsumer<Key, Kind> found) {
        var few = new FewChanges(rows);
        if (!few.between(from, to, keys, memory)) {
            return false;
        }
        few.before(steps, found);
        return true;
    }

    /** Afterwards the cursor is at the newest row of the earlier state, if there is one. */
    private boolean between(long from, long to, KeyChoice keys, long memory) {
        var left = memory;
        while (next() && row.revision() > from) {
            if (row.revision() <= to && keys.has(row)) {
                var key = Key.of(row);
                var ends = changed.get(key);
                if (ends == null) {
                    ends = new Ends(row.deletion() ? null : row.place());
                    changed.put(key, ends);
                    left -= OVERHEAD + key.length();
                }
                // the last to say it is its first row
                ends.wasThere = row.deletion() || row.version() > 1;
            }
            if (left < 0) {
                return false;
            }
        }
        return true;
    }

    private boolean next() {
        atRow = row.next();
        return atRow;
    }

    private void before(Steps steps, BiConsumer<Key, Kind> found) {
        for (var each = changed.entrySet().iterator(); each.hasNext(); ) {
            var next = each.next();
            if (!next.getValue().wasThere) {
                addedIfThere(next.getKey(), next.getValue(), found);
                each.remove();
            }
        }
        while (atRow && !changed.isEmpty()) {
            compare(found);
            steps.at(1 - row.ordinal() / (double) rows.count());
            next();
        }
        // a key that the rows before do not have
        changed.forEach((key, ends) -> addedIfThere(key, ends, found));
    }

    private static void addedIfThere(Key key, Ends ends, BiConsumer<Key, Kind> found) {
        if (ends.after != null) {
            found.accept(key, Kind.ADDED);
        }
    }

    /** The newest row of a key in the earlier state is that state of it. */
    private void compare(BiConsumer<Key, Kind> found) {
        if (row.keyLength() > Key.LONGEST) {
            return;
        }
        var key = Key.of(row);
        var ends = changed.remove(key);
        if (ends != null) {
            kind(row.deletion() ? null : row.place(), ends.after).ifPresent(kind -> found.accept(key, kind));
        }
    }

    private Optional<Kind> kind(RowCursor.@Nullable Place before, RowCursor.@Nullable Place after) {
        if (before == null) {
            return after == null ? Optional.empty() : Optional.of(Kind.ADDED);
        }
        if (after == null) {
            return Optional.of(Kind.REMOVED);
        }
        return rows.sameValue(before, after) ? Optional.empty() : Optional.of(Kind.CHANGED);
    }
}
