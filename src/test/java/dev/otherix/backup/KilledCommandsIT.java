package dev.otherix.backup;

import static org.assertj.core.api.Assertions.assertThat;

import dev.otherix.backup.history.WrittenPast;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.function.BooleanSupplier;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.condition.EnabledOnOs;
import org.junit.jupiter.api.condition.OS;
import org.junit.jupiter.api.io.TempDir;
import org.springframework.util.FileSystemUtils;

/** Commands that write files are killed while they do. */
@Timeout(180)
class KilledCommandsIT {

    @TempDir
    private Path dir;

    @Test
    @EnabledOnOs(value = OS.LINUX, disabledReason = "looks at the open files of a process in /proc")
    void aKilledOneThatSortsLeavesNothingOfTheKeys() throws Exception {
        var past = new WrittenPast().compacted(1);
        for (var i = 0; i < 60_000; i++) {
            past.next().put("/otherix/things/" + "x".repeat(180) + i, "v");
        }
        var source = past.write(dir.resolve("a.db")).toString();
        var scratch = Files.createDirectory(dir.resolve("scratch"));
        for (var command : List.of(List.of("keys"), List.of("diff", "--from", "1"))) {
            var line = new ArrayList<>(command);
            line.add(1, source);
            line.addAll(List.of("--scratch", scratch.toString()));
            killWhen(process -> hasOpen(process, scratch + "/.otherix-keys-"), line);
            assertThat(scratch).as("it has no name once it has a key").isEmptyDirectory();
        }
    }

    @Test
    void whatAKilledUndoLeavesIsRemovedByTheNext() throws Exception {
        var past = new WrittenPast().compacted(1);
        for (var i = 1; i < 4000; i++) {
            past.next().put("/otherix/things/" + i % 2000, i + "v".repeat(4000));
        }
        var source = past.write(dir.resolve("a.db")).toString();
        var made = dir.resolve("made");
        Files.createDirectory(made);
        var line = List.of(
                "undo",
                source,
                "--from",
                "2001",
                "--out",
                made.resolve("undo.jsonl").toString());
        var whole = made.resolve("undo.jsonl");
        killWhen(_ -> !names(made).isEmpty(), line);
        for (var tries = 1; Files.exists(whole); tries++) {
            assertThat(Files.readAllLines(whole)).as("what has the name").hasSize(1999);
            assertThat(tries).as("tries to kill it earlier").isLessThan(10);
            FileSystemUtils.deleteRecursively(made);
            Files.createDirectory(made);
            killWhen(_ -> !names(made).isEmpty(), line);
        }
        assertThat(names(made)).isNotEmpty();

        assertThat(start(line).waitFor()).isZero();

        assertThat(names(made)).containsExactly("undo.jsonl");
        assertThat(Files.readAllLines(whole)).hasSize(1999);
    }

    private interface Moment {
        boolean of(Process process);
    }

    private void killWhen(Moment moment, List<String> line) throws Exception {
        var process = start(line);
        try {
            BooleanSupplier now = () -> moment.of(process);
            while (!now.getAsBoolean()) {
                assertThat(process.isAlive()).as("%s ended before", line).isTrue();
                Thread.onSpinWait();
            }
        } finally {
            process.destroyForcibly().waitFor();
        }
    }

    private Process start(List<String> command) throws IOException {
        var line = new ArrayList<>(JarProcess.java(dir));
        line.addAll(command);
        return new ProcessBuilder(line)
                .redirectErrorStream(true)
                .redirectOutput(ProcessBuilder.Redirect.DISCARD)
                .start();
    }

    private static boolean hasOpen(Process process, String file) {
        var open =
                Path.of("/proc", String.valueOf(process.pid()), "fd").toFile().listFiles();
        return open != null
                && Arrays.stream(open).anyMatch(one -> {
                    try {
                        return Files.readSymbolicLink(one.toPath())
                                .toString()
                                .matches("\\Q" + file + "\\E.* \\(deleted\\)");
                    } catch (IOException closedMeanwhile) {
                        return false;
                    }
                });
    }

    private static List<String> names(Path directory) {
        return Arrays.stream(directory.toFile().list()).sorted().toList();
    }
}
