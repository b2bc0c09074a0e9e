package dev.otherix.backup.job;

import dev.otherix.backup.config.Block;
import dev.otherix.backup.config.Default;
import dev.otherix.backup.config.GoDuration;
import dev.otherix.backup.config.InvalidSetting;
import dev.otherix.backup.config.SharedWithOtherix;
import java.nio.file.Path;
import java.time.Duration;
import org.jspecify.annotations.Nullable;

/**
 * The block {@code workers.backup}: same keys and meaning as in otherix-api's own configuration.
 *
 * @param enabled whether periodic snapshots are taken; snapshots on demand work whenever {@code dir} is set
 * @param interval time between snapshots, above zero: a written 0 has become the default
 * @param dir where snapshots go, absolute; set whenever enabled
 * @param retention newest scheduled snapshots kept; 0 keeps all
 */
@SharedWithOtherix
@Block("workers.backup")
public record BackupProperties(
        @Default("false") boolean enabled,
        @Default("6h") Duration interval,
        @Nullable Path dir,
        @Default("7") int retention) {

    private static final Duration DEFAULT_INTERVAL = Duration.ofHours(6);

    public BackupProperties {
        if (interval.isNegative()) {
            throw new InvalidSetting(
                    "workers.backup.interval",
                    GoDuration.format(interval),
                    "is below zero",
                    "Write a positive duration such as 6h, or 0 for the default of 6h.");
        }
        if (interval.isZero()) {
            interval = DEFAULT_INTERVAL;
        }
        if (dir != null && !dir.isAbsolute()) {
            throw new InvalidSetting(
                    "workers.backup.dir",
                    dir,
                    "is not an absolute path",
                    "Write the whole path, for example /var/backups/otherix-etcd.");
        }
        if (enabled && dir == null) {
            throw new InvalidSetting(
                    "workers.backup.dir",
                    null,
                    "is not set, but workers.backup.enabled is true",
                    "Set workers.backup.dir to the directory for snapshots, for example /var/backups/otherix-etcd.");
        }
        if (retention < 0) {
            throw new InvalidSetting(
                    "workers.backup.retention",
                    retention,
                    "is below zero",
                    "Write how many scheduled snapshots to keep, or 0 to keep all.");
        }
    }
}
