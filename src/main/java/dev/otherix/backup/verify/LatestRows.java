package dev.otherix.backup.verify;

import dev.otherix.backup.verify.bolt.BoltFile;
import dev.otherix.backup.verify.bolt.BucketCursor;
import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import org.jspecify.annotations.Nullable;

/**
 * Which rows of bucket {@code key} are the last of their user's key and no deletion: the keys that live. Takes one bit
 * for each row, and a table of the keys met, of fixed size whatever the number of keys. Both are outside the heap until
 * closed.
 *
 * <p>The rows are walked backwards: the first row met of a key is its last. A key whose last row is its first version
 * needs no remembering, for what an earlier life of the key left ends with a deletion, and that is met before it. Where
 * the other keys are more than the table holds, they are done in several walks, each for the keys whose fingerprints
 * begin with the same bits.
 */
final class LatestRows implements AutoCloseable {

    private static final int BETWEEN_LOOKS = 1 << 12;
    /** Of the work that comes after the pages. */
    private static final double SHARE = 0.5;

    private final Arena arena = Arena.ofShared();
    private final BoltFile file;
    private final BucketCursor cursor;
    private final long rows;
    private final MemorySegment bits;
    private final KeyTable table;
    private final KeyValue row;
    private int prefixLength;
    private long prefix;
    private long ordinal;
    private boolean full;
    private int walks;
    private final Progress progress;
    private final @Nullable LeaseIds leases;
    private long count;
    private long leaseless;

    /**
     * @param rows how many the cursor shows
     * @param mostKeys how many keys the table may hold at once
     * @param leases those that there are; null where no key has one
     */
    LatestRows(
            BoltFile file, BucketCursor cursor, long rows, int mostKeys, @Nullable LeaseIds leases, Progress progress) {
        this.file = file;
        this.cursor = cursor;
        this.rows = rows;
        this.leases = leases;
        this.progress = progress;
        this.row = new KeyValue(file);
        this.bits = arena.allocate(Math.max(1, (rows + Byte.SIZE - 1) / Byte.SIZE));
        this.table = new KeyTable(arena, (int) Math.min(rows, mostKeys));
    }

    /** Decides every row. */
    void find() {
        while (prefix < 1L << prefixLength) {
            table.clear();
            full = false;
            ordinal = rows;
            walks++;
            cursor.backward(this::see);
            if (full) {
                prefixLength++;
                prefix <<= 1;
            } else {
                prefix++;
            }
        }
    }

    private void see(long page, int index, long key, int keyLength, long valueLength) {
        ordinal--;
        if ((ordinal & (BETWEEN_LOOKS - 1)) == 0) {
            if (Thread.currentThread().isInterrupted()) {
                throw new VerificationCancelled();
            }
            progress.rest(SHARE * (prefix + (double) (rows - ordinal) / rows) / (1L << prefixLength));
        }
        if (full) {
            return;
        }
        row.read(key + keyLength, valueLength);
        table.lookUp(file, row.keyAt, row.keyLength);
        if (prefixLength > 0 && table.fingerprint() >>> (Long.SIZE - prefixLength) != prefix || table.contains()) {
            return;
        }
        var deletion = RevisionKey.deletion(keyLength);
        if (!deletion) {
            mark(ordinal);
        }
        if (deletion || row.version != 1) {
            full = !table.add();
        }
    }

    private void mark(long row) {
        var at = row >>> 3;
        var old = bits.get(ValueLayout.JAVA_BYTE, at);
        var marked = (byte) (old | 1 << (row & 7));
        if (marked != old) {
            bits.set(ValueLayout.JAVA_BYTE, at, marked);
            count++;
            if (leases != null && this.row.lease != 0 && !leases.contains(this.row.lease)) {
                leaseless++;
            }
        }
    }

    /** Whether the row of this number, counted from 0 in the order of the file, is the last of a key that lives. */
    boolean contains(long row) {
        return (bits.get(ValueLayout.JAVA_BYTE, row >>> 3) & 1 << (row & 7)) != 0;
    }

    /** How many keys live. */
    long count() {
        return count;
    }

    /** How many keys live with a lease that is not there. */
    long leaseless() {
        return leaseless;
    }

    /** How often the rows were walked. */
    int walks() {
        return walks;
    }

    @Override
    public void close() {
        arena.close();
    }
}
