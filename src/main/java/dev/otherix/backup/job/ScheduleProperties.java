package dev.otherix.backup.job;

import dev.otherix.backup.config.Block;
import dev.otherix.backup.config.Default;
import dev.otherix.backup.config.GoDuration;
import dev.otherix.backup.config.InvalidSetting;
import java.time.Duration;

/**
 * The block {@code schedule}.
 *
 * @param retryAfter first pause after a failed tick, above zero
 */
@Block("schedule")
public record ScheduleProperties(@Default("1m") Duration retryAfter) {

    public ScheduleProperties {
        if (!retryAfter.isPositive()) {
            throw new InvalidSetting(
                    "schedule.retry_after",
                    GoDuration.format(retryAfter),
                    "is not above zero",
                    "Write a positive duration such as 1m.");
        }
    }
}
