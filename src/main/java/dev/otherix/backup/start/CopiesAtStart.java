package dev.otherix.backup.start;

import dev.otherix.backup.config.InvalidSetting;
import dev.otherix.backup.config.Settings;
import dev.otherix.backup.job.BackupProperties;
import dev.otherix.backup.offsite.LockProperties;
import dev.otherix.backup.offsite.OffsiteProperties;
import dev.otherix.backup.offsite.store.FilesystemProperties;
import dev.otherix.backup.offsite.store.S3Properties;
import java.util.Optional;

/** Whether snapshots are copied off-site, as the settings say. */
final class CopiesAtStart {

    private CopiesAtStart() {}

    /** The key that turns a target on; empty if there is none. */
    static Optional<String> target(Settings settings) {
        if (settings.bind(S3Properties.class).bucket() != null) {
            return Optional.of("offsite.s3.bucket");
        }
        return settings.bind(FilesystemProperties.class).path() == null
                ? Optional.empty()
                : Optional.of("offsite.filesystem.path");
    }

    /** @throws InvalidSetting if there is a target and something that it needs is not set */
    static void require(Settings settings) {
        settings.bind(LockProperties.class)
                .requireFor(
                        settings.bind(S3Properties.class).bucket() != null,
                        settings.bind(FilesystemProperties.class).path() != null);
        target(settings)
                .ifPresent(key -> settings.bind(OffsiteProperties.class)
                        .requireFor(key, settings.bind(BackupProperties.class).dir()));
    }
}
