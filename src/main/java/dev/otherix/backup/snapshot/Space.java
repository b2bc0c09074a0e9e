package dev.otherix.backup.snapshot;

import java.io.IOException;
import java.nio.file.Path;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.function.BooleanSupplier;
import java.util.function.LongSupplier;
import java.util.function.LongUnaryOperator;

/** The space on the directory's file system. A part of it is never used, because etcd may be on the same one. */
public final class Space {

    private static final long DEFAULT_RESERVE_AT_MOST = 1L << 30;

    private final Path path;
    private final LongUnaryOperator reserve;
    private final Disk disk;
    private final BooleanSupplier giveWay;
    private final SnapshotLimit limit;
    private final LongSupplier count;

    /**
     * @param reserve computes from the size of the file system how many bytes a snapshot leaves free
     * @param giveWay removes something that is needed less than space; returns whether there was something
     * @param count how many snapshots there are
     */
    Space(
            Path path,
            LongUnaryOperator reserve,
            Disk disk,
            BooleanSupplier giveWay,
            SnapshotLimit limit,
            LongSupplier count) {
        this.path = path;
        this.reserve = reserve;
        this.disk = disk;
        this.giveWay = giveWay;
        this.limit = limit;
        this.count = count;
    }

    /** The free space to keep by default: one twentieth, at most 1 GiB. */
    public static long usualReserve(long total) {
        return Math.min(DEFAULT_RESERVE_AT_MOST, total / 20);
    }

    /** Bytes that this process may still write; empty if the file system does not report it. */
    public OptionalLong freeBytes() {
        try {
            var free = disk.usableSpace(path);
            return free == 0 && disk.totalSpace(path) == 0 ? OptionalLong.empty() : OptionalLong.of(free);
        } catch (IOException broken) {
            throw DirectoryFailure.of(path, "measuring the snapshot directory", broken);
        }
    }

    /** Bytes that a snapshot leaves free: as configured. */
    public long reserveBytes() {
        try {
            return reserve.applyAsLong(disk.totalSpace(path));
        } catch (IOException broken) {
            throw DirectoryFailure.of(path, "measuring the snapshot directory", broken);
        }
    }

    /** Refuses one more snapshot if that would be too many. */
    public void requireOneMore() {
        limit.requireOneMore(count.getAsLong());
    }

    /** A warning for an operator before more snapshots are refused; empty if that is far away. */
    public Optional<String> nearLimit() {
        return limit.warning(count.getAsLong());
    }

    /**
     * Refuses a write of {@code bytes} more that does not fit, with the number of missing bytes. Rejected files are
     * removed first if that helps. If the file system does not report its free space, nothing is refused.
     */
    public void require(long bytes) {
        while (true) {
            var known = freeBytes();
            if (known.isEmpty()) {
                return;
            }
            var free = known.getAsLong();
            var keep = reserveBytes();
            var spare = free - keep;
            if (spare >= bytes) {
                return;
            }
            if (!giveWay.getAsBoolean()) {
                // a size that was announced may be any number
                long missing = spare < bytes - Long.MAX_VALUE ? Long.MAX_VALUE : bytes - spare;
                throw DirectoryFailure.noSpace(path, missing, free, keep);
            }
        }
    }
}
