package dev.otherix.backup.cli;

import dev.otherix.backup.history.Change;
import dev.otherix.backup.history.Key;
import dev.otherix.backup.history.Span;
import dev.otherix.backup.history.Transaction;
import java.io.PrintWriter;
import java.util.List;
import tools.jackson.core.JsonGenerator;

/** Changes for a program: one object, written piece by piece. */
final class ChangesJson implements AutoCloseable {

    private final PrintWriter out;
    private final JsonGenerator json;
    private final Span span;

    ChangesJson(PrintWriter out, Span span) {
        this.out = out;
        this.json = OutputFormat.json(out);
        this.span = span;
        json.writeStartObject();
    }

    void key(Key key) {
        KeyJson.field(json, key);
    }

    void prefixes(List<String> prefixes) {
        json.writeArrayPropertyStart("prefix");
        prefixes.forEach(json::writeString);
        json.writeEndArray();
    }

    /** Begins the list that all that follows belongs to. */
    void list(String name) {
        json.writeArrayPropertyStart(name);
    }

    void print(Change change) {
        json.writeStartObject();
        KeyJson.field(json, change.key());
        moment(change.revision());
        json.writeStringProperty("op", OpConverter.word(change.op()));
        json.writeNumberProperty("version", change.version());
        KeyJson.lease(json, change.lease());
        json.writeNumberProperty("size_bytes", change.sizeBytes());
        json.writeEndObject();
    }

    void print(Transaction transaction) {
        json.writeStartObject();
        moment(transaction.revision());
        json.writeNumberProperty("puts", transaction.puts());
        json.writeNumberProperty("deletes", transaction.deletes());
        json.writeObjectPropertyStart("kinds");
        transaction.kinds().forEach(json::writeNumberProperty);
        json.writeEndObject();
        json.writeEndObject();
    }

    private void moment(long revision) {
        json.writeNumberProperty("revision", revision);
        span.time(revision)
                .ifPresentOrElse(
                        time -> json.writeStringProperty("time", time.toString()),
                        () -> json.writeNullProperty("time"));
    }

    /** Ends the list, and the object. */
    void end() {
        json.writeEndArray();
        json.writeEndObject();
    }

    @Override
    public void close() {
        json.close();
        out.println();
    }
}
