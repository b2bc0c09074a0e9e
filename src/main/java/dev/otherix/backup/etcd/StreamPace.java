package dev.otherix.backup.etcd;

import java.util.concurrent.TimeUnit;

/**
 * Computes how long to wait before asking for the next message, so that a stream keeps an average rate in bytes per
 * second. Time lost to the member or the disk is made up for, at most a quarter of a second. Not thread-safe.
 */
final class StreamPace {

    private static final long MOST_CREDIT_NANOS = TimeUnit.MILLISECONDS.toNanos(250);
    private static final long SHORTEST_WAIT_NANOS = TimeUnit.MILLISECONDS.toNanos(2);

    private final long bytesPerSecond;
    private long dueAt;

    /**
     * @param bytesPerSecond the rate, or 0 for no limit
     * @param startedAt the time of the stream's start in nanoseconds, of the same clock that {@link #nanosToWait} gets
     */
    StreamPace(long bytesPerSecond, long startedAt) {
        this.bytesPerSecond = bytesPerSecond;
        this.dueAt = startedAt;
    }

    /** Counts a message that arrived at {@code now} and returns the nanoseconds to wait before the next; 0 for none. */
    long nanosToWait(int bytes, long now) {
        if (bytesPerSecond == 0) {
            return 0;
        }
        if (now - dueAt > MOST_CREDIT_NANOS) {
            dueAt = now - MOST_CREDIT_NANOS;
        }
        dueAt += Math.round(bytes * 1e9 / bytesPerSecond);
        var wait = dueAt - now;
        return wait < SHORTEST_WAIT_NANOS ? 0 : wait;
    }
}
