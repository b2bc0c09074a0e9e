package dev.otherix.backup;

import static com.tngtech.archunit.lang.syntax.ArchRuleDefinition.constructors;
import static org.assertj.core.api.Assertions.assertThat;

import com.tngtech.archunit.core.domain.JavaConstructor;
import com.tngtech.archunit.core.importer.ClassFileImporter;
import com.tngtech.archunit.core.importer.ImportOption;
import com.tngtech.archunit.lang.ArchCondition;
import com.tngtech.archunit.lang.ConditionEvents;
import com.tngtech.archunit.lang.SimpleConditionEvent;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.TreeMap;
import org.junit.jupiter.api.Test;

/** A class that does one thing is short and needs few others. */
class ClassSizeTests {

    private static final int LONGEST_FILE = 250;
    private static final int MOST_PARAMETERS = 7;

    @Test
    void noSourceFileIsTooLong() throws IOException {
        var lines = new TreeMap<String, Long>();
        try (var files = Files.walk(Path.of("src/main/java"))) {
            files.filter(file -> file.toString().endsWith(".java"))
                    .forEach(file -> lines.put(file.toString(), linesOf(file)));
        }

        assertThat(lines).isNotEmpty();
        lines.values().removeIf(count -> count <= LONGEST_FILE);
        assertThat(lines).isEmpty();
    }

    private static long linesOf(Path file) {
        try (var lines = Files.lines(file)) {
            return lines.count();
        } catch (IOException unreadable) {
            throw new UncheckedIOException(unreadable);
        }
    }

    /** Records are left out: each has a component for each field of a format. */
    @Test
    void noConstructorTakesTooManyParameters() {
        var main = new ClassFileImporter()
                .withImportOption(new ImportOption.DoNotIncludeTests())
                .importPackages("dev.otherix.backup");

        constructors()
                .that()
                .areDeclaredInClassesThat()
                .areNotRecords()
                .should(new TakeFewParameters())
                .because("a class that needs more does more than one thing")
                .check(main);
    }

    private static final class TakeFewParameters extends ArchCondition<JavaConstructor> {

        TakeFewParameters() {
            super("take at most " + MOST_PARAMETERS + " parameters");
        }

        @Override
        public void check(JavaConstructor item, ConditionEvents events) {
            var count = item.getRawParameterTypes().size();
            events.add(new SimpleConditionEvent(
                    item, count <= MOST_PARAMETERS, item.getFullName() + " takes " + count + " parameters"));
        }
    }
}
