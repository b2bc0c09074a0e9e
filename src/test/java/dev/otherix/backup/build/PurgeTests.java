package dev.otherix.backup.build;

import static org.assertj.core.api.Assertions.assertThat;

import dev.otherix.backup.realetcd.Command;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** The package's script on a directory of this test, where the programs of systemd do nothing. */
class PurgeTests {

    private static final String OWN = ".otherix-etcd-backup";

    @TempDir
    private Path dir;

    private Path state;
    private Path snapshots;

    @BeforeEach
    void leaveWhatTheServiceLeaves() throws IOException {
        state = dir.resolve("state");
        snapshots = Files.createDirectories(state.resolve("snapshots"));
        for (var name : List.of("api-token", "directory.json", "directory.json.tmp")) {
            Files.writeString(state.resolve(name), "");
        }
        for (var end : List.of(".lock", ".id", ".state", ".state.tmp", ".probe")) {
            Files.writeString(snapshots.resolve(OWN + end), "");
        }
        var drill = Files.createDirectories(snapshots.resolve(OWN + ".drill/data/member"));
        Files.writeString(drill.resolve("db"), "the key of the CA");
    }

    private String purge() throws IOException {
        var programs = Files.createDirectory(dir.resolve("programs"));
        for (var program : List.of("systemctl", "deb-systemd-helper", "deb-systemd-invoke")) {
            var file = Files.writeString(programs.resolve(program), "#!/bin/sh\n");
            Files.setPosixFilePermissions(file, PosixFilePermissions.fromString("rwx------"));
        }
        var script = Files.readString(Path.of("src/main/deb/control/postrm"));
        assertThat(script).contains("state=/var/lib/otherix-backup\n");
        var file = Files.writeString(
                dir.resolve("postrm"), script.replace("state=/var/lib/otherix-backup\n", "state=" + state + "\n"));
        return new Command(
                        List.of("sh", file.toString(), "purge"),
                        Map.of("PATH", programs + ":" + System.getenv("PATH")),
                        Duration.ofSeconds(20))
                .output();
    }

    @Test
    void withoutASnapshotNothingIsLeftAndNothingIsSaid() throws IOException {
        assertThat(purge()).isEmpty();
        assertThat(state).doesNotExist();
    }

    @Test
    void aSnapshotStaysAloneAndIsNamed() throws IOException {
        var snapshot = Files.writeString(snapshots.resolve("otherix-20260606T031500Z.db"), "a snapshot");

        assertThat(purge()).contains("the snapshots in " + snapshots + " stay", "rm -r " + state);
        assertThat(state).isDirectoryRecursivelyContaining(path -> path.equals(snapshot));
        try (var left = Files.list(snapshots)) {
            assertThat(left).containsExactly(snapshot);
        }
    }
}
