package dev.otherix.backup;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import dev.otherix.backup.history.WrittenPast;
import dev.otherix.backup.verify.SnapshotVerifier;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
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

    private static final int KILLS = Math.max(4, Integer.getInteger("crash.kills", 12) / 3);
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
        var data = place.resolve("data");
        for (var i = 0; i < KILLS; i++) {
            var process = restore(source, data);
            // in the start of Java there is nothing to see
            TimeUnit.NANOSECONDS.sleep((long) (whole * (0.25 + random.nextDouble())));
            killed(process, data);
        }
        var named = false;
        for (var seen : List.of(
                "data.restoring",
                "data.restoring/member/snap/db",
                "data.restoring/member/wal/0000000000000000-0000000000000000.wal",
                "data")) {
            var process = restore(source, data);
            await(seen).pollInterval(Duration.ofMillis(1)).until(() -> Files.exists(place.resolve(seen)));
            named = killed(process, data);
        }
        assertThat(named).as("the last one was killed when it had its name").isTrue();

        assertThat(restore(source, place.resolve("data")).waitFor()).isZero();
        requireWhole(place.resolve("data"));
        assertThat(names(place.resolve("data"))).containsExactly("member");
        assertThat(names(place))
                .as("what the killed ones left is removed by the next")
                .allMatch(name -> name.matches("first|second|data|data\\.before-restore-.*"));
    }

    private static boolean killed(Process process, Path data) throws Exception {
        process.destroyForcibly().waitFor();
        var named = Files.exists(data);
        if (named) {
            requireWhole(data);
            FileSystemUtils.deleteRecursively(data);
        }
        return named;
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
