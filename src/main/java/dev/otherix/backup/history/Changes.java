package dev.otherix.backup.history;

import dev.otherix.backup.verify.ResourceKinds;
import dev.otherix.backup.verify.RowCursor;
import dev.otherix.backup.verify.StoredRows;
import java.util.Optional;
import java.util.function.Predicate;
import org.jspecify.annotations.Nullable;

/**
 * The changes between two states of a file, the newest first, each read when it is requested. Memory does not depend on
 * their number.
 */
public final class Changes {

    private final StoredRows rows;
    private final long after;
    private final long upTo;
    private final Predicate<RowCursor> chosen;

    /**
     * @param after the revision of the earlier state
     * @param upTo the revision of the later one
     * @param keys of which keys
     * @param op of which kind, null for both
     */
    public Changes(StoredRows rows, long after, long upTo, KeyChoice keys, Change.@Nullable Op op) {
        this.rows = rows;
        this.after = after;
        this.upTo = upTo;
        this.chosen = row -> keys.has(row) && (op == null || op == Change.Op.of(row));
    }

    /** Each change that was chosen. */
    public Walk<Change> each() {
        var walk = new InSpan();
        return () -> {
            while (walk.next()) {
                if (chosen.test(walk.row)) {
                    return Optional.of(Change.of(walk.row));
                }
            }
            return Optional.empty();
        };
    }

    /** Each transaction with a change that was chosen, as a whole. */
    public Walk<Transaction> byTransaction() {
        var walk = new InSpan();
        walk.next();
        return () -> {
            while (!walk.ended) {
                var transaction = transaction(walk);
                if (transaction.isPresent()) {
                    return transaction;
                }
            }
            return Optional.empty();
        };
    }

    /** The one whose last row the walk has reached; afterwards it is at the last row of the one before. */
    private Optional<Transaction> transaction(InSpan walk) {
        var revision = walk.row.revision();
        var kinds = new ResourceKinds();
        var isChosen = false;
        long puts = 0;
        long deletes = 0;
        do {
            isChosen |= chosen.test(walk.row);
            kinds.count(walk.row.kind());
            if (walk.row.deletion()) {
                deletes++;
            } else {
                puts++;
            }
        } while (walk.next() && walk.row.revision() == revision);
        return isChosen ? Optional.of(new Transaction(revision, puts, deletes, kinds.counts())) : Optional.empty();
    }

    /** The rows of the changes between both states. */
    private final class InSpan {

        private final RowCursor row = rows.backward();
        private boolean ended;

        private boolean next() {
            do {
                ended = ended || !row.next() || row.revision() <= after;
            } while (!ended && row.revision() > upTo);
            return !ended;
        }
    }
}
