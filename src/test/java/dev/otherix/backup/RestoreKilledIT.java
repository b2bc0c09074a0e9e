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
import org.springframework.util.FileSystemUtils;

/**
 * {@code restore} is killed at random moments: a directory that has its name is whole. Number and seed as in
 * {@link SigkillIT}.
 */
@Timeout(1800)
class RestoreKilledIT {

    private static final int KILLS = Math.max(8, Integer.getInteger("crash.kills", 12) / 3);
    private static final long SEED = Long.getLong("crash.seed", 17);
    private static final int REVISIONS = 3000;

    @TempDir
    private Path dir;

    @Test
    void aKilledOneLeavesNothingUnderTheNameOrAWholeDirectory() throws Exception {
        var past = new WrittenPast().compacted(1);
        var value = "v".repeat(9000);
        for (var i = 0; i < REVISIONS; i++) {
            past.next().put("/otherix/things/" + i % 700, value);
        }
        var source = past.write(dir.resolve("source.db"));
        var place = Files.createDirectory(dir.resolve("etcd"));
        var whole = Long.MAX_VALUE;
        for (var name : List.of("first", "second")) {
            var began = System.nanoTime();
            assertThat(restore(source, place.resolve(name)).waitFor()).isZero();
            whole = Math.min(whole, System.nanoTime() - began);
        }

        var random = new Random(SEED);
        var named = new ArrayList<Boolean>();
        for (var i = 0; i < KILLS; i++) {
            var data = place.resolve("data");
            var process = restore(source, data);
            // in the start of Java there is nothing to see
            TimeUnit.NANOSECONDS.sleep((long) (whole * (0.25 + random.nextDouble())));
            process.destroyForcibly().waitFor();
            named.add(Files.exists(data));
            if (Files.exists(data)) {
                requireWhole(data);
                if (i % 2 == 0) {
                    // the others are moved aside by the next
                    FileSystemUtils.deleteRecursively(data);
                }
            }
        }
        System.out.println("restore killed " + KILLS + " times, seed " + SEED + "; had its name: " + named);

        assertThat(restore(source, place.resolve("data")).waitFor()).isZero();
        requireWhole(place.resolve("data"));
        assertThat(names(place.resolve("data"))).containsExactly("member");
        assertThat(names(place))
                .as("what the killed ones left is removed by the next")
                .allMatch(name -> name.matches("first|second|data|data\\.before-restore-.*"));
    }

    private static void requireWhole(Path data) throws IOException {
        assertThat(data.resolve("member/wal/0000000000000000-0000000000000000.wal"))
                .hasSize(64_000_000);
        assertThat(names(data.resolve("member/snap"))).containsExactly("0000000000000001-0000000000000001.snap", "db");
        try (var proof = new SnapshotVerifier()
                .verify(data.resolve("member/snap/db"), new SnapshotVerifier.Options(true, 0, false), _ -> {})) {
            assertThat(proof.findings()).isEmpty();
            assertThat(proof.storedRows().revision()).isGreaterThan(1_000_000_000);
        }
    }

    private Process restore(Path source, Path data) throws IOException {
        var line = new ArrayList<>(JarProcess.java(dir));
        line.addAll(List.of(
                "restore",
                source.toString(),
                "--data-dir",
                data.toString(),
                "--name",
                "one",
                "--peer-url",
                "http://127.0.0.1:9",
                "--move-old-aside"));
        return new ProcessBuilder(line)
                .redirectErrorStream(true)
                .redirectOutput(ProcessBuilder.Redirect.DISCARD)
                .start();
    }

    private static List<String> names(Path directory) throws IOException {
        try (var files = Files.list(directory)) {
            return files.map(file -> file.getFileName().toString()).sorted().toList();
        }
    }
}
