package dev.otherix.backup.cli;

import dev.otherix.backup.history.Change;
import dev.otherix.backup.history.Span;
import dev.otherix.backup.history.Transaction;
import java.io.PrintWriter;
import java.time.Instant;
import java.util.stream.Collectors;

/** Changes for a person: one a line, below the names of the columns. */
final class ChangesText {

    private static final String CHANGE = "%-10s  %-24s  %-6s  %7s  %9s  %-16s  %s";
    private static final String TRANSACTION = "%-10s  %-24s  %7s  %7s  %s";
    private static final String CHANGES = CHANGE.formatted("REVISION", "TIME", "OP", "VERSION", "SIZE", "LEASE", "KEY");
    private static final String TRANSACTIONS = TRANSACTION.formatted("REVISION", "TIME", "PUTS", "DELETES", "KINDS");
    private static final String NONE = "-";

    private final PrintWriter out;
    private final Span span;
    private boolean begun;

    ChangesText(PrintWriter out, Span span) {
        this.out = out;
        this.span = span;
    }

    void print(Change change) {
        begin(CHANGES);
        var lease = change.lease() == 0 ? NONE : Long.toHexString(change.lease());
        out.println(CHANGE.formatted(
                change.revision(),
                time(change.revision()),
                OpConverter.word(change.op()),
                change.version(),
                change.sizeBytes(),
                lease,
                OutputFormat.printable(change.key().shown())));
    }

    void print(Transaction transaction) {
        begin(TRANSACTIONS);
        var kinds = transaction.kinds().entrySet().stream()
                .map(kind -> OutputFormat.printable(kind.getKey()) + " " + kind.getValue())
                .collect(Collectors.joining(", "));
        out.println(TRANSACTION.formatted(
                transaction.revision(),
                time(transaction.revision()),
                transaction.puts(),
                transaction.deletes(),
                kinds));
    }

    private void begin(String columns) {
        if (!begun) {
            begun = true;
            out.println(columns);
        }
    }

    private String time(long revision) {
        return span.time(revision).map(Instant::toString).orElse(NONE);
    }
}
