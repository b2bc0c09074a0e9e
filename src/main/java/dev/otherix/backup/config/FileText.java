package dev.otherix.backup.config;

import java.io.IOException;
import java.io.InputStream;
import java.nio.ByteBuffer;
import java.nio.charset.CharacterCodingException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;

/** Reads a whole configuration file, at most 1 MiB, as strict UTF-8. */
final class FileText {

    private static final int LARGEST = 1 << 20;
    private static final String BYTE_ORDER_MARK = "\ufeff";

    private FileText() {}

    /** @throws UnusableConfigFile if it is missing, unreadable, too large, not UTF-8, or has nothing in it */
    static String read(Path file) {
        String text = decode(file, bytes(file));
        String content = text.startsWith(BYTE_ORDER_MARK) ? text.substring(1) : text;
        if (content.isBlank()) {
            throw new UnusableConfigFile(file, null, "is empty", "Restore its content, or remove the file.", null);
        }
        return content;
    }

    private static byte[] bytes(Path file) {
        try (InputStream in = Files.newInputStream(file)) {
            byte[] bytes = in.readNBytes(LARGEST + 1);
            if (bytes.length > LARGEST) {
                throw new UnusableConfigFile(file, null, "is larger than 1 MiB", "Name the right file.", null);
            }
            return bytes;
        } catch (IOException e) {
            UnreadableFile why = UnreadableFile.of(file)
                    .orElseGet(() -> new UnreadableFile(
                            "cannot be read (" + e.getMessage() + ")", "Look at its file system.", false));
            throw new UnusableConfigFile(file, null, why.problem(), why.fix(), e);
        }
    }

    private static String decode(Path file, byte[] bytes) {
        try {
            return StandardCharsets.UTF_8
                    .newDecoder()
                    .decode(ByteBuffer.wrap(bytes))
                    .toString();
        } catch (CharacterCodingException e) {
            throw new UnusableConfigFile(file, null, "is not UTF-8 text", "Save it as UTF-8.", e);
        }
    }
}
