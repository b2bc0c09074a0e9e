package dev.otherix.backup.build;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

class PagesTests {

    private static final Path CHART = Path.of("helm/otherix-etcd-backup");
    private static final Pattern LINK = Pattern.compile("\\]\\(([^)#]+)");
    private static final Pattern REWRITTEN = Pattern.compile("<replaceregex pattern=\"([^\"]+)\" replace=\"([^\"]+)\"");
    private static final Pattern PACKAGED = Pattern.compile("<dst>([^<]+)</dst>");
    private static final Path DOCUMENTS = Path.of("/usr/share/doc/otherix-etcd-backup");

    private static Stream<Path> pages() throws IOException {
        try (var site = Files.list(Path.of("src/site/markdown"))) {
            return Stream.concat(Stream.of(Path.of("README.md"), CHART.resolve("README.md")), site.toList().stream());
        }
    }

    @ParameterizedTest
    @MethodSource("pages")
    void everyLinkLeadsToAFile(Path page) throws IOException {
        assertThat(links(page).map(link -> page.resolveSibling(link).normalize()))
                .allSatisfy(target -> assertThat(target).exists());
    }

    @Test
    void everyLinkOfThePackagesCopiesLeadsToAFileOfThePackage() throws IOException {
        var pom = Files.readString(Path.of("pom.xml"));
        var installed =
                PACKAGED.matcher(pom).results().map(file -> file.group(1)).collect(Collectors.toSet());
        var copied = pages().filter(page -> !page.startsWith(CHART)).toList();
        copied.forEach(
                page -> installed.add(DOCUMENTS.resolve(page.getFileName()).toString()));
        var rewrites = REWRITTEN.matcher(pom).results().toList();

        assertThat(rewrites).isNotEmpty();
        assertThat(copied).allSatisfy(page -> {
            var copy = Files.readString(page);
            for (var rewrite : rewrites) {
                copy = copy.replaceAll(rewrite.group(1), rewrite.group(2));
            }
            assertThat(links(copy)
                            .map(link -> DOCUMENTS.resolve(link).normalize().toString()))
                    .isSubsetOf(installed);
        });
    }

    @Test
    void theChartsLinksStayInTheChart() throws IOException {
        assertThat(links(CHART.resolve("README.md")))
                .isNotEmpty()
                .allSatisfy(link -> assertThat(CHART.resolve(link).normalize()).startsWith(CHART));
        try (var files = Files.walk(CHART)) {
            for (var file : files.filter(Files::isRegularFile).toList()) {
                assertThat(Files.readString(file).replaceAll("https://\\S+", ""))
                        .as(file.toString())
                        .doesNotContain("src/site");
            }
        }
    }

    @Test
    void everyValueOfTheChartIsDescribed() throws IOException {
        var schema = new JsonMapper().readTree(Files.readString(CHART.resolve("values.schema.json")));
        var without = new ArrayList<String>();
        undescribed("", schema, without);
        schema.path("definitions").properties().forEach(part -> undescribed(part.getKey(), part.getValue(), without));
        assertThat(without).isEmpty();
    }

    private static Stream<String> links(Path page) throws IOException {
        return links(Files.readString(page));
    }

    private static Stream<String> links(String page) {
        return LINK.matcher(page).results().map(link -> link.group(1)).filter(link -> !link.startsWith("http"));
    }

    private static void undescribed(String path, JsonNode schema, List<String> without) {
        schema.path("properties").properties().forEach(property -> {
            var name = path + "." + property.getKey();
            if (!property.getValue().path("description").isString()) {
                without.add(name);
            }
            undescribed(name, property.getValue(), without);
        });
    }
}
