package dev.otherix.backup.start;

import dev.otherix.backup.config.InTime;
import dev.otherix.backup.config.InvalidSetting;
import dev.otherix.backup.config.Settings;
import dev.otherix.backup.job.BackupProperties;
import dev.otherix.backup.offsite.store.FilesystemProperties;
import dev.otherix.backup.snapshot.FileSystemProbe;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Set;
import java.util.concurrent.TimeoutException;

/**
 * Asks the file systems that a start cannot do without, each with a limit: a start that waits for one opens no port and
 * gives no reason. These are all files that settings name; without the directory of the snapshots and that of off-site
 * copies the service can start.
 */
final class FilesAtStart {

    private static final Set<String> WRITTEN = Set.of("api.token_file", "audit.file");

    private final Duration limit;

    /** @param limit how long a start waits for each */
    FilesAtStart(Duration limit) {
        this.limit = limit;
    }

    /** @throws InvalidSetting if one does not answer */
    void require(Settings settings) {
        SettingsBlocks.ALL.stream()
                .filter(block -> block != BackupProperties.class && block != FilesystemProperties.class)
                .forEach(block -> settings.paths(block).forEach(this::ask));
    }

    private void ask(String key, Path file) {
        try {
            InTime.ask(limit, () -> {
                read(file);
                var directory = file.toAbsolutePath().getParent();
                if (directory != null && WRITTEN.contains(key)) {
                    // a disk that is frozen still answers reads
                    FileSystemProbe.ask(directory);
                }
                return true;
            });
        } catch (TimeoutException hangs) {
            throw new InvalidSetting(
                    key,
                    file,
                    "has not answered for " + limit.toSeconds() + " s",
                    "Check the disk, or the server of the file system, and start the service again.");
        }
    }

    /** Reads one byte: the system may still know the attributes of a file whose server no longer answers. */
    private static void read(Path file) {
        if (Files.isRegularFile(file)) {
            try (var in = Files.newInputStream(file)) {
                var _ = in.read();
            } catch (IOException refused) {
                // not a hang; the code that needs the file reports it
            }
        }
    }
}
