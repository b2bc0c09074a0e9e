package dev.otherix.backup.offsite.store;

import dev.otherix.backup.config.Block;
import dev.otherix.backup.config.InvalidSetting;
import java.nio.file.Path;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * The block {@code offsite.filesystem}. The directory is not looked at before it is used: a file system that is not
 * mounted keeps no service from starting.
 *
 * @param path the directory that copies go to; null if there is none
 */
@Block("offsite.filesystem")
public record FilesystemProperties(@Nullable Path path) {

    public FilesystemProperties {
        if (path != null && !path.isAbsolute()) {
            throw new InvalidSetting(
                    "offsite.filesystem.path", path, "is not absolute", "Write the path from the root on.");
        }
    }

    /** The directory, if there is one. Does not look at it yet. */
    public Optional<ObjectStore> open() {
        return Optional.ofNullable(path).map(FilesystemStore::open);
    }
}
