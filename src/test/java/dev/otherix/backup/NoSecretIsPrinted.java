package dev.otherix.backup;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.Test;

/**
 * The last test of a build: what all tests before it printed, the logs of the services in their processes included,
 * holds no secret. The output of services in processes of their own is searched when each ends, and so is every answer
 * as it comes.
 */
class NoSecretIsPrinted {

    private static final List<Path> REPORTS =
            List.of(Path.of("target/surefire-reports"), Path.of("target/failsafe-reports"));
    private static final int CLASSES_OF_A_WHOLE_BUILD = 60;

    @Test
    void noReportOfAnyTestHoldsASecret() throws IOException {
        int reports = 0;
        boolean services = false;
        for (var directory : REPORTS) {
            for (var report : reports(directory)) {
                var text = Files.readString(report, StandardCharsets.UTF_8);
                assertThat(Secrets.find(text)).as("a secret in %s", report).isEmpty();
                reports++;
                services |= text.contains("Tomcat started on port");
            }
        }
        assertThat(services || reports < CLASSES_OF_A_WHOLE_BUILD)
                .as("the reports hold what the services logged")
                .isTrue();
    }

    private static List<Path> reports(Path directory) throws IOException {
        if (!Files.isDirectory(directory)) {
            return List.of();
        }
        try (var files = Files.list(directory)) {
            return files.filter(file ->
                            file.toString().endsWith(".xml") || file.toString().endsWith(".txt"))
                    .toList();
        }
    }
}
