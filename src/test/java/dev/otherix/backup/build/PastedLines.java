package dev.otherix.backup.build;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;

/** The command lines of a page, as somebody pastes them. */
final class PastedLines {

    private static final String INDENT = "    ";

    private PastedLines() {}

    /** The first block of commands that follows the one in which a line starts with {@code command}. */
    static List<String> after(String command, Path page) {
        try {
            return Files.readAllLines(page).stream()
                    .dropWhile(line -> !line.startsWith(INDENT + command))
                    .dropWhile(line -> line.startsWith(INDENT))
                    .dropWhile(line -> !line.startsWith(INDENT))
                    .takeWhile(line -> line.startsWith(INDENT))
                    .map(String::strip)
                    .toList();
        } catch (IOException cause) {
            throw new UncheckedIOException(cause);
        }
    }
}
