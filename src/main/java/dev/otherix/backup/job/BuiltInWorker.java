package dev.otherix.backup.job;

import dev.otherix.backup.config.ConfigFile;
import dev.otherix.backup.config.Settings;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.InvalidPathException;
import java.nio.file.Path;
import java.util.Optional;

/**
 * Whether otherix-api's own backup worker is configured with the same directory as this service, so that each would
 * prune the other's files. It does not show whether that worker has written files. @param reason where it is
 * configured, as a sentence without its end; empty if it is not
 */
public record BuiltInWorker(Optional<String> reason) {

    /** Looks into otherix-api's configuration files. */
    public static BuiltInWorker find(Settings settings) {
        var ours = settings.bind(BackupProperties.class).dir();
        return new BuiltInWorker(settings.ofOtherix().stream()
                .filter(file -> ours != null
                        && isEnabled(file)
                        && isSame(ours, file.text("workers.backup.dir").orElse("")))
                .findFirst()
                .map(file -> file.path() + " has workers.backup.enabled: true with the same directory " + ours
                        + ", so otherix-api runs its own worker there"));
    }

    private static boolean isEnabled(ConfigFile file) {
        return file.text("workers.backup.enabled")
                .filter("true"::equalsIgnoreCase)
                .isPresent();
    }

    private static boolean isSame(Path ours, String theirs) {
        try {
            var one = ours.normalize();
            var other = Path.of(theirs).normalize();
            return one.equals(other) || Files.isSameFile(one, other);
        } catch (IOException | InvalidPathException unreadable) {
            return false;
        }
    }
}
