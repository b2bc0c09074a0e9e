package dev.otherix.backup;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Where results go. The reader of a pipe that is gone before Java has started takes nothing. */
class ClosedPipeIT {

    private static final Duration LIMIT = Duration.ofMinutes(2);

    @TempDir
    private Path temporary;

    @Test
    void aReaderThatHasGoneIsNoError() throws IOException {
        var file = Files.write(temporary.resolve("x.db"), new byte[5]);
        try (var script = JarProcess.script("""
                { otherix_etcd_backup help; echo "help $?" >&2; } | true
                { otherix_etcd_backup list '%s'; echo "list $?" >&2; } | true
                { otherix_etcd_backup verify -o json '%s'; echo "verify $?" >&2; } | true
                """.formatted(temporary, file))) {
            assertThat(script.exitCode(LIMIT)).isZero();
            assertThat(script.errors().lines().filter(line -> line.matches("(help|list|verify) .*")))
                    .containsExactly("help 0", "list 1", "verify 2");
            assertThat(script.errors()).doesNotContain("could not be written", "Broken pipe", "\tat ");
        }
    }

    @Test
    void aFullDiskIsAnError() {
        try (var script = JarProcess.script(
                "otherix_etcd_backup list '%s' > /dev/full || echo \"list ended with $?\"".formatted(temporary))) {
            assertThat(script.exitCode(LIMIT)).isZero();
            assertThat(script.output()).contains("list ended with 2");
            assertThat(script.errors()).contains("could not be written to standard output");
        }
    }
}
