package dev.otherix.backup.restore;

import java.time.Duration;

/**
 * How long the etcd of a drill may take.
 *
 * @param version to print its version
 * @param leastStart to serve an empty database
 * @param stop to end after SIGTERM
 */
record DrillLimits(Duration version, Duration leastStart, Duration stop) {

    /** Many times what a disk with low priority needs. */
    static final DrillLimits DEFAULT =
            new DrillLimits(Duration.ofSeconds(30), Duration.ofSeconds(60), Duration.ofSeconds(5));

    private static final long BYTES_PER_SECOND = 8L << 20;
    private static final long ROWS_PER_SECOND = 50_000;

    /** To serve a database of this size, and then for each answer. */
    Duration start(long bytes, long rows) {
        return leastStart.plusSeconds(bytes / BYTES_PER_SECOND + rows / ROWS_PER_SECOND);
    }
}
