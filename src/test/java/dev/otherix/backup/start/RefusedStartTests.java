package dev.otherix.backup.start;

import static org.assertj.core.api.Assertions.assertThat;

import dev.otherix.backup.OtherixEtcdBackup;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.List;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** The program itself, as a process of its own. */
class RefusedStartTests {

    @TempDir
    private Path directory;

    @Test
    void aWrongConfigurationEndsWithOneAndNoStackTrace() throws IOException, InterruptedException {
        var builder = new ProcessBuilder(List.of(
                Path.of(System.getProperty("java.home"), "bin", "java").toString(),
                "-Dotherix.etc=" + directory,
                "-cp",
                System.getProperty("surefire.test.class.path", System.getProperty("java.class.path")),
                OtherixEtcdBackup.class.getName(),
                "--api.listen=127.0.0.1:0"));
        builder.environment().put("OTHERIX_WORKERS__BACKUP__ENABLED", "true");
        var output = directory.resolve("output");
        var process = builder.redirectErrorStream(true)
                .redirectOutput(output.toFile())
                .start();
        try {
            assertThat(process.waitFor(60, TimeUnit.SECONDS))
                    .as("it ended by itself")
                    .isTrue();
        } finally {
            process.destroyForcibly();
        }
        assertThat(process.exitValue()).isEqualTo(1);
        assertThat(output)
                .content(StandardCharsets.UTF_8)
                .contains("workers.backup.dir is not set, but workers.backup.enabled is true.")
                .contains("Set workers.backup.dir to the directory for snapshots")
                .doesNotContain("\tat ")
                .doesNotContain("Exception");
    }
}
