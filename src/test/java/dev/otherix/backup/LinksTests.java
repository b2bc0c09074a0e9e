package dev.otherix.backup;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Locale;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;

/** Each link of README and the pages leads to a file and a section that are there. */
class LinksTests {

    private static final Pattern LINK = Pattern.compile("]\\(([^)\\s]+)\\)");

    @Test
    void eachLinkLeadsToAFileAndASection() {
        assertThat(pages())
                .allSatisfy(page -> assertThat(links(Files.readString(page))).allSatisfy(link -> {
                    var parts = link.split("#", 2);
                    var target = parts[0].isEmpty()
                            ? page
                            : page.resolveSibling(parts[0]).normalize();
                    assertThat(target).exists();
                    if (parts.length > 1) {
                        assertThat(anchors(Files.readAllLines(target))).contains(parts[1]);
                    }
                }));
    }

    private static Stream<Path> pages() {
        try (var files = Files.list(Path.of("src/site/markdown"))) {
            return Stream.concat(Stream.of(Path.of("README.md")), files.sorted().toList().stream());
        } catch (IOException cause) {
            throw new UncheckedIOException(cause);
        }
    }

    private static List<String> links(String page) {
        return LINK.matcher(page)
                .results()
                .map(link -> link.group(1))
                .filter(link -> !link.matches("https?:.*|mailto:.*"))
                .toList();
    }

    /** What a heading's link is, as code hosts make it. */
    private static List<String> anchors(List<String> lines) {
        return lines.stream()
                .filter(line -> line.matches("#+ .*"))
                .map(line -> line.replaceFirst("#+ ", "")
                        .toLowerCase(Locale.ROOT)
                        .replaceAll("[^\\p{L}\\p{N} _-]", "")
                        .replace(' ', '-'))
                .toList();
    }
}
