package dev.otherix.backup;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;

/**
 * Holds README and the pages to their convention. A block of {@code bash} has a name in a comment before it, and a test
 * runs it by that name as it stands ({@link Runbook}). What no test runs is marked by another word: {@code console} for
 * commands, and the format of everything else.
 */
class BlocksTests {

    private static final Set<String> NOT_RUN = Set.of("console", "text", "yaml", "json", "promql");
    private static final Pattern NAMED = Pattern.compile("<!-- test: ([a-z-]+) -->");

    /** A block's first line, the line before it, and where it is. */
    private record Fence(Path page, int line, String before, String word) {}

    @Test
    void eachBlockIsRunByATestOrMarkedAsNotRun() {
        var tests = tests();
        assertThat(pages().flatMap(page -> fences(page).stream()))
                .hasSizeGreaterThan(40)
                .allSatisfy(fence -> {
                    var name = NAMED.matcher(fence.before());
                    if (name.matches()) {
                        assertThat(fence.word()).isEqualTo("bash");
                        assertThat(tests.stream()
                                        .anyMatch(test ->
                                                test.contains("\"" + name.group(1) + "\"") && test.contains("Runbook")))
                                .as("a test runs the block " + name.group(1))
                                .isTrue();
                    } else {
                        assertThat(fence.word())
                                .as("run it by a test (<!-- test: name -->), or mark it")
                                .isIn(NOT_RUN);
                    }
                });
    }

    @Test
    void noBlockIsMadeByIndentingBecauseItCannotBeMarked() {
        assertThat(pages())
                .allSatisfy(
                        page -> assertThat(indented(Files.readAllLines(page))).isEmpty());
    }

    private static Stream<Path> pages() {
        try (var files = Files.list(Path.of("src/site/markdown"))) {
            return Stream.concat(Stream.of(Path.of("README.md")), files.sorted().toList().stream());
        } catch (IOException cause) {
            throw new UncheckedIOException(cause);
        }
    }

    private static List<String> tests() {
        try (var files = Files.walk(Path.of("src/test/java"))) {
            var sources = new ArrayList<String>();
            for (var file :
                    files.filter(file -> file.toString().endsWith(".java")).toList()) {
                sources.add(Files.readString(file));
            }
            return sources;
        } catch (IOException cause) {
            throw new UncheckedIOException(cause);
        }
    }

    private static List<Fence> fences(Path page) {
        try {
            var lines = Files.readAllLines(page);
            var fences = new ArrayList<Fence>();
            var open = false;
            for (int i = 0; i < lines.size(); i++) {
                if (lines.get(i).strip().startsWith("```")) {
                    open = !open;
                    if (open) {
                        fences.add(new Fence(
                                page,
                                i + 1,
                                i == 0 ? "" : lines.get(i - 1),
                                lines.get(i).strip().substring(3)));
                    }
                }
            }
            return fences;
        } catch (IOException cause) {
            throw new UncheckedIOException(cause);
        }
    }

    /** First lines of blocks that are indented, outside fences and lists. */
    private static List<String> indented(List<String> lines) {
        var found = new ArrayList<String>();
        var fenced = false;
        var list = false;
        var before = "";
        for (var line : lines) {
            if (line.strip().startsWith("```")) {
                fenced = !fenced;
            } else if (!fenced && line.startsWith("    ") && before.isBlank() && !list) {
                found.add(line);
            } else if (!line.isBlank() && !line.startsWith(" ")) {
                list = line.matches("([-*]|\\d+\\.) .*");
            }
            before = line;
        }
        return found;
    }
}
