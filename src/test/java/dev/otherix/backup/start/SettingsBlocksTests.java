package dev.otherix.backup.start;

import static org.assertj.core.api.Assertions.assertThat;

import com.tngtech.archunit.core.domain.JavaClass;
import com.tngtech.archunit.core.importer.ClassFileImporter;
import com.tngtech.archunit.core.importer.ImportOption;
import dev.otherix.backup.config.Block;
import dev.otherix.backup.config.Default;
import dev.otherix.backup.config.ListenAddress;
import dev.otherix.backup.config.Settings;
import java.io.IOException;
import java.lang.reflect.RecordComponent;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.Locale;
import java.util.Map;
import java.util.TreeMap;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.springframework.context.annotation.AnnotationConfigApplicationContext;
import org.springframework.core.env.StandardEnvironment;

/** The list of blocks, their beans and their documentation against the records themselves. */
class SettingsBlocksTests {

    private static final Path DOCUMENT = Path.of("src/site/markdown/configuration.md");
    private static final Pattern ROW = Pattern.compile("^\\| `([a-z0-9_.]+)` \\| (.+?) \\| .+ \\|$");

    @Test
    void everyBlockIsListed() {
        var annotated = new ClassFileImporter()
                        .withImportOption(ImportOption.Predefined.DO_NOT_INCLUDE_TESTS)
                        .importPackages("dev.otherix.backup")
                        .stream()
                        .filter(type -> type.isAnnotatedWith(Block.class))
                        .map(JavaClass::getName);
        assertThat(SettingsBlocks.ALL)
                .extracting(Class::getName)
                .containsExactlyInAnyOrderElementsOf(annotated.toList());
    }

    @Test
    void everyBlockHasABean() {
        var environment = new StandardEnvironment();
        var settings = Settings.load(SettingsBlocks.ALL, new String[0], Map.of(), Path.of("/nonexistent"));
        environment
                .getPropertySources()
                .addFirst(new SettingsPropertySource(settings, ListenAddress.parse("127.0.0.1:0"), Map.of(), false));
        try (var context = new AnnotationConfigApplicationContext()) {
            context.setEnvironment(environment);
            context.register(SettingsConfiguration.class);
            context.refresh();
            assertThat(SettingsBlocks.ALL)
                    .allSatisfy(block -> assertThat(context.getBean(block)).isNotNull());
        }
    }

    @Test
    void everyComponentHasADefaultOrMayBeUnset() {
        assertThat(components())
                .allSatisfy(component -> assertThat(component.isAnnotationPresent(Default.class)
                                || component.getAnnotatedType().isAnnotationPresent(Nullable.class))
                        .isTrue());
    }

    @Test
    void theDocumentNamesEachKeyWithItsDefaultAndNoOther() throws IOException {
        var documented = new TreeMap<String, String>();
        Files.readAllLines(DOCUMENT).stream()
                .map(ROW::matcher)
                .filter(Matcher::matches)
                .forEach(row -> documented.put(row.group(1), row.group(2)));
        var expected = new TreeMap<String, String>();
        components().forEach(component -> expected.put(key(component), standard(component, documented)));
        assertThat(documented).isEqualTo(expected);
    }

    /**
     * Keys come in with the blocks; the keys by which otherix-api's own file is recognized are not settings of ours.
     */
    @Test
    void thePackageConfigNamesNoSetting() throws IOException {
        var named = Pattern.compile("\"[^\"\\n]*\\b(?:"
                + Stream.concat(
                                components().map(SettingsBlocksTests::key),
                                SettingsBlocks.ALL.stream()
                                        .map(block ->
                                                block.getAnnotation(Block.class).value())
                                        .filter(block -> block.contains(".") || block.contains("_")))
                        .map(Pattern::quote)
                        .collect(Collectors.joining("|"))
                + ")\\b");
        try (var sources = Files.list(Path.of("src/main/java/dev/otherix/backup/config"))) {
            assertThat(sources)
                    .isNotEmpty()
                    .allSatisfy(source -> assertThat(Files.readString(source)).doesNotContainPattern(named));
        }
    }

    /** A default that is computed is told in words, never as a value. */
    private static String standard(RecordComponent component, Map<String, String> documented) {
        var standard = component.getAnnotation(Default.class);
        var words = documented.getOrDefault(key(component), "").replace("`", "");
        return standard != null ? "`" + standard.value() + "`" : words;
    }

    private static String key(RecordComponent component) {
        var block = component.getDeclaringRecord().getAnnotation(Block.class).value();
        return block + "." + component.getName().replaceAll("([A-Z])", "_$1").toLowerCase(Locale.ROOT);
    }

    private static Stream<RecordComponent> components() {
        return SettingsBlocks.ALL.stream().flatMap(block -> Arrays.stream(block.getRecordComponents()));
    }
}
