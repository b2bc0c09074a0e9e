package dev.otherix.backup.cli;

import dev.otherix.backup.history.Span;
import dev.otherix.backup.history.Undo;
import dev.otherix.backup.history.UndoTransaction;
import java.io.PrintWriter;
import tools.jackson.core.JsonGenerator;

/** An undo for a program. */
final class UndoJson {

    private final PrintWriter out;
    private final Span span;

    UndoJson(PrintWriter out, Span span) {
        this.out = out;
        this.span = span;
    }

    /** @param applied how many of its transactions were written to the member */
    void print(Undo undo, int applied) {
        try (var json = OutputFormat.json(out)) {
            json.writeStartObject();
            json.writeArrayPropertyStart("transactions");
            undo.transactions().forEach(transaction -> print(json, transaction));
            json.writeEndArray();
            json.writeNumberProperty("applied", applied);
            json.writeEndObject();
        }
        out.println();
    }

    private void print(JsonGenerator json, UndoTransaction transaction) {
        json.writeStartObject();
        json.writeNumberProperty("revision", transaction.revision());
        span.time(transaction.revision())
                .ifPresentOrElse(
                        time -> json.writeStringProperty("time", time.toString()),
                        () -> json.writeNullProperty("time"));
        json.writeNumberProperty("puts", transaction.puts());
        json.writeNumberProperty("deletes", transaction.deletes());
        transaction
                .leftOut()
                .ifPresentOrElse(
                        why -> json.writeStringProperty("left_out", why), () -> json.writeNullProperty("left_out"));
        json.writeArrayPropertyStart("conflicts");
        transaction.conflicts().forEach(conflict -> print(json, conflict));
        json.writeEndArray();
        json.writeArrayPropertyStart("leased");
        transaction.leased().forEach(key -> KeyJson.element(json, key));
        json.writeEndArray();
        json.writeEndObject();
    }

    private static void print(JsonGenerator json, UndoTransaction.Conflict conflict) {
        json.writeStartObject();
        KeyJson.field(json, conflict.key());
        if (conflict.revision() == 0) {
            json.writeNullProperty("revision");
        } else {
            json.writeNumberProperty("revision", conflict.revision());
        }
        json.writeEndObject();
    }
}
