package dev.otherix.backup.verify;

import dev.otherix.backup.verify.bolt.BoltFile;
import dev.otherix.backup.verify.bolt.BucketCursor;
import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.util.function.DoubleConsumer;
import org.jspecify.annotations.Nullable;

/**
 * Finds the keys that are live at a revision: the rows of bucket {@code key} up to it that are the last of their user's
 * key and not a deletion. Uses one bit for each row, and a table of the keys seen, whose size does not depend on the
 * number of keys. Both are outside the heap until closed.
 *
 * <p>The rows are read backwards, so the first row seen of a key is its last one. A key whose last row is version 1
 * need not be remembered: older rows of the key end with a deletion, and that deletion is seen before them. If there
 * are more other keys than the table holds, the rows are read several times, each time for the keys whose fingerprints
 * begin with the same bits.
 */
final class LatestRows implements AutoCloseable {

    private static final int BETWEEN_LOOKS = 1 << 12;

    private final Arena arena = Arena.ofShared();
    private final BoltFile file;
    private final BucketCursor cursor;
    private final long rows;
    private final MemorySegment bits;
    private final KeyTable table;
    private final long revision;
    private final KeyValue row;
    private int prefixLength;
    private long prefix;
    private long ordinal;
    private boolean full;
    private int walks;
    private final DoubleConsumer progress;
    private final @Nullable LeaseIds leases;
    private long count;
    private long leaseless;
    private boolean bumped;

    /**
     * @param rows number of rows that the cursor shows
     * @param revision rows above it are left out
     * @param mostKeys how many keys the table may hold at once
     * @param leases the existing leases; null if they are not compared
     * @param progress gets the share that is done, from 0 to 1
     */
    LatestRows(
            BoltFile file,
            BucketCursor cursor,
            long rows,
            long revision,
            int mostKeys,
            @Nullable LeaseIds leases,
            DoubleConsumer progress) {
        this.file = file;
        this.cursor = cursor;
        this.rows = rows;
        this.revision = revision;
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
            progress.accept((prefix + (double) (rows - ordinal) / rows) / (1L << prefixLength));
        }
        if (full || RevisionKey.main(file, key) > revision) {
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
            if (this.row.keyLength == 0) {
                bumped = true;
            }
            if (leases != null && this.row.lease != 0 && !leases.contains(this.row.lease)) {
                leaseless++;
            }
        }
    }

    /** Whether the row with this number, counted from 0 in the order of the file, is the last row of a live key. */
    boolean contains(long row) {
        return (bits.get(ValueLayout.JAVA_BYTE, row >>> 3) & 1 << (row & 7)) != 0;
    }

    /** How many rows are the last of a live key. */
    long count() {
        return count;
    }

    /**
     * How many keys are live. The row that a raised revision adds has an empty key, which no row of a user has, and
     * nothing deletes it: it is no key.
     */
    long keys() {
        return count - (bumped ? 1 : 0);
    }

    /** The revision that decides. */
    long revision() {
        return revision;
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
