package dev.otherix.backup.snapshot;

import java.io.IOException;
import java.nio.file.Path;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.function.BooleanSupplier;
import java.util.function.LongSupplier;
import java.util.function.LongUnaryOperator;

/** The space on the directory's file system, of which a part is never used: etcd may live on the same one. */
public final class Space {

    private static final long DEFAULT_RESERVE_AT_MOST = 1L << 30;

    private final Path path;
    private final LongUnaryOperator reserve;
    private final Disk disk;
    private final BooleanSupplier giveWay;
    private final SnapshotLimit limit;
    private final LongSupplier count;

    /**
     * @param reserve says for the bytes of the whole file system how many a snapshot leaves free
     * @param giveWay removes something that nobody needs more than space; says whether there was something
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

    /** What is left free where nothing is configured: a twentieth, at most 1 GiB. */
    static long usualReserve(long total) {
        return Math.min(DEFAULT_RESERVE_AT_MOST, total / 20);
    }

    /** Bytes that this process may still write; empty where the file system does not say. */
    public OptionalLong freeBytes() {
        try {
            var free = disk.usableSpace(path);
            return free == 0 && disk.totalSpace(path) == 0 ? OptionalLong.empty() : OptionalLong.of(free);
        } catch (IOException broken) {
            throw DirectoryFailure.of("measuring", path, broken);
        }
    }

    /** Bytes that a snapshot leaves free: as configured. */
    public long reserveBytes() {
        try {
            return reserve.applyAsLong(disk.totalSpace(path));
        } catch (IOException broken) {
            throw DirectoryFailure.of("measuring", path, broken);
        }
    }

    /** Refuses one more snapshot where it would be one too many. */
    public void requireOneMore() {
        limit.requireOneMore(count.getAsLong());
    }

    /** What an operator should know before one more snapshot is refused; empty where that is far away. */
    public Optional<String> nearLimit() {
        return limit.warning(count.getAsLong());
    }

    /**
     * Refuses what would need {@code bytes} more, with the bytes that are missing. Rejected files go first where that
     * helps. Where the file system does not say what is free, nothing is refused.
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
