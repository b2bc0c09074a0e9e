package dev.otherix.backup.etcd;

import dev.otherix.backup.config.Block;
import dev.otherix.backup.config.Default;
import dev.otherix.backup.config.GoDuration;
import dev.otherix.backup.config.InvalidSetting;
import java.time.Duration;
import org.jspecify.annotations.Nullable;
import org.springframework.util.unit.DataSize;

/**
 * The block {@code stream}: limits on one snapshot stream.
 *
 * @param stallTimeout no bytes for this long fails the run; above zero
 * @param timeout limit for one whole stream, above zero; null = from the size
 * @param rateLimit bytes per second, at least 1MB; null = off
 */
@Block("stream")
public record StreamProperties(
        @Default("30s") Duration stallTimeout,
        @Nullable Duration timeout,
        @Default("off") @Nullable DataSize rateLimit) {

    private static final DataSize LOWEST_RATE = DataSize.ofMegabytes(1);

    public StreamProperties {
        if (!stallTimeout.isPositive()) {
            throw new InvalidSetting(
                    "stream.stall_timeout",
                    GoDuration.format(stallTimeout),
                    "is not above zero",
                    "Write a positive duration such as 30s.");
        }
        if (timeout != null && !timeout.isPositive()) {
            throw new InvalidSetting(
                    "stream.timeout",
                    GoDuration.format(timeout),
                    "is not above zero",
                    "Write a positive duration such as 1h, or remove the key: the limit then follows from the size.");
        }
        if (rateLimit != null && rateLimit.compareTo(LOWEST_RATE) < 0) {
            throw new InvalidSetting(
                    "stream.rate_limit",
                    rateLimit,
                    "is below 1MB per second",
                    "Write the bytes per second, for example 50MB, or off.");
        }
    }
}
