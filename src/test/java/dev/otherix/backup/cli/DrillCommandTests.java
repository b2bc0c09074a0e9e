package dev.otherix.backup.cli;

import static org.assertj.core.api.Assertions.assertThat;

import dev.otherix.backup.history.WrittenPast;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class DrillCommandTests {

    @TempDir
    private Path dir;

    private Path file;

    @BeforeEach
    void write() throws IOException {
        file = new WrittenPast()
                .compacted(1)
                .next()
                .put("/otherix/a", "1")
                .next()
                .put("/otherix/b", "2")
                .write(dir.resolve("a.db"));
    }

    @Test
    void withoutAnEtcdTheRestoredDataAreProven() {
        var before = OfflineScene.state(dir).keySet();
        var scene = OfflineScene.run("drill", file.toString());

        assertThat(scene.err()).isEmpty();
        assertThat(scene.exitCode()).isZero();
        assertThat(scene.out().lines().toList())
                .hasSize(3)
                .satisfiesExactly(
                        line -> assertThat(line).startsWith("passed    " + file + ", in "),
                        line -> assertThat(line).startsWith("revision  3, 2 live keys, HashKV "),
                        line -> assertThat(line).isEqualTo("etcd      not started: --etcd names none"));
        assertThat(OfflineScene.state(dir).keySet()).isEqualTo(before);
    }

    @Test
    void jsonHasTheSameFacts() {
        var json = OfflineScene.run("drill", file.toString(), "-o", "json").json();

        assertThat(json.get("outcome").asString()).isEqualTo("passed");
        assertThat(json.get("revision").asLong()).isEqualTo(3);
        assertThat(json.get("live_keys").asLong()).isEqualTo(2);
        assertThat(json.get("etcd_version").isNull()).isTrue();
        assertThat(json.get("detail").isNull()).isTrue();
    }

    @Test
    void whatIsNotPossibleHereIsNoFailureOfTheSnapshot() {
        var etcd = dir.resolve("etcd").toString();
        var scene = OfflineScene.run("drill", file.toString(), "--etcd", etcd);

        assertThat(scene.exitCode()).isEqualTo(1);
        assertThat(scene.out()).isEmpty();
        assertThat(scene.err().lines())
                .containsExactly(
                        "otherix-etcd-backup: no drill of " + file + ": there is no etcd to start: the file that --etcd"
                                + " names does not exist; install an etcd, and name it in --etcd",
                        "This says nothing about the snapshot.");
        var json = OfflineScene.run("drill", file.toString(), "--etcd", etcd, "-o", "json");
        assertThat(json.exitCode()).isEqualTo(1);
        assertThat(json.json().get("outcome").asString()).isEqualTo("skipped");
    }

    @Test
    void aDamagedSnapshotFails() throws IOException {
        var bytes = Files.readAllBytes(file);
        bytes[bytes.length - 1] ^= 1;
        Files.write(file, bytes);

        var scene = OfflineScene.run("drill", file.toString());

        assertThat(scene.exitCode()).isEqualTo(1);
        assertThat(scene.err())
                .startsWith("otherix-etcd-backup: the drill of " + file + " failed: a.db has findings (1)")
                .contains("verify " + file);
    }

    @Test
    void theHelpSaysTheSpaceThatIsDemanded() {
        var help = OfflineScene.run("drill", "--help").out().replaceAll("\\s+", " ");

        assertThat(help).contains("the database, 128 MB for the log, and 5 % of the file system (at most 1 GiB)");
    }

    @Test
    void whatCannotBeReadOrUsedIsTwo() {
        assertThat(OfflineScene.run("drill", dir.resolve("absent.db").toString())
                        .exitCode())
                .isEqualTo(2);
        assertThat(OfflineScene.run("drill", dir.toString()).err()).contains("is a directory, and drill takes a file");
        assertThat(OfflineScene.run("drill", dir.toString()).exitCode()).isEqualTo(2);
        assertThat(OfflineScene.run("drill").exitCode()).isEqualTo(2);
        var scene = OfflineScene.run(
                "drill", file.toString(), "--scratch", dir.resolve("absent").toString());
        assertThat(scene.exitCode()).isEqualTo(2);
        assertThat(scene.err()).contains("Name an existing directory: --scratch DIR.");
        assertThat(OfflineScene.run("drill", file.toString(), "--from", "file:///somewhere")
                        .exitCode())
                .isEqualTo(2);
    }
}
