package dev.otherix.backup.access;

import dev.otherix.backup.config.InvalidSetting;
import dev.otherix.backup.config.SecretFile;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.charset.StandardCharsets;
import java.nio.file.AccessDeniedException;
import java.nio.file.FileAlreadyExistsException;
import java.nio.file.FileSystemException;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.StandardOpenOption;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.Objects;
import java.util.Set;

/** {@code api.token_file}: the text of one token on its only line, for its owner's eyes. */
public final class TokenFile {

    static final String KEY = "api.token_file";

    private TokenFile() {}

    /**
     * The token in the file.
     *
     * @throws InvalidSetting if it is not there, too open, or holds no token
     */
    public static String read(Path file) {
        SecretFile.check(KEY, file);
        try {
            var text = Files.readString(file, StandardCharsets.ISO_8859_1).strip();
            if (!TokenText.isPossible(text)) {
                throw new InvalidSetting(
                        KEY,
                        file,
                        "holds no token: 20 to 512 visible characters on one line",
                        "Write a token into it; or remove it, and the service makes one at its next start.");
            }
            return text;
        } catch (IOException broken) {
            throw new InvalidSetting(KEY, file, "cannot be read (" + broken + ")", "Let this service's user read it.");
        }
    }

    /**
     * Makes a new token where none is, complete or not at all.
     *
     * @return whether one was made
     * @throws InvalidSetting where it cannot be stored
     */
    static boolean makeIfAbsent(Path file) {
        if (Files.exists(file, LinkOption.NOFOLLOW_LINKS)) {
            return false;
        }
        try {
            var directory = Objects.requireNonNull(file.toAbsolutePath().getParent(), "a file is in a directory");
            Files.createDirectories(
                    directory, PosixFilePermissions.asFileAttribute(PosixFilePermissions.fromString("rwx------")));
            var unfinished = directory.resolve("." + file.getFileName() + ".tmp");
            Files.deleteIfExists(unfinished);
            try (var out = FileChannel.open(
                    unfinished,
                    Set.of(StandardOpenOption.CREATE_NEW, StandardOpenOption.WRITE),
                    PosixFilePermissions.asFileAttribute(PosixFilePermissions.fromString("rw-------")))) {
                out.write(ByteBuffer.wrap((TokenText.first() + "\n").getBytes(StandardCharsets.US_ASCII)));
                out.force(true);
            }
            Files.move(unfinished, file, StandardCopyOption.ATOMIC_MOVE);
            return true;
        } catch (IOException refused) {
            throw new InvalidSetting(
                    KEY,
                    file,
                    "cannot be written, and without " + TokensFile.KEY + " the first token is stored there ("
                            + reason(refused) + ")",
                    "Set " + KEY + " to a file that this service's user can make, or name the tokens in "
                            + TokensFile.KEY + ".");
        }
    }

    /** What the system said, in words. */
    private static String reason(IOException refused) {
        return switch (refused) {
            case FileAlreadyExistsException file -> file.getFile() + " is no directory";
            case AccessDeniedException denied -> "no permission for " + denied.getFile();
            case FileSystemException of when of.getReason() != null -> of.getReason();
            default -> String.valueOf(refused.getMessage());
        };
    }
}
