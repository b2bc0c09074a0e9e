package dev.otherix.backup;

import static org.assertj.core.api.Assertions.assertThat;

import dev.otherix.backup.realetcd.Command;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Off-site copies that are off cost nothing: no class is loaded of what they need. */
class OffsiteOffIT {

    private static final String RECIPIENT = "age1ql3z7hjy54pw3hyww5ayyfg7zqgvc7w3j2elw8zmrj2kg5sfn9aqmcac8p";

    @TempDir
    private Path temporary;

    @Test
    void aServiceWithoutATargetHasLoadedNothingThatTalksToAStoreOrEncrypts() throws IOException {
        assertThat(foreign()).as("without a target").isEmpty();

        var target = Files.createDirectory(temporary.resolve("target"));
        Files.createFile(target.resolve(".otherix-etcd-backup-target"));
        assertThat(foreign("--offsite.filesystem.path=" + target, "--offsite.recipients=" + RECIPIENT))
                .as("the same question shows what a target loads")
                .anyMatch(type -> type.startsWith("com.exceptionfactory.jagged"));
    }

    private Stream<String> foreign(String... settings) {
        try (var service = PackagedService.start("http://127.0.0.1:1", temporary.resolve("snapshots"), settings)) {
            assertThat(service.get("/readyz").statusCode()).isEqualTo(200);
            var classes = Command.of(
                            Path.of(System.getProperty("java.home"), "bin", "jcmd")
                                    .toString(),
                            String.valueOf(service.process().pid()),
                            "VM.class_hierarchy")
                    .output();
            assertThat(classes).contains("dev.otherix.backup.job.BackupJob");
            return classes
                    .lines()
                    .map(line -> line.replaceAll("^[|\\s-]*|/0x.*|/null.*", ""))
                    .filter(type -> type.startsWith("software.amazon.")
                            || type.startsWith("org.apache.hc.")
                            || type.startsWith("com.exceptionfactory."))
                    .toList()
                    .stream();
        }
    }
}
