package dev.otherix.backup.history;

import dev.otherix.backup.history.ChosenTransactions.Chosen;
import dev.otherix.backup.history.UndoTransaction.Conflict;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;

/**
 * The inverses of chosen transactions of a file, the newest first. Each is one transaction of etcd, never split. A key
 * that several of them changed is written once, in the inverse of the newest, with its value before the oldest; so what
 * each key must still be is known beforehand. Holds keys, and where their values are in the file.
 */
public final class Undo {

    /** What etcd takes in one request: {@code --max-txn-ops} and {@code --max-request-bytes}, by default. */
    private static final int MOST_WRITES = 128;

    private static final long MOST_BYTES = 1536L << 10;

    private static final String CONFLICT = "has a conflict";

    private final ProvenFile file;
    private final List<Chosen> chosen;
    private final UndoChoice choice;
    private final List<UndoTransaction> transactions;
    private final List<UndoTransaction> undone;

    private Undo(
            ProvenFile file,
            UndoChoice choice,
            List<Chosen> chosen,
            List<UndoTransaction> transactions,
            List<UndoTransaction> undone) {
        this.file = file;
        this.choice = choice;
        this.chosen = chosen;
        this.transactions = List.copyOf(transactions);
        this.undone = List.copyOf(undone);
    }

    /**
     * Chooses the transactions. Reads the file's rows.
     *
     * @throws Refused if it does not hold them, or they are too many
     */
    public static Undo of(ProvenFile file, UndoChoice choice) {
        var chosen = new ChosenTransactions(file, choice).find();
        var inverses = new Inverses(file.rows(), chosen);
        return new Undo(file, choice, chosen, inverses.all(), inverses.undone());
    }

    private Undo with(List<UndoTransaction> others) {
        return new Undo(file, choice, chosen, others, undone);
    }

    /** The file, and the options that choose the same transactions whatever time it is. */
    public String named() {
        return file.path() + choice.options();
    }

    /** One for each that was chosen, the newest first; those that are left out too. */
    public List<UndoTransaction> transactions() {
        return transactions;
    }

    /** What those that the file shows to be undone would write; each guard is the key's revision in the file. */
    public List<UndoTransaction> undone() {
        return undone;
    }

    /** Those that write something, the newest first. */
    public List<UndoTransaction> written() {
        return transactions.stream()
                .filter(transaction -> !transaction.writes().isEmpty())
                .toList();
    }

    /** The conflicts of those that are not left out. */
    public List<Conflict> conflicts() {
        return transactions.stream()
                .filter(transaction -> transaction.leftOut().isEmpty())
                .flatMap(transaction -> transaction.conflicts().stream())
                .distinct()
                .toList();
    }

    /** The value that a key gets again. */
    public byte[] value(UndoWrite write) {
        if (write.before() == null) {
            throw new IllegalArgumentException("no value is put");
        }
        return file.rows().value(write.before());
    }

    /**
     * The same, where these keys were changed after the file was made.
     *
     * @param changed the revision of the newest change of each, 0 if it is not known
     */
    public Undo changedSince(Map<Key, Long> changed) {
        var all = new ArrayList<UndoTransaction>();
        for (var i = 0; i < chosen.size(); i++) {
            var now = transactions.get(i);
            var conflicts = new LinkedHashMap<Key, Conflict>();
            now.conflicts().forEach(conflict -> conflicts.put(conflict.key(), conflict));
            chosen.get(i).keys().stream()
                    .filter(key -> !key.leased())
                    .map(UndoKey::key)
                    .filter(changed::containsKey)
                    .forEach(key -> conflicts.put(key, new Conflict(key, changed.getOrDefault(key, 0L))));
            // changed again after the file was made
            var nowUndone = conflicts.isEmpty() || !now.leftOut().equals(Optional.of(Inverses.UNDONE));
            all.add(new UndoTransaction(
                    now.revision(),
                    now.writes(),
                    nowUndone ? now.leftOut() : Optional.empty(),
                    List.copyOf(conflicts.values()),
                    now.leased()));
        }
        return with(all);
    }

    /** The same, where these revisions are undone already. */
    public Undo withoutUndone(Set<Long> revisions) {
        return with(transactions.stream()
                .map(transaction ->
                        revisions.contains(transaction.revision()) ? transaction.leftOut(Inverses.UNDONE) : transaction)
                .toList());
    }

    /** The same without each transaction that has a conflict, and each that shares a key with one that is left out. */
    public Undo withoutConflicts() {
        var sharing = new HashMap<UndoKey, List<Integer>>();
        for (var i = 0; i < chosen.size(); i++) {
            for (var key : chosen.get(i).keys()) {
                if (!key.leased()) {
                    sharing.computeIfAbsent(key, _ -> new ArrayList<>()).add(i);
                }
            }
        }
        var left = new ArrayList<>(transactions);
        var followed = new HashSet<UndoKey>();
        for (var i = 0; i < chosen.size(); i++) {
            if (!transactions.get(i).conflicts().isEmpty()
                    && left.get(i).leftOut().isEmpty()) {
                left.set(i, left.get(i).leftOut(CONFLICT));
                leaveOutSharing(i, left, sharing, followed);
            }
        }
        return with(left);
    }

    private void leaveOutSharing(
            int first, List<UndoTransaction> left, Map<UndoKey, List<Integer>> sharing, Set<UndoKey> followed) {
        var open = new ArrayList<>(List.of(first));
        while (!open.isEmpty()) {
            var from = open.removeLast();
            for (var key : chosen.get(from).keys()) {
                if (!followed.add(key)) {
                    continue;
                }
                for (var other : sharing.getOrDefault(key, List.of())) {
                    if (left.get(other).leftOut().isEmpty()) {
                        var why =
                                "shares a key with revision " + chosen.get(from).revision() + ", which is left out";
                        left.set(
                                other,
                                left.get(other)
                                        .leftOut(left.get(other).conflicts().isEmpty() ? why : CONFLICT));
                        open.add(other);
                    }
                }
            }
        }
    }

    /**
     * Nothing of an undo is done if a part of it cannot be.
     *
     * @throws Refused if etcd would not take an inverse, or the file does not hold what it would write
     */
    public void requirePossible() {
        for (var i = 0; i < chosen.size(); i++) {
            var transaction = transactions.get(i);
            if (transaction.leftOut().isEmpty()) {
                requireBefore(chosen.get(i));
                requireSize(transaction);
            }
        }
    }

    private void requireBefore(Chosen transaction) {
        transaction.keys().stream()
                .filter(key -> !key.leased() && key.beforeIsMissing())
                .findFirst()
                .ifPresent(key -> {
                    throw new Refused(
                            file.path() + " has no row of " + key.key() + " from before revision "
                                    + transaction.revision() + ", so what it was is not known",
                            "Use an older snapshot that holds revision " + transaction.revision() + ".");
                });
    }

    private static void requireSize(UndoTransaction transaction) {
        var writes = transaction.writes().size();
        var bytes =
                transaction.writes().stream().mapToLong(UndoWrite::requestBytes).sum();
        if (writes > MOST_WRITES || bytes > MOST_BYTES) {
            throw new Refused(
                    "the inverse of revision " + transaction.revision() + " has " + writes + " operations and " + bytes
                            + " bytes; etcd takes " + MOST_WRITES + " and " + MOST_BYTES
                            + " in one transaction, and it is never split",
                    "Leave this revision out, or restore the values one by one: otherix-etcd-backup get shows each.");
        }
    }
}
