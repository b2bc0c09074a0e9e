package dev.otherix.backup.snapshot;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFileAttributes;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * A file of a snapshot that cannot be read. Its content is unknown: it is not known to be damaged, and is left
 * unchanged.
 *
 * @param file a snapshot's file, or its record
 * @param error the error of the last read; null if this process lacks the permission
 */
record Unreadable(Path file, @Nullable IOException error) {

    /** Empty where the file can be read, or is not there. */
    static Optional<Unreadable> of(Path file, @Nullable IOException error, Disk disk) {
        // asked first: of thousands of files nearly all can be read, and then it is the only question
        var readable = disk.mayRead(file);
        return readable && error == null || !disk.isFile(file)
                ? Optional.empty()
                : Optional.of(new Unreadable(file, readable ? error : null));
    }

    /** The problem, the owner, and the command that fixes it. */
    String message() {
        var name = file.getFileName();
        return error == null
                ? "cannot read " + name + ": permission denied (" + owner() + "); to let the user " + user()
                        + " read it, run in the snapshot directory: chown " + user() + ": " + name + " && chmod 600 "
                        + name
                : "cannot read " + name + " (" + DirectoryFailure.words(error) + "); check the disk";
    }

    private String owner() {
        try {
            var attributes = Files.readAttributes(file, PosixFileAttributes.class, LinkOption.NOFOLLOW_LINKS);
            return "owner " + attributes.owner().getName() + ", mode " + octal(attributes);
        } catch (IOException | UnsupportedOperationException notTold) {
            return "owner and mode are not known";
        }
    }

    private static String octal(PosixFileAttributes attributes) {
        int mode = 0;
        for (var flag : PosixFilePermissions.toString(attributes.permissions()).toCharArray()) {
            mode = mode << 1 | (flag == '-' ? 0 : 1);
        }
        return "0" + Integer.toOctalString(mode);
    }

    private static String user() {
        return System.getProperty("user.name");
    }
}
