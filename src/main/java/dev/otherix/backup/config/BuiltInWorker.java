package dev.otherix.backup.config;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.InvalidPathException;
import java.nio.file.Path;
import java.util.Collection;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * Whether otherix-api's own backup worker is configured with the same directory as this service, so that each would
 * prune the other's files. It does not show whether that worker has written files. @param reason where it is
 * configured, as a sentence without its end; empty if it is not
 */
public record BuiltInWorker(Optional<String> reason) {

    static BuiltInWorker find(Collection<ConfigFile> apiFiles, @Nullable String ours) {
        return new BuiltInWorker(apiFiles.stream()
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

    private static boolean isSame(String ours, String theirs) {
        try {
            var one = Path.of(ours).normalize();
            var other = Path.of(theirs).normalize();
            return one.equals(other) || Files.isSameFile(one, other);
        } catch (IOException | InvalidPathException unreadable) {
            return false;
        }
    }
}
