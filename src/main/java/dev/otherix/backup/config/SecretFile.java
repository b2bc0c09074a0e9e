package dev.otherix.backup.config;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Optional;

/**
 * Refuses a file with a secret that users other than this service can read or change.
 *
 * <p>Others may have no access. The group may read the file if it belongs to another user than the service's, usually
 * root: a service reads such a file through its group, as {@code root:otherix 0640}, or as Kubernetes mounts a secret
 * for a pod with {@code fsGroup}, {@code root:<fsGroup> 0440}. The group may never write.
 */
public final class SecretFile {

    private static final int OTHERS = 07;
    private static final int GROUP_WRITES = 020;
    private static final int GROUP = 070;
    private static final int ROOT = 0;

    private SecretFile() {}

    /**
     * Checks an existing file, following links.
     *
     * @throws InvalidSetting if it is missing, cannot be read, or has too open a mode
     */
    public static void check(String key, Path file) {
        UnreadableFile.of(file).ifPresent(unreadable -> {
            throw new InvalidSetting(key, file, unreadable);
        });
        try {
            var mode = (Integer) Files.getAttribute(file, "unix:mode");
            var owner = (Integer) Files.getAttribute(file, "unix:uid");
            tooOpen(mode & 0777, owner, UnreadableFile.ownUser()).ifPresent(problem -> {
                throw new InvalidSetting(
                        key,
                        file,
                        problem,
                        "Run " + UnreadableFile.open(file, owner)
                                + "; for a Kubernetes secret set defaultMode: 0400, and fsGroup to the group of the "
                                + "service.");
            });
        } catch (UnsupportedOperationException | IllegalArgumentException noModesHere) {
            // a file system without owners and modes cannot be checked
        } catch (IOException broken) {
            throw new InvalidSetting(
                    key, file, "names a file that cannot be accessed (" + broken + ")", "Correct the path.");
        }
    }

    /** What is wrong with a mode, as the rest of a sentence. */
    static Optional<String> tooOpen(int mode, int owner, int self) {
        var octal = "has mode %04o and holds a secret: ".formatted(mode);
        if ((mode & OTHERS) != 0) {
            return Optional.of(octal + "every user of this machine may use it");
        }
        if ((mode & GROUP_WRITES) != 0) {
            return Optional.of(octal + "its group may change it");
        }
        var readThroughTheGroup = owner != self || owner == ROOT;
        return (mode & GROUP) != 0 && !readThroughTheGroup
                ? Optional.of(octal + "its group may use it, and this service, which owns it, needs no group for that")
                : Optional.empty();
    }
}
