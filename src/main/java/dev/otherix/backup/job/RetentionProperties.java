package dev.otherix.backup.job;

import dev.otherix.backup.config.Block;
import dev.otherix.backup.config.Default;
import dev.otherix.backup.config.InvalidSetting;

/**
 * The block {@code retention}: snapshots that are kept in addition to {@code workers.backup.retention}.
 *
 * @param onDemand newest requested snapshots kept; 0 keeps all
 */
@Block("retention")
public record RetentionProperties(@Default("7") int onDemand) {

    public RetentionProperties {
        if (onDemand < 0) {
            throw new InvalidSetting(
                    "retention.on_demand",
                    onDemand,
                    "is below zero",
                    "Write how many requested snapshots to keep, or 0 to keep all.");
        }
    }
}
