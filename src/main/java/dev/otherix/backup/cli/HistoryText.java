package dev.otherix.backup.cli;

import dev.otherix.backup.snapshot.Snapshot;
import java.time.Duration;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/** How far back snapshots reach, and what lies between them, for a person who reads the rows from newest to oldest. */
final class HistoryText {

    private @Nullable Snapshot newer;

    /** How long before it was taken its file begins; the revision if the time is not known. */
    static String reach(Snapshot snapshot) {
        var history = snapshot.history();
        if (history != null && history.fromTime() != null) {
            var back = Duration.between(history.fromTime(), snapshot.createdAt());
            return Age.of(back);
        }
        var compacted = snapshot.content().compactRevision();
        return compacted == null ? "-" : "to revision " + Math.max(1, compacted);
    }

    /**
     * The hole between {@code older}, the next row, and the row before it, if there is one: changes that neither file
     * holds.
     */
    Optional<String> before(Snapshot older) {
        var hole = newer == null ? Optional.<String>empty() : between(older, newer);
        newer = older;
        return hole;
    }

    private static Optional<String> between(Snapshot older, Snapshot newer) {
        var begins = newer.content().compactRevision();
        var ends = older.revision();
        return begins == null
                        || ends == null
                        || begins <= ends
                        || !older.lineage().equals(newer.lineage())
                ? Optional.empty()
                : Optional.of("-- hole: revisions " + (ends + 1) + " to " + begins + " are in neither");
    }
}
