package dev.otherix.backup.build;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;

/** The command lines of a page, as somebody pastes them. */
final class PastedLines {

    private static final String FENCE = "```";

    private PastedLines() {}

    /** The first block of commands that follows the one in which a line starts with {@code command}. */
    static List<String> after(String command, Path page) {
        try {
            return Files.readAllLines(page).stream()
                    .dropWhile(line -> !line.startsWith(command))
                    .dropWhile(line -> !line.equals(FENCE))
                    .skip(1)
                    .dropWhile(line -> !line.startsWith(FENCE))
                    .skip(1)
                    .takeWhile(line -> !line.equals(FENCE))
                    .toList();
        } catch (IOException cause) {
            throw new UncheckedIOException(cause);
        }
    }
}
