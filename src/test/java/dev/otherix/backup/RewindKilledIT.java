package dev.otherix.backup;

import static org.assertj.core.api.Assertions.assertThat;

import dev.otherix.backup.history.WrittenPast;
import dev.otherix.backup.verify.SnapshotVerifier;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/**
 * {@code rewind} is killed at random moments: what has its name is whole and proven. Number and seed as in
 * {@link SigkillIT}.
 */
@Timeout(1800)
class RewindKilledIT {

    private static final int KILLS = Math.max(4, Integer.getInteger("crash.kills", 12) / 3);
    private static final long SEED = Long.getLong("crash.seed", 16);
    private static final int REVISIONS = 6000;

    @TempDir
    private Path dir;

    @Test
    void aKilledOneLeavesNothingUnderTheNameOrAWholeSnapshot() throws Exception {
        var past = new WrittenPast().compacted(1);
        var value = "v".repeat(9000);
        for (var i = 0; i < REVISIONS; i++) {
            past.next().put("/otherix/things/" + i % 700, value);
        }
        var source = past.write(dir.resolve("source.db"));
        var began = System.nanoTime();
        assertThat(rewind(source, dir.resolve("whole.db")).waitFor()).isZero();
        var whole = System.nanoTime() - began;

        var random = new Random(SEED);
        var named = new ArrayList<Boolean>();
        for (var i = 0; i < KILLS; i++) {
            var target = dir.resolve("killed.db");
            var process = rewind(source, target);
            // in the start of Java there is nothing to see
            TimeUnit.NANOSECONDS.sleep((long) (whole * (0.2 + 0.6 * random.nextDouble())));
            process.destroyForcibly().waitFor();
            named.add(Files.exists(target));
            if (Files.exists(target)) {
                assertThat(target).hasSameBinaryContentAs(dir.resolve("whole.db"));
                assertThat(dir.resolve("killed.json"))
                        .as("its record was there before it")
                        .exists();
            }
            Files.deleteIfExists(target);
            Files.deleteIfExists(dir.resolve("killed.json"));
        }
        killBetweenRecordAndFile(source);
        System.out.println("rewind killed " + KILLS + " times, seed " + SEED + "; had its name: " + named);

        assertThat(rewind(source, dir.resolve("killed.db")).waitFor())
                .as("the record that was left is no obstacle")
                .isZero();
        try (var proof =
                new SnapshotVerifier().verify(dir.resolve("killed.db"), SnapshotVerifier.Options.PLAIN, _ -> {})) {
            assertThat(proof.good()).isTrue();
        }
        assertThat(names())
                .as("what the killed ones left is removed by the next")
                .isEqualTo(List.of("killed.db", "killed.json", "source.db", "whole.db", "whole.json"));
    }

    /** While the file is being synced: its record has its name, and the file has none. */
    private void killBetweenRecordAndFile(Path source) throws Exception {
        var target = dir.resolve("killed.db");
        var record = dir.resolve("killed.json");
        for (var tries = 0; Files.exists(target) || Files.notExists(record); tries++) {
            assertThat(tries).as("tries to kill it at that moment").isLessThan(10);
            Files.deleteIfExists(target);
            Files.deleteIfExists(record);
            var process = rewind(source, target);
            while (Files.notExists(record)) {
                Thread.onSpinWait();
                assertThat(process.isAlive() || Files.exists(record)).isTrue();
            }
            process.destroyForcibly().waitFor();
        }
    }

    private Process rewind(Path source, Path target) throws IOException {
        var line = new ArrayList<>(JarProcess.java(dir));
        line.addAll(List.of(
                "rewind",
                source.toString(),
                "--to-revision",
                String.valueOf(REVISIONS - 100),
                "--out",
                target.toString()));
        return new ProcessBuilder(line)
                .redirectErrorStream(true)
                .redirectOutput(ProcessBuilder.Redirect.DISCARD)
                .start();
    }

    private List<String> names() throws IOException {
        try (var files = Files.list(dir)) {
            return files.map(file -> file.getFileName().toString()).sorted().toList();
        }
    }
}
