package dev.otherix.backup.log;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;

/** The log has a queue as soon as one test of this process has started a service: no test may look before it is out. */
class WrittenTests {

    private static final Pattern CAPTURED = Pattern.compile("CapturedOutput (\\w+)");

    @Test
    void noTestReadsTheLogBeforeItIsWritten() throws IOException {
        try (var sources = Files.walk(Path.of("src/test/java"))) {
            assertThat(sources.filter(source -> source.toString().endsWith(".java"))
                            .filter(source -> !source.endsWith("Written.java"))
                            .flatMap(WrittenTests::early))
                    .isEmpty();
        }
    }

    private static Stream<String> early(Path source) {
        var text = read(source);
        var names =
                CAPTURED.matcher(text).results().map(found -> found.group(1)).distinct();
        return names.flatMap(name ->
                        uses(text.replace("CapturedOutput " + name, "").replace("Written.out(" + name + ")", ""), name)
                                .stream())
                .map(use -> source + ": " + use);
    }

    private static List<String> uses(String text, String name) {
        return Pattern.compile("(?<![\\w.\"])" + name + "(?=\\.|\\)\\s*\\.)[^\n]*")
                .matcher(text)
                .results()
                .map(found -> found.group())
                .toList();
    }

    private static String read(Path source) {
        try {
            return Files.readString(source);
        } catch (IOException unreadable) {
            throw new UncheckedIOException(unreadable);
        }
    }
}
