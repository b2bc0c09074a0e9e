package dev.otherix.backup.cli;

import dev.otherix.backup.etcd.EtcdFailure;
import dev.otherix.backup.etcd.EtcdMember;
import dev.otherix.backup.etcd.MemberKeys;
import dev.otherix.backup.history.Key;
import dev.otherix.backup.history.ProvenFile;
import dev.otherix.backup.history.Undo;
import dev.otherix.backup.history.UndoTransaction;
import dev.otherix.backup.history.UndoWrite;
import java.time.Duration;
import java.util.Arrays;
import java.util.HashMap;
import java.util.HashSet;
import java.util.Map;
import java.util.OptionalLong;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.LockSupport;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/** An undo against the running member: compares it first, and writes it transaction by transaction. */
final class MemberUndo {

    private static final Duration STATUS_LIMIT = Duration.ofSeconds(5);
    private static final long PAUSE_NANOS = TimeUnit.MILLISECONDS.toNanos(200);
    private final EtcdMember member;
    private final Duration patience;
    private final Consumer<String> said;
    private final Consumer<Done> auditLog;
    private int applied;

    /**
     * @param patience how long to ask for the outcome of a write whose answer was lost
     * @param said gets a line for each transaction that was written
     * @param auditLog gets each transaction that was written; what it throws stops the undo
     */
    MemberUndo(EtcdMember member, Duration patience, Consumer<String> said, Consumer<Done> auditLog) {
        this.member = member;
        this.patience = patience;
        this.said = said;
        this.auditLog = auditLog;
    }

    /**
     * An inverse that was written.
     *
     * @param transaction what it undoes, and what it wrote
     * @param revision of the member after it; empty if the answer was lost, and it put no key that shows it
     */
    record Done(UndoTransaction transaction, OptionalLong revision) {}

    /** How an inverse's keys are now. */
    private enum Now {
        AS_IN_FILE,
        UNDONE,
        CHANGED
    }

    /**
     * The same undo, with the conflicts that the member has, and without what is undone there already.
     *
     * @throws CommandFailure if it is not the file's cluster, or cannot be asked
     */
    Undo compared(ProvenFile file, Undo undo) {
        try (var connection = member.connect()) {
            var keys = new MemberKeys(connection);
            new SameCluster(file).require(connection.status(STATUS_LIMIT), keys);
            var changed = new HashMap<Key, Long>();
            var undone = new HashSet<Long>();
            for (var transaction : undo.written()) {
                var now = revisions(keys, transaction);
                switch (now(keys, undo, transaction, now)) {
                    case AS_IN_FILE -> {}
                    case UNDONE -> undone.add(transaction.revision());
                    case CHANGED -> changed(transaction, now, changed);
                }
            }
            for (var transaction : undo.undone()) {
                var now = revisions(keys, transaction);
                if (now(keys, undo, transaction, now) == Now.CHANGED) {
                    changed(transaction, now, changed);
                }
            }
            return undo.withoutUndone(undone).changedSince(changed);
        } catch (EtcdFailure failure) {
            throw new CommandFailure(
                    failure.getMessage() + "; nothing was written",
                    "Give the configuration that the service runs with, and try again when the member answers.",
                    failure);
        }
    }

    private static void changed(UndoTransaction transaction, Map<UndoWrite, Long> now, Map<Key, Long> changed) {
        transaction.writes().stream()
                .filter(write -> revision(now, write) != write.guard())
                .forEach(write -> changed.put(write.key(), revision(now, write)));
    }

    private static Map<UndoWrite, Long> revisions(MemberKeys keys, UndoTransaction transaction) {
        var writes = transaction.writes();
        var found = keys.modRevisions(
                writes.stream().map(write -> write.key().bytes()).toList());
        var revisions = new HashMap<UndoWrite, Long>();
        for (var i = 0; i < found.length; i++) {
            revisions.put(writes.get(i), found[i]);
        }
        return revisions;
    }

    private static long revision(Map<UndoWrite, Long> revisions, UndoWrite write) {
        return revisions.getOrDefault(write, 0L);
    }

    private static Now now(MemberKeys keys, Undo undo, UndoTransaction transaction, Map<UndoWrite, Long> revisions) {
        if (transaction.writes().stream().allMatch(write -> revision(revisions, write) == write.guard())) {
            return Now.AS_IN_FILE;
        }
        var undone = transaction.writes().stream()
                .allMatch(write -> revision(revisions, write) != write.guard()
                        && (write.put() ? isPut(keys, undo, write) : revision(revisions, write) == 0));
        return undone ? Now.UNDONE : Now.CHANGED;
    }

    private static boolean isPut(MemberKeys keys, Undo undo, UndoWrite write) {
        return keys.read(write.key().bytes())
                .filter(stored -> stored.lease() == 0 && Arrays.equals(stored.value(), undo.value(write)))
                .isPresent();
    }

    /** How many transactions were written. */
    int applied() {
        return applied;
    }

    /**
     * Writes each inverse, the newest first.
     *
     * @throws CommandFailure at the first one that was not written; says what was done before
     */
    void write(Undo undo) {
        var open = undo.written();
        while (!open.isEmpty()) {
            @Nullable UndoTransaction sent = null;
            try (var connection = member.connect()) {
                var keys = new MemberKeys(connection);
                while (!open.isEmpty()) {
                    sent = open.getFirst();
                    write(keys, undo, sent);
                    open = open.subList(1, open.size());
                    sent = null;
                }
            } catch (EtcdFailure lost) {
                if (sent == null) {
                    throw stopped(undo, open.getFirst(), "was not undone: " + lost.getMessage(), lost);
                }
                settle(undo, sent, lost);
                open = open.subList(1, open.size());
            }
        }
    }

    private void write(MemberKeys keys, Undo undo, UndoTransaction transaction) {
        var revision = keys.write(transaction.writes().stream()
                .map(write -> new MemberKeys.Write(
                        write.key().bytes(), write.guard(), write.put() ? undo.value(write) : null))
                .toList());
        if (revision.isEmpty()) {
            throw stopped(undo, transaction, "was not undone: one of its keys was changed in the meantime", null);
        }
        done(undo, new Done(transaction, revision), "in revision " + revision.getAsLong());
    }

    /** Finds out whether a write whose answer was lost was done. */
    private void settle(Undo undo, UndoTransaction transaction, EtcdFailure lost) {
        var end = System.nanoTime() + patience.toNanos();
        while (true) {
            try (var connection = member.connect()) {
                var keys = new MemberKeys(connection);
                var revisions = revisions(keys, transaction);
                switch (now(keys, undo, transaction, revisions)) {
                    case UNDONE ->
                        done(
                                undo,
                                new Done(transaction, ofPuts(transaction, revisions)),
                                "as the member shows: its answer was lost");
                    case AS_IN_FILE -> throw stopped(undo, transaction, "was not undone: " + lost.getMessage(), lost);
                    case CHANGED ->
                        throw stopped(
                                undo,
                                transaction,
                                "has keys that were changed in the meantime, and the answer to its undo was lost",
                                lost);
                }
                return;
            } catch (EtcdFailure still) {
                if (System.nanoTime() - end > 0) {
                    lost.addSuppressed(still);
                    throw stopped(undo, transaction, "may be undone or not: " + lost.getMessage(), lost);
                }
                LockSupport.parkNanos(PAUSE_NANOS);
            }
        }
    }

    private static OptionalLong ofPuts(UndoTransaction transaction, Map<UndoWrite, Long> revisions) {
        return transaction.writes().stream()
                .filter(UndoWrite::put)
                .mapToLong(write -> revision(revisions, write))
                .findFirst();
    }

    private void done(Undo undo, Done done, String how) {
        applied++;
        var transaction = done.transaction();
        said.accept("revision " + transaction.revision() + " is undone " + how + ": puts " + transaction.puts()
                + ", deletes " + transaction.deletes());
        try {
            auditLog.accept(done);
        } catch (CommandFailure notNoted) {
            throw new CommandFailure(
                    "revision " + transaction.revision() + " is undone, but the audit log lacks it: "
                            + notNoted.getMessage() + ". Undone with it: " + applied + ", after it: none",
                    notNoted.fix() + " " + again(undo),
                    notNoted);
        }
    }

    /** A directory may hold a newer snapshot by then, and a time that is so long ago is another one. */
    private static String again(Undo undo) {
        return "To finish, run it on the same snapshot, with the other options as they were: " + Program.NAME + " undo "
                + undo.named() + " --apply. It leaves out what is undone already, and shows what was changed.";
    }

    private CommandFailure stopped(Undo undo, UndoTransaction transaction, String why, @Nullable Throwable cause) {
        return new CommandFailure(
                "revision " + transaction.revision() + " " + why + ". Undone before it: " + applied
                        + ", after it: none",
                again(undo),
                cause);
    }
}
