package dev.otherix.backup.access;

import dev.otherix.backup.config.InvalidSetting;
import dev.otherix.backup.config.PrivateFile;
import dev.otherix.backup.config.SecretFile;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.AccessDeniedException;
import java.nio.file.FileAlreadyExistsException;
import java.nio.file.FileSystemException;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.Path;

/** {@code api.token_file}: the text of one token on its only line, readable by its owner only. */
public final class TokenFile {

    static final String KEY = "api.token_file";

    private TokenFile() {}

    /**
     * The token in the file.
     *
     * @throws InvalidSetting if it is missing, has too open a mode, or holds no token
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
     * Makes a new token if there is none, completely or not at all.
     *
     * @return whether one was made
     * @throws InvalidSetting if it cannot be stored
     */
    static boolean makeIfAbsent(Path file) {
        if (Files.exists(file, LinkOption.NOFOLLOW_LINKS)) {
            return false;
        }
        try {
            PrivateFile.write(file, TokenText.first() + "\n");
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

    /** The system's error, in words. */
    private static String reason(IOException refused) {
        return switch (refused) {
            case FileAlreadyExistsException file -> file.getFile() + " is no directory";
            case AccessDeniedException denied -> "no permission for " + denied.getFile();
            case FileSystemException of when of.getReason() != null -> of.getReason();
            default -> String.valueOf(refused.getMessage());
        };
    }
}
