package dev.otherix.backup;

import static org.assertj.core.api.Assertions.assertThat;

import dev.otherix.backup.history.MutatedPast;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Damaged files into the packaged program, with little memory: a sample of what {@code MutatedPastTests} does. */
class MutatedPastIT {

    private static final int ROUNDS = 2;

    @TempDir
    private Path dir;

    @Test
    void aDamagedFileEndsTheProgramWithWordsAndInItsMemory() throws Exception {
        var past = new MutatedPast(dir.resolve("good.db"), 17);
        var file = dir.resolve("a.db");
        var out = dir.resolve("out.db");
        for (var i = 0; i < ROUNDS; i++) {
            for (var command : past.commands(file, out)) {
                past.write(file);
                var run = run(command);
                assertThat(run.exitCode()).as("%s: %s", command, run.printed()).isIn(0, 1, 2);
                assertThat(run.printed()).doesNotContain("Exception", "\tat ", "OutOfMemory");
                assertThat(run.exitCode() == 0 || !run.printed().isBlank()).isTrue();
                assertThat(Files.exists(out)).isEqualTo(run.exitCode() == 0 && command.contains("--out"));
                Files.deleteIfExists(out);
                Files.deleteIfExists(dir.resolve("out.json"));
            }
        }
    }

    private record Run(int exitCode, String printed) {}

    private Run run(List<String> command) throws IOException, InterruptedException {
        var line = new ArrayList<>(JarProcess.java(dir));
        // the last one counts
        line.add(line.indexOf("-jar"), "-Xmx64m");
        line.addAll(command);
        var process = new ProcessBuilder(line).redirectErrorStream(true).start();
        try {
            var printed = new String(process.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
            assertThat(process.waitFor(1, TimeUnit.MINUTES)).isTrue();
            return new Run(process.exitValue(), printed);
        } finally {
            process.destroyForcibly();
        }
    }
}
