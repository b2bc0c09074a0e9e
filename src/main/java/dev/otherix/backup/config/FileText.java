package dev.otherix.backup.config;

import java.io.IOException;
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

    /** @throws UnusableConfigFile if it is missing, unreadable, too large, not UTF-8, or empty */
    static String read(Path file) {
        var text = decode(file, bytes(file));
        var content = text.startsWith(BYTE_ORDER_MARK) ? text.substring(1) : text;
        if (content.isBlank()) {
            throw new UnusableConfigFile(file, null, "is empty", "Restore its content, or remove the file.", null);
        }
        return content;
    }

    private static byte[] bytes(Path file) {
        try (var in = Files.newInputStream(file)) {
            var bytes = in.readNBytes(LARGEST + 1);
            if (bytes.length > LARGEST) {
                throw new UnusableConfigFile(file, null, "is larger than 1 MiB", "Name the right file.", null);
            }
            return bytes;
        } catch (IOException failure) {
            var why = UnreadableFile.of(file, failure);
            throw new UnusableConfigFile(file, null, why.problem(), why.fix(), failure);
        }
    }

    private static String decode(Path file, byte[] bytes) {
        try {
            return StandardCharsets.UTF_8
                    .newDecoder()
                    .decode(ByteBuffer.wrap(bytes))
                    .toString();
        } catch (CharacterCodingException malformed) {
            throw new UnusableConfigFile(file, null, "is not UTF-8 text", "Save it as UTF-8.", malformed);
        }
    }
}
