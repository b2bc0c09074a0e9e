package dev.otherix.backup.history;

import dev.otherix.backup.history.ChosenTransactions.Chosen;
import dev.otherix.backup.history.UndoTransaction.Conflict;
import dev.otherix.backup.verify.StoredRows;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.ToLongFunction;
import java.util.stream.Collectors;

/**
 * What inverts each chosen transaction. One whose keys are all as its inverse would leave them is undone already: so it
 * is in a snapshot that was taken after an undo.
 */
final class Inverses {

    static final String UNDONE = "is undone already";

    private final StoredRows rows;
    private final List<Chosen> chosen;
    private final Map<Long, UndoTransaction> undone;

    Inverses(StoredRows rows, List<Chosen> chosen) {
        this.rows = rows;
        this.chosen = chosen;
        this.undone = chosen.stream()
                .filter(this::isUndone)
                .map(transaction -> new UndoTransaction(
                        transaction.revision(),
                        writes(transaction, UndoKey::modRevision),
                        Optional.of(UNDONE),
                        List.of(),
                        List.of()))
                .collect(Collectors.toMap(UndoTransaction::revision, transaction -> transaction));
    }

    private boolean isUndone(Chosen transaction) {
        var written = transaction.keys().stream()
                .filter(key -> writes(transaction, key))
                .toList();
        return !written.isEmpty() && written.stream().allMatch(key -> key.isAsBefore(rows));
    }

    private static boolean writes(Chosen transaction, UndoKey key) {
        return !key.leased() && key.newest() == transaction.revision() && !key.cameAndWent();
    }

    private static List<UndoWrite> writes(Chosen transaction, ToLongFunction<UndoKey> guard) {
        return transaction.keys().stream()
                .filter(key -> writes(transaction, key))
                .map(key -> new UndoWrite(key.key(), guard.applyAsLong(key), key.before()))
                .toList();
    }

    /** One for each that was chosen. */
    List<UndoTransaction> all() {
        return chosen.stream().map(this::inverse).toList();
    }

    /** What those that are undone already would write, guarded by what each key is in the file. */
    List<UndoTransaction> undone() {
        return List.copyOf(undone.values());
    }

    private UndoTransaction inverse(Chosen transaction) {
        var conflicts = new ArrayList<Conflict>();
        var leased = new ArrayList<Key>();
        for (var key : transaction.keys()) {
            if (key.leased()) {
                leased.add(key.key());
            } else if (key.changedSince() > transaction.revision() && !undone.containsKey(key.newest())) {
                conflicts.add(new Conflict(key.key(), key.changedSince()));
            }
        }
        var inverse = new UndoTransaction(
                transaction.revision(), writes(transaction, UndoKey::guard), transaction.leftOut(), conflicts, leased);
        return undone.containsKey(transaction.revision()) ? inverse.leftOut(UNDONE) : inverse;
    }
}
