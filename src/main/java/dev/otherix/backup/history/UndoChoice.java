package dev.otherix.backup.history;

import dev.otherix.backup.verify.RowCursor;
import java.util.NavigableSet;
import java.util.TreeSet;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;

/**
 * Which transactions are to be undone: those between two states, or those with these revisions, and of them those that
 * change one of the keys.
 *
 * @param after the revision of the earlier state
 * @param upTo the revision of the later one
 * @param named the revisions, if they were named
 */
public record UndoChoice(
        long after, long upTo, KeyChoice keys, @Nullable NavigableSet<Long> named) {

    /** Those between two states. */
    public static UndoChoice between(long after, long upTo, KeyChoice keys) {
        return new UndoChoice(after, upTo, keys, null);
    }

    /**
     * Those with these revisions, at least one.
     *
     * @throws Refused if the file does not hold all of these changes
     */
    public static UndoChoice of(Span span, NavigableSet<Long> revisions, KeyChoice keys) {
        if (revisions.first() <= span.first() || revisions.last() > span.last()) {
            var outside = revisions.first() <= span.first() ? revisions.first() : revisions.last();
            throw new Refused(
                    span.file() + " does not hold the change of revision " + outside + ": it holds " + span.text()
                            + ", and changes only above the first",
                    "Name a revision in between, or " + (outside <= span.first() ? "an older" : "a newer")
                            + " snapshot.");
        }
        return new UndoChoice(revisions.first() - 1, revisions.last(), keys, new TreeSet<>(revisions));
    }

    /** The options of the command that choose the same transactions, with a space before each. */
    String options() {
        return named == null
                ? " --from " + after + " --to " + upTo
                : " --revision " + named.stream().map(String::valueOf).collect(Collectors.joining(","));
    }

    boolean isNamed(long revision) {
        return named != null && named.contains(revision);
    }

    /** Whether a transaction with this revision may be one of them. */
    boolean has(long revision) {
        return revision > after && revision <= upTo && (named == null || named.contains(revision));
    }

    boolean has(RowCursor row) {
        return keys.has(row);
    }
}
