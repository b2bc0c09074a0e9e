package dev.otherix.backup.cli;

import static org.assertj.core.api.Assertions.assertThat;

import dev.otherix.backup.history.MutatedPast;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.springframework.util.FileSystemUtils;

/**
 * A damaged file is refused in words, or becomes a directory whose database is good. Number from the system property
 * {@code mutations}: the profile {@code crash} has the long version.
 */
class MutatedRestoreTests {

    private static final int MUTATIONS = Math.max(300, Integer.getInteger("mutations", 300));

    @TempDir
    private Path dir;

    @Test
    void aDamagedFileIsRefusedOrBecomesAGoodDatabase() throws IOException {
        var past = new MutatedPast(dir.resolve("good.db"), 17);
        var file = dir.resolve("a.db");
        var data = dir.resolve("etcd/data");
        var restored = 0;
        for (var i = 0; i < MUTATIONS; i++) {
            past.write(file);
            var line = new ArrayList<>(List.of(
                    "restore",
                    file.toString(),
                    "--data-dir",
                    data.toString(),
                    "--name",
                    "one",
                    "--peer-url",
                    "http://127.0.0.1:9"));
            if (i % 3 == 0) {
                line.addAll(List.of("--to-revision", "13"));
            } else if (i % 3 == 1) {
                line.add("--raw");
            }
            var run = OfflineScene.run(line.toArray(String[]::new));
            assertThat(run.exitCode())
                    .as("mutation %d, %s: %s", i, line, run.err())
                    .isIn(0, 1, 2);
            assertThat(run.err()).doesNotContain("Exception", "\tat ", "/proc/");
            if (run.exitCode() == 0) {
                restored++;
                var verified = OfflineScene.run("verify", "--raw", data + "/member/snap/db");
                assertThat(verified.exitCode())
                        .as("mutation %d: %s", i, verified.out())
                        .isZero();
                FileSystemUtils.deleteRecursively(data.getParent());
            } else {
                assertThat(run.err()).startsWith("otherix-etcd-backup: ");
                assertThat(run.out()).isEmpty();
            }
            assertThat(Files.exists(data.getParent())).as("mutation %d", i).isFalse();
        }
        assertThat(restored).as("some change only a value").isPositive();
        System.out.println("restored " + restored + " of " + MUTATIONS);
    }
}
