package dev.otherix.backup.drill;

import dev.otherix.backup.config.Block;
import dev.otherix.backup.config.Default;
import dev.otherix.backup.config.GoDuration;
import dev.otherix.backup.config.InvalidSetting;
import java.nio.file.Path;
import java.time.Duration;
import org.jspecify.annotations.Nullable;

/**
 * The block {@code drill}.
 *
 * @param interval time between two drills; 0 = none on a schedule
 * @param etcd the program that is started with the restored data, absolute; it need not be there at the start; null =
 *     none is started
 */
@Block("drill")
public record DrillProperties(
        @Default("24h") Duration interval, @Nullable Path etcd) {

    private static final Duration SHORTEST = Duration.ofSeconds(1);

    public DrillProperties {
        if (!interval.isZero() && interval.compareTo(SHORTEST) < 0) {
            throw new InvalidSetting(
                    "drill.interval",
                    GoDuration.format(interval),
                    "is below 1s",
                    "Write a duration of at least 1s such as 24h, or 0 for no drills on a schedule.");
        }
        if (etcd != null && !etcd.isAbsolute()) {
            throw new InvalidSetting(
                    "drill.etcd",
                    etcd,
                    "is not an absolute path",
                    "Write the whole path of an etcd, for example /usr/local/bin/etcd, or remove the key.");
        }
    }

    /** Whether drills are on. */
    boolean on() {
        return !interval.isZero();
    }
}
