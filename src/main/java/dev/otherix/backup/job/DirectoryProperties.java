package dev.otherix.backup.job;

import dev.otherix.backup.config.Block;
import dev.otherix.backup.config.InvalidSetting;
import org.jspecify.annotations.Nullable;
import org.springframework.util.unit.DataSize;

/**
 * The block {@code directory}.
 *
 * @param reserve space that a run leaves free; null = 5 % of the file system, at most 1 GiB
 */
@Block("directory")
public record DirectoryProperties(@Nullable DataSize reserve) {

    public DirectoryProperties {
        if (reserve != null && reserve.isNegative()) {
            throw new InvalidSetting("directory.reserve", reserve, "is below zero",
                    "Write the space to leave free, for example 512MB, or 0 for none.");
        }
    }
}
