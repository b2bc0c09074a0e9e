package dev.otherix.backup.job;

import dev.otherix.backup.config.Block;
import dev.otherix.backup.config.InvalidSetting;
import dev.otherix.backup.config.SizeOrShare;
import org.jspecify.annotations.Nullable;

/**
 * The block {@code directory}.
 *
 * @param reserve space that a run leaves free, as a size or as a part of the file system; null = 5 % of the file
 *     system, at most 1 GiB
 */
@Block("directory")
public record DirectoryProperties(@Nullable SizeOrShare reserve) {

    public DirectoryProperties {
        if (reserve != null && reserve.size() != null && reserve.size().isNegative()) {
            throw new InvalidSetting(
                    "directory.reserve",
                    reserve,
                    "is below zero",
                    "Write the space to leave free, for example 512MB or 5%, or 0 for none.");
        }
    }
}
