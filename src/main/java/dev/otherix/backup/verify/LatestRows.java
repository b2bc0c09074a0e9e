package dev.otherix.backup.verify;

import dev.otherix.backup.verify.bolt.BoltFile;
import dev.otherix.backup.verify.bolt.BucketCursor;
import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import org.jspecify.annotations.Nullable;

/**
 * Finds the live keys: the rows of bucket {@code key} that are the last of their user's key and not a deletion. Uses
 * one bit for each row, and a table of the keys seen, whose size does not depend on the number of keys. Both are
 * outside the heap until closed.
 *
 * <p>The rows are read backwards, so the first row seen of a key is its last one. A key whose last row is version 1
 * need not be remembered: older rows of the key end with a deletion, and that deletion is seen before them. If there
 * are more other keys than the table holds, the rows are read several times, each time for the keys whose fingerprints
 * begin with the same bits.
 */
final class LatestRows implements AutoCloseable {

    private static final int BETWEEN_LOOKS = 1 << 12;
    /** Share of the work after the pages. */
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
     * @param rows number of rows that the cursor shows
     * @param mostKeys how many keys the table may hold at once
     * @param leases the existing leases; null if no key has one
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

    /** Whether the row with this number, counted from 0 in the order of the file, is the last row of a live key. */
    boolean contains(long row) {
        return (bits.get(ValueLayout.JAVA_BYTE, row >>> 3) & 1 << (row & 7)) != 0;
    }

    /** How many keys are live. */
    long count() {
        return count;
    }

    /** How many live keys have a lease that does not exist. */
    long leaseless() {
        return leaseless;
    }

    /** How often all rows were read. */
    int walks() {
        return walks;
    }

    @Override
    public void close() {
        arena.close();
    }
}
