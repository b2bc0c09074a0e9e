package dev.otherix.backup;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayDeque;
import java.util.LinkedHashSet;
import java.util.Set;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;

/** The shape of README and the pages: short, found from the README, and readable in a terminal. */
class DocumentationTests {

    private static final Path README = Path.of("README.md");
    private static final Path SITE = Path.of("src/site/markdown");
    private static final Pattern LINK = Pattern.compile("]\\(([^)#\\s]+\\.md)[)#]");

    @Test
    void theReadmeIsShort() throws IOException {
        assertThat(Files.readString(README).strip().split("\\s+")).hasSizeLessThanOrEqualTo(1200);
    }

    @Test
    void eachPageIsReachedFromTheReadme() {
        var reached = new LinkedHashSet<>(Set.of(README));
        var next = new ArrayDeque<>(reached);
        while (!next.isEmpty()) {
            var page = next.remove();
            LINK.matcher(text(page))
                    .results()
                    .map(link -> page.resolveSibling(link.group(1)).normalize())
                    .filter(target -> target.startsWith(SITE))
                    .filter(reached::add)
                    .forEach(next::add);
        }

        assertThat(reached).containsExactlyInAnyOrderElementsOf(pages().toList());
    }

    @Test
    void theReadmesIndexHasEachPage() {
        var index = text(README).split("\n## Where everything else is\n")[1];

        assertThat(pages().skip(1))
                .isNotEmpty()
                .allSatisfy(page -> assertThat(index).contains("](" + page + ")"));
    }

    @Test
    void eachPageBeginsWithWhatItIsFor() {
        assertThat(pages()).allSatisfy(page -> {
            var lines = text(page).lines().toList();
            assertThat(lines.get(0)).startsWith("# ");
            assertThat(lines.get(1)).isEmpty();
            assertThat(lines.get(2))
                    .as("a sentence, not a table, a list, a heading or a block")
                    .matches("[A-Z`].*");
        });
    }

    @Test
    void linesAreShorterThan120Characters() {
        // a row of a table cannot be broken
        assertThat(pages())
                .allSatisfy(page -> assertThat(text(page)
                                .lines()
                                .filter(line -> !line.startsWith("|"))
                                .filter(line -> line.length() >= 120))
                        .isEmpty());
    }

    private static Stream<Path> pages() {
        try (var files = Files.list(SITE)) {
            return Stream.concat(Stream.of(README), files.sorted().toList().stream());
        } catch (IOException cause) {
            throw new UncheckedIOException(cause);
        }
    }

    private static String text(Path page) {
        try {
            return Files.readString(page);
        } catch (IOException cause) {
            throw new UncheckedIOException(cause);
        }
    }
}
