package dev.otherix.backup.config;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import org.jspecify.annotations.Nullable;

/**
 * Keeps root from writing where another user's service works: that service cannot read files that root makes there, and
 * then treats them as damaged, or does not start.
 */
public final class ForeignOwner {

    private static final int ROOT = 0;

    private ForeignOwner() {}

    /**
     * Checks a path that this process is going to write to.
     *
     * @throws InvalidSetting if this process runs as root, and the path, or the nearest existing directory above it,
     *     belongs to another user
     */
    public static void refuse(String key, Path place) {
        refuse(key, place, UnreadableFile.ownUser());
    }

    static void refuse(String key, Path place, int user) {
        if (user != ROOT) {
            return;
        }
        try {
            var there = nearest(place.toAbsolutePath().normalize());
            if (there != null && (Integer) Files.getAttribute(there, "unix:uid") != ROOT) {
                throw refusal(key, place, there, Files.getOwner(there).getName());
            }
        } catch (IOException | UnsupportedOperationException | IllegalArgumentException noOwnersHere) {
            // a path that cannot be accessed is refused when it is opened
        }
    }

    private static @Nullable Path nearest(Path place) throws IOException {
        for (@Nullable Path path = place; path != null; path = path.getParent()) {
            try {
                Files.getAttribute(path, "unix:uid");
                return path;
            } catch (NoSuchFileException missing) {
                // created later, so the directory above it counts
            }
        }
        return null;
    }

    private static InvalidSetting refusal(String key, Path place, Path there, String owner) {
        var unnamed = owner.chars().allMatch(Character::isDigit);
        var as = unnamed
                ? "setpriv --reuid=" + owner + " --regid=" + owner + " --clear-groups"
                : "runuser -u " + owner + " --";
        return new InvalidSetting(
                key,
                place,
                (there.equals(place) ? "belongs to" : "is below " + there + ", which belongs to") + " the user " + owner
                        + ", and this runs as root: " + owner + " could not read what root writes there",
                "Start the installed service: systemctl start otherix-etcd-backup. By hand, run the same command as that user: "
                        + as + " otherix-etcd-backup serve.");
    }
}
