package dev.otherix.backup.cli;

import dev.otherix.backup.history.Difference;
import dev.otherix.backup.history.Difference.Kind;
import java.io.PrintWriter;
import java.util.Locale;
import java.util.TreeSet;
import tools.jackson.core.JsonGenerator;

/** Prints what differs between two moments, for a person or a program. */
final class DifferencePrinter {

    private static final int NARROWEST = 4;

    private final PrintWriter out;
    private final Difference difference;

    DifferencePrinter(PrintWriter out, Difference difference) {
        this.out = out;
        this.difference = difference;
    }

    /** @param moments both of them */
    void text(String moments) {
        out.println("revision " + moments + ": " + difference.count(Kind.ADDED) + " added, "
                + difference.count(Kind.CHANGED) + " changed, " + difference.count(Kind.REMOVED) + " removed");
        kinds();
        var each = difference.each();
        for (var next = each.next(); next.isPresent(); next = each.next()) {
            var key = OutputFormat.printable(next.get().key().shown());
            out.println(next.get().kind().sign() + " " + key);
        }
    }

    private void kinds() {
        var kinds = new TreeSet<String>();
        for (var kind : Kind.values()) {
            kinds.addAll(difference.resources(kind).keySet());
        }
        if (kinds.isEmpty()) {
            return;
        }
        var width = kinds.stream().mapToInt(String::length).max().orElse(0);
        var format = "%-" + Math.max(NARROWEST, width) + "s  %7s  %7s  %7s";
        out.println(format.formatted("KIND", "ADDED", "CHANGED", "REMOVED"));
        for (var kind : kinds) {
            out.println(format.formatted(
                    OutputFormat.printable(kind),
                    difference.resources(Kind.ADDED).getOrDefault(kind, 0L),
                    difference.resources(Kind.CHANGED).getOrDefault(kind, 0L),
                    difference.resources(Kind.REMOVED).getOrDefault(kind, 0L)));
        }
        out.println();
    }

    void json(long from, long to) {
        try (var json = OutputFormat.json(out)) {
            json.writeStartObject();
            json.writeNumberProperty("from", from);
            json.writeNumberProperty("to", to);
            for (var kind : Kind.values()) {
                list(json, kind);
            }
            json.writeEndObject();
        }
        out.println();
    }

    private void list(JsonGenerator json, Kind kind) {
        json.writeArrayPropertyStart(kind.name().toLowerCase(Locale.ROOT));
        var each = difference.each();
        for (var next = each.next(); next.isPresent(); next = each.next()) {
            if (next.get().kind() == kind) {
                KeyJson.element(json, next.get().key());
            }
        }
        json.writeEndArray();
    }
}
