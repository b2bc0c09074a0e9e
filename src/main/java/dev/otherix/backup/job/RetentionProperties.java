package dev.otherix.backup.job;

import dev.otherix.backup.config.Block;
import dev.otherix.backup.config.Default;
import dev.otherix.backup.config.GoDuration;
import dev.otherix.backup.config.InvalidSetting;
import java.time.Duration;

/**
 * The block {@code retention}: snapshots that are kept in addition to {@code workers.backup.retention}.
 *
 * @param onDemand newest requested snapshots kept; 0 keeps all
 * @param within every scheduled snapshot younger than this is kept; 0 = off
 */
@Block("retention")
public record RetentionProperties(
        @Default("7") int onDemand, @Default("0") Duration within) {

    public RetentionProperties {
        if (onDemand < 0) {
            throw new InvalidSetting(
                    "retention.on_demand",
                    onDemand,
                    "is below zero",
                    "Write how many requested snapshots to keep, or 0 to keep all.");
        }
        if (within.isNegative()) {
            throw new InvalidSetting(
                    "retention.within",
                    GoDuration.format(within),
                    "is below zero",
                    "Write for how long every scheduled snapshot is kept, such as 48h, or 0 to go by their number alone.");
        }
    }
}
