package dev.otherix.backup.cli;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assumptions.assumeFalse;

import dev.otherix.backup.realetcd.Command;
import dev.otherix.backup.realetcd.NeedsTmpfs;
import dev.otherix.backup.realetcd.Tmpfs;
import dev.otherix.backup.restore.RestoreScene;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** What a person reads where the disk or the directory does not allow a restore. */
class RestoreMessagesTests {

    @TempDir
    private Path dir;

    private Path snapshot;

    @BeforeEach
    void make() throws IOException {
        snapshot = RestoreScene.snapshot(dir.resolve("a.db"));
    }

    private String refused(Path data, String... more) {
        var line = new ArrayList<>(List.of(
                "restore",
                snapshot.toString(),
                "--data-dir",
                data.toString(),
                "--name",
                "one",
                "--peer-url",
                "http://127.0.0.1:9"));
        line.addAll(List.of(more));
        var run = OfflineScene.run(line.toArray(String[]::new));
        assertThat(run.exitCode()).as(run.out() + run.err()).isEqualTo(1);
        assertThat(run.out()).isEmpty();
        assertThat(run.err()).doesNotContain("Exception", "/proc/");
        assertThat(run.err().lines()).hasSizeLessThan(3);
        return run.err();
    }

    @Test
    @NeedsTmpfs
    void aDiskThatIsTooSmallIsFoundBeforeTheFirstWrite() throws IOException {
        try (var disk = Tmpfs.mount(100)) {
            var data = disk.directory().resolve("etcd");
            assertThat(refused(data))
                    .contains(
                            "not enough space for " + data + ".restoring: 104857600 bytes are free, and "
                                    + (Files.size(snapshot) + 128_000_000) + " are needed",
                            "Free some space");
            assertThat(disk.directory()).isEmptyDirectory();
        }
    }

    @Test
    @NeedsTmpfs
    void aDiskWithoutAnEntryLeftAtAnyStepIsNamed() throws IOException {
        for (var entries = 1; entries < 9; entries++) {
            try (var disk = Tmpfs.mount(200)) {
                Command.of(
                                "mount",
                                "-o",
                                "remount,nr_inodes=" + entries,
                                disk.directory().toString())
                        .output();
                var data = disk.directory().resolve("etcd");
                assertThat(refused(data))
                        .as("%d entries", entries)
                        .startsWith("otherix-etcd-backup: cannot restore to " + data + ": ")
                        .contains("No space left on device", "; nothing was left there");
                assertThat(disk.directory()).isEmptyDirectory();
            }
        }
    }

    @Test
    @NeedsTmpfs
    void aReadOnlyDiskIsNamed() throws IOException {
        try (var disk = Tmpfs.mount(200)) {
            Command.of("mount", "-o", "remount,ro", disk.directory().toString()).output();
            for (var data : List.of(
                    disk.directory(),
                    disk.directory().resolve("etcd"),
                    disk.directory().resolve("a/b"))) {
                assertThat(refused(data))
                        .startsWith("otherix-etcd-backup: cannot restore to " + data + ": ")
                        .contains("Read-only file system");
            }
        }
    }

    @Test
    void aDirectoryThatThisUserMayNotWriteToIsNamed() throws IOException {
        var closed = Files.createDirectory(dir.resolve("closed"));
        Files.setPosixFilePermissions(closed, PosixFilePermissions.fromString("r-xr-xr-x"));
        assumeFalse(Files.isWritable(closed), "this user writes everywhere");
        var data = closed.resolve("etcd");
        assertThat(refused(data))
                .contains("cannot restore to " + data + ": the user " + System.getProperty("user.name")
                        + " may not write at " + data + ".restoring; nothing was left there")
                .contains("Run the command as root, or as the user of otherix-api.");
    }

    @Test
    void whatIsInTheWayIsNamed() throws IOException {
        var data = dir.resolve("etcd");
        var building = Files.createDirectory(dir.resolve("etcd.restoring"));
        Files.writeString(building.resolve("mine"), "");
        assertThat(refused(data)).contains(building + " is there, and no restore has made it");
        Files.delete(building.resolve("mine"));
        Files.delete(building);
        Files.writeString(building, "");
        assertThat(refused(data)).contains(building + " is there, and is no directory");
        Files.writeString(data, "");
        assertThat(refused(data)).contains(data + " is a file");
        assertThat(refused(data.resolve("below")))
                .contains("cannot restore to " + data.resolve("below"), data + ": is no directory");
    }

    @Test
    void aSourceThatIsNotThereIsNamed() throws IOException {
        Files.delete(snapshot);
        var run = OfflineScene.run(
                "restore",
                snapshot.toString(),
                "--data-dir",
                dir.resolve("a/etcd").toString(),
                "--name",
                "one",
                "--peer-url",
                "http://127.0.0.1:9");
        assertThat(run.exitCode()).isEqualTo(2);
        assertThat(run.err()).contains("cannot read " + snapshot + ": it does not exist");
        assertThat(dir.resolve("a")).doesNotExist();
    }
}
