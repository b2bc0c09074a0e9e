package dev.otherix.backup.cli;

import dev.otherix.backup.history.Key;
import dev.otherix.backup.history.Span;
import dev.otherix.backup.history.Undo;
import dev.otherix.backup.history.UndoTransaction;
import java.io.PrintWriter;
import java.time.Instant;

/** An undo for a person: each transaction, and below it its keys, never a value. */
final class UndoText {

    private final PrintWriter out;
    private final Span span;

    UndoText(PrintWriter out, Span span) {
        this.out = out;
        this.span = span;
    }

    void print(Undo undo) {
        undo.transactions().forEach(this::print);
    }

    private void print(UndoTransaction transaction) {
        var time = span.time(transaction.revision()).map(Instant::toString).orElse("time not known");
        out.println("revision " + transaction.revision() + " (" + time + "): " + summary(transaction));
        transaction.writes().forEach(write -> line(write.put() ? "put" : "delete", write.key(), ""));
        transaction
                .conflicts()
                .forEach(conflict -> line(
                        "conflict",
                        conflict.key(),
                        conflict.revision() == 0
                                ? ": deleted since"
                                : ": changed since, in revision " + conflict.revision()));
        transaction.leased().forEach(key -> line("leased", key, ": left out"));
    }

    private static String summary(UndoTransaction transaction) {
        return transaction
                .leftOut()
                .map(why -> "left out: it " + why)
                .orElseGet(() -> transaction.writes().isEmpty()
                        ? "nothing to write"
                        : "puts " + transaction.puts() + ", deletes " + transaction.deletes());
    }

    private void line(String what, Key key, String remark) {
        out.println("  %-8s  %s".formatted(what, OutputFormat.printable(key.shown()) + remark));
    }
}
