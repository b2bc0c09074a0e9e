package dev.otherix.backup.snapshot;

import java.io.IOException;
import java.nio.file.Path;
import java.util.Optional;
import java.util.concurrent.atomic.AtomicLong;

/**
 * How many snapshots fit in the memory of a service, which keeps the record of each. Above this number it refuses to
 * start, and reports what to do, instead of running out of memory.
 *
 * @param most 5,000 for a heap of 64 MiB; 10,000 filled 92 % of it
 */
record SnapshotLimit(Path path, long most) {

    private static final String HOLDS = "the snapshot directory holds ";
    private static final long EACH = 1_250;
    private static final long OF_HEAP = 16L << 20;

    static SnapshotLimit of(Path path) {
        return new SnapshotLimit(path, ofHeap(Runtime.getRuntime().maxMemory()));
    }

    /** @param bytes the reported heap, a little less than the setting */
    static long ofHeap(long bytes) {
        return Math.max(1, Math.ceilDiv(bytes, OF_HEAP)) * EACH;
    }

    /** Counts without a list, which may already be too long. */
    void requireAtStart(Disk disk) throws IOException {
        var count = new AtomicLong();
        disk.visit(path, entry -> SnapshotName.parse(entry).ifPresent(_ -> count.incrementAndGet()));
        require(count.get());
    }

    /** Refuses more snapshots than the limit. */
    void require(long count) {
        if (count > most) {
            throw DirectoryFailure.tooMany(
                    path,
                    HOLDS + count + " snapshots, more than the " + most
                            + " that fit the heap of this service; move old ones away",
                    "; " + fix());
        }
    }

    /** Refuses the limit itself: one more would be above it. */
    void requireOneMore(long count) {
        if (count >= most) {
            throw DirectoryFailure.tooMany(
                    path,
                    HOLDS + count + " snapshots, and no more than " + most
                            + " fit the heap of this service; set workers.backup.retention"
                            + " and retention.on_demand lower and restart it, or give it more heap (-Xmx); its log has the command that moves old ones"
                            + " away",
                    "");
        }
    }

    /** Applies from four fifths of the limit on. */
    Optional<String> warning(long count) {
        return count < most / 5 * 4
                ? Optional.empty()
                : Optional.of(path + " holds " + count + " snapshots; at " + most
                        + ", which is what fits the heap of this service, no more are taken; " + fix());
    }

    /** Moves each with its record, within the file system, into a directory that the service ignores. */
    private String fix() {
        return "to move all but the newest " + most / 2 + " into " + path + "/older, run \"cd '"
                + path.toString().replace("'", "'\\''")
                + "' && mkdir -p -m 700 older && ls | grep -E '^otherix-[0-9]{8}T[0-9]{6}Z[.]db$' | head -n -"
                + most / 2
                + " | sed 'p;s/db$/json/' | xargs mv -t older\"; then set workers.backup.retention and retention.on_demand so that they stay"
                + " fewer, or give the service more heap (-Xmx)";
    }
}
