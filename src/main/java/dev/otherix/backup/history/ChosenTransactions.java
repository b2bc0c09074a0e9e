package dev.otherix.backup.history;

import dev.otherix.backup.verify.RowCursor;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;

/** Finds the transactions that are to be undone, and what the file knows about each of their keys. */
final class ChosenTransactions {

    /** Changes and transactions that are held in memory; an undo by hand has a few. */
    static final int MOST = 100_000;

    private static final long MOST_KEY_BYTES = 16 << 20;

    /** A job would run again, a number be given twice, a leader be put back. */
    private static final List<String> NOT_UNDONE = List.of("/otherix/jobs/", "/otherix/seq/", "/otherix/election/");

    private static final List<byte[]> NOT_UNDONE_BYTES = NOT_UNDONE.stream()
            .map(prefix -> prefix.getBytes(StandardCharsets.UTF_8))
            .toList();

    private final ProvenFile file;
    private final UndoChoice choice;
    private final Map<Key, UndoKey> keys = new HashMap<>();
    private final Map<Long, Chosen> chosen = new HashMap<>();
    private final List<Chosen> newestFirst = new ArrayList<>();
    private long held;
    private long heldBytes;

    /**
     * One of them.
     *
     * @param leftOut why it is not undone, if it is not
     */
    record Chosen(long revision, List<UndoKey> keys, Optional<String> leftOut) {}

    ChosenTransactions(ProvenFile file, UndoChoice choice) {
        this.file = file;
        this.choice = choice;
    }

    /** Newest first. */
    List<Chosen> find() {
        choose();
        requireAllNamed();
        follow();
        return newestFirst;
    }

    private void choose() {
        var row = file.rows().backward();
        var more = row.next();
        while (more && row.revision() > choice.after()) {
            more = choice.has(row.revision()) ? transaction(row) : row.next();
        }
    }

    /** The one whose last row the cursor has reached; afterwards it is at the last row of the one before. */
    private boolean transaction(RowCursor row) {
        var revision = row.revision();
        var changed = new ArrayList<Key>();
        var isChosen = false;
        var excluded = -1;
        var tooMany = false;
        long bytes = 0;
        boolean more;
        do {
            isChosen |= choice.has(row);
            excluded = Math.max(excluded, excluded(row));
            bytes += row.keyLength();
            tooMany |= held + changed.size() >= MOST
                    || heldBytes + bytes > MOST_KEY_BYTES
                    || row.keyLength() > Key.LONGEST;
            if (!tooMany) {
                changed.add(Key.of(row));
            }
            more = row.next();
        } while (more && row.revision() == revision);
        if (isChosen && excluded >= 0 && !choice.isNamed(revision)) {
            hold(1, 0, false);
            newestFirst.add(new Chosen(revision, List.of(), Optional.of(why(excluded))));
        } else if (isChosen) {
            hold(changed.size(), bytes, tooMany);
            add(revision, changed);
        }
        return more;
    }

    private static int excluded(RowCursor row) {
        for (var i = 0; i < NOT_UNDONE_BYTES.size(); i++) {
            if (row.startsWith(NOT_UNDONE_BYTES.get(i))) {
                return i;
            }
        }
        return -1;
    }

    private static String why(int excluded) {
        return "changes keys below " + NOT_UNDONE.get(excluded) + ", and --revision does not name it";
    }

    private void hold(long changes, long bytes, boolean tooMany) {
        held += changes;
        heldBytes += bytes;
        if (tooMany || held > MOST) {
            throw new Refused(
                    "the chosen transactions change more than " + MOST + " keys, or keys of more than "
                            + (MOST_KEY_BYTES >> 20) + " MiB",
                    "Choose fewer: --from and --to closer together, or --prefix.");
        }
    }

    private void add(long revision, List<Key> changed) {
        var of = new LinkedHashSet<UndoKey>();
        for (var key : changed) {
            var known = keys.computeIfAbsent(key, UndoKey::new);
            known.count();
            of.add(known);
        }
        var transaction = new Chosen(revision, List.copyOf(of), Optional.empty());
        chosen.put(revision, transaction);
        newestFirst.add(transaction);
    }

    private void requireAllNamed() {
        if (choice.named() == null || newestFirst.size() == choice.named().size()) {
            return;
        }
        var found = Set.copyOf(newestFirst.stream().map(Chosen::revision).toList());
        choice.named().stream()
                .filter(revision -> !found.contains(revision))
                .findFirst()
                .ifPresent(revision -> {
                    throw new Refused(
                            file.path() + " has no transaction with revision " + revision
                                    + (choice.keys().equals(KeyChoice.ALL) ? "" : " that changes a key below --prefix"),
                            "To see the transactions there: otherix-etcd-backup history " + file.path()
                                    + " --transactions --prefix '' --since " + (revision - 1) + " --until " + revision);
                });
    }

    /** Goes back until what each key was before is known. */
    private void follow() {
        var open = new HashMap<>(keys);
        var row = file.rows().backward();
        while (!open.isEmpty() && row.next()) {
            if (row.keyLength() > Key.LONGEST) {
                continue;
            }
            var key = Key.of(row);
            var known = open.get(key);
            if (known != null && !known.olderRow(row, chosen.containsKey(row.revision()))) {
                open.remove(key);
            }
        }
    }
}
