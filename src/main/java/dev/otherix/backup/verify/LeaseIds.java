package dev.otherix.backup.verify;

import dev.otherix.backup.verify.bolt.BoltFile;
import dev.otherix.backup.verify.bolt.BucketCursor;
import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.util.Arrays;
import java.util.Optional;

/** A set of leases, in an open-addressing table of 8 bytes a slot outside the heap: 16 MiB at most. */
final class LeaseIds implements AutoCloseable {

    /** How many fit. */
    static final long MOST = 1_600_000;

    private static final long ODD = 0x9E3779B97F4A7C15L;
    private static final int FIRST_SLOTS = 1 << 10;

    private Arena arena;
    private MemorySegment table;
    private int slots;
    private int size;

    private LeaseIds() {
        this.arena = Arena.ofShared();
        this.slots = FIRST_SLOTS;
        this.table = arena.allocate((long) slots * Long.BYTES, Long.BYTES);
    }

    /**
     * The leases of a file.
     *
     * @param leases the rows of the bucket with the leases
     * @throws TooManyLeases if there are more than {@link #MOST}
     */
    static LeaseIds stored(BoltFile file, Optional<BucketCursor> leases) {
        return filled(ids -> leases.ifPresent(rows -> rows.forward((page, index, key, keyLength, valueLength) ->
                ids.add(StoreRows.leaseId(file, key + keyLength, valueLength)))));
    }

    /**
     * The leases that these rows have.
     *
     * @throws TooManyLeases if there are more than {@link #MOST}
     */
    static LeaseIds used(RowCursor rows) {
        return filled(ids -> {
            while (rows.next()) {
                ids.add(rows.lease());
            }
        });
    }

    private interface Filling {
        void fill(LeaseIds ids);
    }

    private static LeaseIds filled(Filling filling) {
        var ids = new LeaseIds();
        try {
            filling.fill(ids);
            return ids;
        } catch (RuntimeException | Error broken) {
            ids.close();
            throw broken;
        }
    }

    /** The slot of the lease, or the slot where it would be. */
    private int slot(long id) {
        var slot = (int) (id * ODD >>> 32) & (slots - 1);
        for (long there; (there = table.getAtIndex(ValueLayout.JAVA_LONG, slot)) != 0 && there != id; ) {
            slot = slot + 1 & slots - 1;
        }
        return slot;
    }

    /** Adds the lease; 0 is none. */
    private void add(long id) {
        if (id == 0 || contains(id)) {
            return;
        }
        if (size == MOST) {
            throw new TooManyLeases();
        }
        if (size >= slots / 5 * 4) {
            grow();
        }
        table.setAtIndex(ValueLayout.JAVA_LONG, slot(id), id);
        size++;
    }

    private void grow() {
        var old = arena;
        var ids = table;
        var were = slots;
        slots = were << 1;
        arena = Arena.ofShared();
        table = arena.allocate((long) slots * Long.BYTES, Long.BYTES);
        for (var i = 0; i < were; i++) {
            var id = ids.getAtIndex(ValueLayout.JAVA_LONG, i);
            if (id != 0) {
                table.setAtIndex(ValueLayout.JAVA_LONG, slot(id), id);
            }
        }
        old.close();
    }

    /** Whether the lease exists; 0 means none. */
    boolean contains(long id) {
        return table.getAtIndex(ValueLayout.JAVA_LONG, slot(id)) != 0;
    }

    /** The leases that are not in the other set, in the order in which etcd stores them: by their unsigned ids. */
    long[] without(LeaseIds others) {
        var found = new long[size];
        var count = 0;
        for (var i = 0; i < slots; i++) {
            var id = table.getAtIndex(ValueLayout.JAVA_LONG, i);
            if (id != 0 && !others.contains(id)) {
                // the sign is turned, so that signed order is unsigned order
                found[count++] = id ^ Long.MIN_VALUE;
            }
        }
        var missing = Arrays.copyOf(found, count);
        Arrays.sort(missing);
        Arrays.setAll(missing, i -> missing[i] ^ Long.MIN_VALUE);
        return missing;
    }

    @Override
    public void close() {
        arena.close();
    }
}
