package dev.otherix.backup.history;

import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Optional;
import java.util.PriorityQueue;
import org.jspecify.annotations.Nullable;

/**
 * Sorts any number of keys in bounded memory: a few MiB at a time become a sorted run in a temporary file, and runs are
 * merged, {@value #MOST_RUNS} at a time. What fits into memory needs no file.
 *
 * <p>If the temporary files cannot be written or read, each method throws {@link Refused}.
 */
final class KeySorter implements AutoCloseable {

    static final int MEMORY = 4 << 20;

    private static final int MOST_RUNS = 16;

    private final Path scratch;
    private final int memory;
    private List<SortedEntry> unsorted = new ArrayList<>();
    private @Nullable RunFile runs;
    private long weight;

    /** @param scratch the directory for temporary files */
    KeySorter(Path scratch) {
        this(scratch, MEMORY);
    }

    /** @param memory how many bytes of entries are kept in memory */
    KeySorter(Path scratch, int memory) {
        this.scratch = scratch;
        this.memory = memory;
    }

    void add(Key key, byte... note) {
        var entry = new SortedEntry(key, note);
        unsorted.add(entry);
        weight += entry.weight();
        if (weight >= memory) {
            spill();
        }
    }

    private RunFile spill() {
        var file = runs == null ? RunFile.in(scratch) : runs;
        runs = file;
        if (!unsorted.isEmpty()) {
            file.add(inMemory());
            unsorted = new ArrayList<>();
            weight = 0;
        }
        return file;
    }

    private Walk<SortedEntry> inMemory() {
        Collections.sort(unsorted);
        var each = unsorted.iterator();
        return () -> each.hasNext() ? Optional.of(each.next()) : Optional.empty();
    }

    /** All entries in order. May be called again, but nothing is added any more. */
    Walk<SortedEntry> sorted() {
        if (runs == null) {
            return inMemory();
        }
        var file = spill();
        while (file.count() > MOST_RUNS) {
            file = withFewerRuns(file);
        }
        return merged(file, 0, file.count());
    }

    private RunFile withFewerRuns(RunFile many) {
        try (many) {
            var fewer = RunFile.in(scratch);
            runs = fewer;
            for (var from = 0; from < many.count(); from += MOST_RUNS) {
                fewer.add(merged(many, from, Math.min(from + MOST_RUNS, many.count())));
            }
            return fewer;
        }
    }

    private static Walk<SortedEntry> merged(RunFile file, int from, int to) {
        var heads = new PriorityQueue<Head>();
        for (var run = from; run < to; run++) {
            Head.of(file.run(run)).ifPresent(heads::add);
        }
        return () -> {
            var least = heads.poll();
            if (least == null) {
                return Optional.empty();
            }
            Head.of(least.rest()).ifPresent(heads::add);
            return Optional.of(least.entry());
        };
    }

    /** The first entry of a run, and what follows it. */
    private record Head(SortedEntry entry, Walk<SortedEntry> rest) implements Comparable<Head> {

        static Optional<Head> of(Walk<SortedEntry> run) {
            return run.next().map(first -> new Head(first, run));
        }

        @Override
        public int compareTo(Head other) {
            return entry.compareTo(other.entry);
        }
    }

    @Override
    public void close() {
        if (runs != null) {
            runs.close();
        }
    }
}
