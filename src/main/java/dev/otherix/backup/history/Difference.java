package dev.otherix.backup.history;

import dev.otherix.backup.verify.LiveRows;
import dev.otherix.backup.verify.ResourceKinds;
import dev.otherix.backup.verify.RowCursor;
import dev.otherix.backup.verify.StoredRows;
import java.nio.ByteBuffer;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.SequencedMap;
import java.util.function.DoubleConsumer;

/**
 * What differs between two states of a file, key by key, however often it changed in between. Holds temporary files
 * until it is closed.
 */
public final class Difference implements AutoCloseable {

    private static final byte BEFORE = 0;
    private static final byte AFTER = 1;
    private static final int NOTE = 1 + 3 * Long.BYTES;

    private final StoredRows rows;
    private final KeySorter found;
    private final Tally added = new Tally();
    private final Tally changed = new Tally();
    private final Tally removed = new Tally();

    private Difference(StoredRows rows, Path scratch) {
        this.rows = rows;
        this.found = new KeySorter(scratch);
    }

    /** How many keys differ in one way. */
    private static final class Tally {

        private final ResourceKinds kinds = new ResourceKinds();
        private long keys;
    }

    private Tally tally(Kind kind) {
        return switch (kind) {
            case ADDED -> added;
            case CHANGED -> changed;
            case REMOVED -> removed;
        };
    }

    /** How the states of a key differ. */
    public enum Kind {
        ADDED('+'),
        /** The value or the lease is another. */
        CHANGED('~'),
        REMOVED('-');

        private final char sign;

        Kind(char sign) {
            this.sign = sign;
        }

        /** One character for it. */
        public char sign() {
            return sign;
        }

        private static Kind of(byte sign) {
            return Arrays.stream(values())
                    .filter(kind -> kind.sign == sign)
                    .findFirst()
                    .orElseThrow();
        }
    }

    /** One key that differs. */
    public record OfKey(Key key, Kind kind) {}

    /**
     * Finds it.
     *
     * @param from revision of the earlier state
     * @param to revision of the later one
     * @param scratch for temporary files
     * @param progress gets the share that is done, from 0 to 1
     */
    public static Difference between(
            StoredRows rows, long from, long to, KeyChoice keys, Path scratch, DoubleConsumer progress) {
        return between(rows, from, to, keys, scratch, progress, KeySorter.MEMORY);
    }

    /** @param memory how many bytes of changed keys are remembered before the states are looked up as a whole */
    static Difference between(
            StoredRows rows, long from, long to, KeyChoice keys, Path scratch, DoubleConsumer progress, long memory) {
        var difference = new Difference(rows, scratch);
        var steps = new Steps(progress);
        try (var sorter = new KeySorter(scratch)) {
            if (FewChanges.find(rows, from, to, keys, memory, steps, difference::add)) {
                return difference;
            }
            try (var before = rows.liveAt(from, share -> progress.accept(share / 3));
                    var after = rows.liveAt(to, share -> progress.accept((1 + share) / 3))) {
                difference.collect(before, after, keys, sorter, steps);
            }
            difference.compare(sorter.sorted(), steps);
            return difference;
        } catch (RuntimeException | Error broken) {
            difference.close();
            throw broken;
        }
    }

    /** A row that both states have is no difference. */
    private void collect(LiveRows before, LiveRows after, KeyChoice keys, KeySorter sorter, Steps steps) {
        var row = rows.forward();
        while (row.next()) {
            var was = before.contains(row.ordinal());
            if (was != after.contains(row.ordinal()) && keys.has(row)) {
                sorter.add(Key.of(row), note(was ? BEFORE : AFTER, row.place()));
            }
            steps.at((2 + row.ordinal() / (double) rows.count()) / 3);
        }
    }

    private void compare(Walk<SortedEntry> sorted, Steps steps) {
        var entry = sorted.next();
        while (entry.isPresent()) {
            var one = entry.get();
            entry = sorted.next();
            if (entry.isPresent() && entry.get().key().equals(one.key())) {
                if (!rows.sameValue(place(one), place(entry.get()))) {
                    add(one.key(), Kind.CHANGED);
                }
                entry = sorted.next();
            } else {
                add(one.key(), one.note()[0] == BEFORE ? Kind.REMOVED : Kind.ADDED);
            }
            steps.at(1);
        }
    }

    private void add(Key key, Kind kind) {
        found.add(key, (byte) kind.sign());
        tally(kind).keys++;
        tally(kind).kinds.count(key.kind());
    }

    private static byte[] note(byte side, RowCursor.Place place) {
        return ByteBuffer.allocate(NOTE)
                .put(side)
                .putLong(place.at())
                .putLong(place.length())
                .putLong(place.lease())
                .array();
    }

    private static RowCursor.Place place(SortedEntry entry) {
        var note = ByteBuffer.wrap(entry.note()).position(1);
        return new RowCursor.Place(note.getLong(), note.getLong(), note.getLong());
    }

    /** How many keys differ in this way. */
    public long count(Kind kind) {
        return tally(kind).keys;
    }

    /** How many of them belong to each kind of otherix resource. */
    public SequencedMap<String, Long> resources(Kind kind) {
        return tally(kind).kinds.counts();
    }

    /** The keys that differ, in the order of their bytes. May be called again. */
    public Walk<OfKey> each() {
        var sorted = found.sorted();
        return () -> sorted.next().map(entry -> new OfKey(entry.key(), Kind.of(entry.note()[0])));
    }

    @Override
    public void close() {
        found.close();
    }
}
