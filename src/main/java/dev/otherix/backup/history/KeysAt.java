package dev.otherix.backup.history;

import dev.otherix.backup.verify.StoredRows;
import java.nio.file.Path;
import java.util.function.DoubleConsumer;

/** The keys that are there at one moment, in the order of their bytes. Holds temporary files until it is closed. */
public final class KeysAt implements AutoCloseable {

    private final KeySorter keys;

    private KeysAt(KeySorter keys) {
        this.keys = keys;
    }

    /**
     * Finds and sorts them.
     *
     * @param revision of a state that the file holds
     * @param scratch for temporary files
     * @param progress gets the share that is done, from 0 to 1
     */
    public static KeysAt of(StoredRows rows, long revision, KeyChoice choice, Path scratch, DoubleConsumer progress) {
        var keys = new KeySorter(scratch);
        try (var live = rows.liveAt(revision, share -> progress.accept(share / 2))) {
            var row = live.rows();
            var steps = new Steps(progress);
            while (row.next()) {
                if (choice.has(row)) {
                    keys.add(Key.of(row));
                }
                steps.at((1 + row.ordinal() / (double) rows.count()) / 2);
            }
            return new KeysAt(keys);
        } catch (RuntimeException | Error broken) {
            keys.close();
            throw broken;
        }
    }

    public Walk<Key> each() {
        var sorted = keys.sorted();
        return () -> sorted.next().map(SortedEntry::key);
    }

    @Override
    public void close() {
        keys.close();
    }
}
