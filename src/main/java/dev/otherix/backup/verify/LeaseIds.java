package dev.otherix.backup.verify;

import dev.otherix.backup.verify.bolt.BoltFile;
import dev.otherix.backup.verify.bolt.BucketCursor;
import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.util.Optional;

/** The leases of a file, in an open-addressing table of 8 bytes a slot outside the heap: 16 MiB at most. */
final class LeaseIds implements AutoCloseable {

    /** How many fit. */
    static final long MOST = 1_600_000;

    private static final long ODD = 0x9E3779B97F4A7C15L;

    private final Arena arena = Arena.ofShared();
    private final MemorySegment table;
    private final int slots;

    /**
     * Reads them.
     *
     * @param count number of leases, at most {@link #MOST}
     */
    LeaseIds(BoltFile file, Optional<BucketCursor> leases, long count) {
        this.slots = Integer.highestOneBit(Math.max(4, (int) count + (int) count / 4)) << 1;
        this.table = arena.allocate((long) slots * Long.BYTES, Long.BYTES);
        leases.ifPresent(rows -> rows.forward((page, index, key, keyLength, valueLength) -> {
            var id = StoreRows.leaseId(file, key + keyLength, valueLength);
            if (id != 0) {
                table.setAtIndex(ValueLayout.JAVA_LONG, slot(id), id);
            }
        }));
    }

    /** The slot of the lease, or the slot where it would be. */
    private int slot(long id) {
        var slot = (int) (id * ODD >>> 32) & (slots - 1);
        for (long there; (there = table.getAtIndex(ValueLayout.JAVA_LONG, slot)) != 0 && there != id; ) {
            slot = slot + 1 & slots - 1;
        }
        return slot;
    }

    /** Whether the lease exists; 0 means none. */
    boolean contains(long id) {
        return table.getAtIndex(ValueLayout.JAVA_LONG, slot(id)) != 0;
    }

    @Override
    public void close() {
        arena.close();
    }
}
