package dev.otherix.backup.etcd;

import java.time.Duration;
import org.jspecify.annotations.Nullable;

/**
 * The limits of a stream.
 *
 * @param stallTimeout no bytes for this long fail the stream; the stream's own pacing does not count
 * @param timeout limit for the whole stream, or null for one that follows from the announced size: 5 minutes and a
 *     second for each MiB, and at least twice what the rate limit implies
 * @param bytesPerSecond rate limit, or 0 for none
 * @param memberDbSizeBytes size of the database in the member's status; a larger announced size than twice this plus 1
 *     GiB is refused, because the member's numbers then contradict each other
 */
public record StreamLimits(
        Duration stallTimeout, @Nullable Duration timeout, long bytesPerSecond, long memberDbSizeBytes) {

    private static final long MIB = 1L << 20;
    private static final long GIB = 1L << 30;

    /** Refuses limits that no stream can keep. */
    public StreamLimits {
        if (!stallTimeout.isPositive()) {
            throw new IllegalArgumentException("stall timeout must be above zero: " + stallTimeout);
        }
        if (timeout != null && !timeout.isPositive()) {
            throw new IllegalArgumentException("stream timeout must be above zero: " + timeout);
        }
        if (bytesPerSecond < 0 || memberDbSizeBytes < 0) {
            throw new IllegalArgumentException("must not be below zero: " + bytesPerSecond
                    + " bytes per second, database of " + memberDbSizeBytes + " bytes");
        }
    }

    /** Returns the operator's limits for a member whose database has this size. */
    public static StreamLimits of(StreamProperties properties, long memberDbSizeBytes) {
        var rate = properties.rateLimit();
        return new StreamLimits(
                properties.stallTimeout(), properties.timeout(), rate == null ? 0 : rate.toBytes(), memberDbSizeBytes);
    }

    /** Returns the limit for a whole stream of this size. */
    Duration timeoutFor(long announcedBytes) {
        if (timeout != null) {
            return timeout;
        }
        var bySize = Duration.ofMinutes(5).plusSeconds(announcedBytes / MIB);
        if (bytesPerSecond == 0) {
            return bySize;
        }
        var byRate = Duration.ofSeconds(2 * (announcedBytes / bytesPerSecond + 1));
        return byRate.compareTo(bySize) > 0 ? byRate : bySize;
    }

    /** Returns the largest announced size that is accepted. */
    long mostBytes() {
        return memberDbSizeBytes > (Long.MAX_VALUE - GIB) / 2 ? Long.MAX_VALUE : 2 * memberDbSizeBytes + GIB;
    }
}
