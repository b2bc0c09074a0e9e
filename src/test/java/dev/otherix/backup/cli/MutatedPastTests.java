package dev.otherix.backup.cli;

import static org.assertj.core.api.Assertions.assertThat;

import dev.otherix.backup.history.MutatedPast;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Set;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/**
 * A damaged file ends each command with a finding or a clear refusal, and never with an exception. Number from the
 * system property {@code mutations}: the profile {@code crash} has the long version.
 */
class MutatedPastTests {

    private static final int MUTATIONS = Integer.getInteger("mutations", 80);
    private static final Set<String> PRINT_ALL_OR_NOTHING = Set.of("history", "get", "keys", "diff", "rewind");

    @TempDir
    private Path dir;

    @Test
    void aDamagedFileIsAnsweredOrRefusedInWords() throws IOException {
        var past = new MutatedPast(dir.resolve("good.db"), 16);
        var file = dir.resolve("a.db");
        var out = dir.resolve("out.db");
        var answered = 0;
        for (var i = 0; i < MUTATIONS; i++) {
            past.write(file);
            for (var command : past.commands(file, out)) {
                var run = OfflineScene.run(command.toArray(String[]::new));
                assertThat(run.exitCode())
                        .as("mutation %d, %s: %s", i, command, run.err())
                        .isIn(0, 1, 2);
                assertThat(run.err()).doesNotContain("Exception", "\tat ");
                if (run.exitCode() == 0) {
                    answered++;
                } else {
                    requireWords(command.getFirst(), run);
                }
                requireWhole(command, run.exitCode() == 0, out);
            }
        }
        assertThat(answered).as("some change only a value").isPositive();
    }

    private static void requireWords(String command, OfflineScene run) {
        if (command.equals("compare") && run.err().isEmpty()) {
            assertThat(run.out()).matches("(diverged|not comparable)[^\\n]*\\n");
        } else {
            assertThat(run.err()).startsWith("otherix-etcd-backup: ");
        }
        if (PRINT_ALL_OR_NOTHING.contains(command)) {
            assertThat(run.out()).isEmpty();
        }
    }

    /** What a command writes is there after a success only, whole, and nothing beside it. */
    private void requireWhole(List<String> command, boolean done, Path out) throws IOException {
        var writes = command.contains("--out");
        assertThat(Files.exists(out)).as("%s", command).isEqualTo(done && writes);
        if (Files.exists(out)) {
            if (command.getFirst().equals("rewind")) {
                assertThat(OfflineScene.run("verify", out.toString()).exitCode())
                        .isZero();
                Files.delete(dir.resolve("out.json"));
            } else {
                assertThat(Files.readAllLines(out)).allMatch(line -> line.startsWith("{\"compare\":["));
            }
            Files.delete(out);
        }
        try (var files = Files.list(dir)) {
            assertThat(files.map(path -> path.getFileName().toString())).containsExactlyInAnyOrder("good.db", "a.db");
        }
    }
}
