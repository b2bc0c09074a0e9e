package dev.otherix.backup.history;

import dev.otherix.backup.verify.RowCursor;
import dev.otherix.backup.verify.StoredRows;
import java.util.Comparator;
import java.util.List;
import java.util.function.DoubleConsumer;
import org.jspecify.annotations.Nullable;

/**
 * Whether files have the same history: the same state at the first revision that all of them hold, and the same changes
 * from there to the last one that all hold.
 */
public final class Comparison {

    private Comparison() {}

    /** What was found. */
    public sealed interface Result {

        /** @param revision up to which they are the same */
        record Same(long revision) implements Result {}

        /**
         * The first difference.
         *
         * @param revision of the first change that differs; where a compaction has removed that change from a file, the
         *     first revision that all files hold
         * @param key that it changes; null where a compaction has removed it
         */
        record Diverged(long revision, byte @Nullable [] key) implements Result {}

        /**
         * No revision is in all files: one begins after another ends.
         *
         * @param later index of the file that begins last
         * @param earlier index of the file that ends first
         */
        record NotComparable(int later, int earlier) implements Result {}
    }

    /** Compares them; the first one with each other one. @param progress gets the share that is done, from 0 to 1 */
    public static Result of(List<StoredRows> files, DoubleConsumer progress) {
        var later = highest(files, Comparator.comparingLong(StoredRows::compactRevision));
        var earlier =
                highest(files, Comparator.comparingLong(StoredRows::revision).reversed());
        // a file that was never compacted holds the empty state before the first revision
        var from = Math.max(0, files.get(later).compactRevision());
        var to = files.get(earlier).revision();
        if (from > to) {
            return new Result.NotComparable(later, earlier);
        }
        var pairs = files.size() - 1;
        var first = new Pair(files.getFirst(), from, to);
        for (var i = 0; i < pairs; i++) {
            var done = i;
            var found = first.compare(files.get(i + 1), share -> progress.accept((done + share) / pairs));
            if (found instanceof Result.Diverged) {
                return found;
            }
        }
        return new Result.Same(to);
    }

    private static int highest(List<StoredRows> files, Comparator<StoredRows> order) {
        var found = 0;
        for (var i = 1; i < files.size(); i++) {
            found = order.compare(files.get(i), files.get(found)) > 0 ? i : found;
        }
        return found;
    }

    /** One file, to be compared with others over the same revisions. */
    private record Pair(StoredRows file, long from, long to) {

        Result compare(StoredRows other, DoubleConsumer progress) {
            if (from > 0 && !state(file, progress).equals(state(other, progress))) {
                return new Result.Diverged(from, null);
            }
            return changes(other);
        }

        private record State(long keys, long hash) {}

        private State state(StoredRows rows, DoubleConsumer progress) {
            try (var live = rows.liveAt(from, progress)) {
                // without a key the hash depends on how far a compaction has come
                return new State(live.count(), live.count() == 0 ? 0 : live.hashKv(from));
            }
        }

        private Result changes(StoredRows other) {
            var here = file.forward();
            var there = other.forward();
            while (true) {
                var hasHere = nextChange(here);
                var hasThere = nextChange(there);
                if (!hasHere && !hasThere) {
                    return new Result.Same(to);
                }
                if (!hasHere || !hasThere || !here.sameAs(there)) {
                    var first = !hasThere || hasHere && !there.isBefore(here) ? here : there;
                    return new Result.Diverged(first.revision(), first.key());
                }
            }
        }

        /** Goes to the next row above the first revision; false behind the last revision. */
        private boolean nextChange(RowCursor rows) {
            while (rows.next()) {
                if (rows.revision() > from) {
                    return rows.revision() <= to;
                }
            }
            return false;
        }
    }
}
