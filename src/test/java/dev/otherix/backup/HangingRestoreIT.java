package dev.otherix.backup;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import dev.otherix.backup.realetcd.FuseDisk;
import dev.otherix.backup.realetcd.NeedsProgram;
import dev.otherix.backup.realetcd.NeedsRoot;
import dev.otherix.backup.restore.RestoreScene;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.api.parallel.Execution;
import org.junit.jupiter.api.parallel.ExecutionMode;

/** A restore from or to a file system that does not answer says what it waits for, and ends when it is told to. */
@NeedsRoot
@NeedsProgram({"bindfs", "umount"})
@Timeout(300)
@Execution(ExecutionMode.CONCURRENT)
class HangingRestoreIT {

    @TempDir
    private Path dir;

    private FuseDisk disk;
    private Path snapshot;

    @BeforeEach
    void mount() throws IOException {
        snapshot = RestoreScene.snapshot(dir.resolve("a.db"));
        disk = FuseDisk.mount();
    }

    @AfterEach
    void unmount() {
        disk.close();
    }

    private static JarProcess restore(Path file, Path data) {
        return JarProcess.start(
                "restore",
                file.toString(),
                "--data-dir",
                data.toString(),
                "--name",
                "one",
                "--peer-url",
                "http://127.0.0.1:9");
    }

    @Test
    void toADiskThatHangsFromTheStart() {
        disk.stop();
        var data = disk.directory().resolve("etcd");
        try (var run = restore(snapshot, data)) {
            await().atMost(Duration.ofMinutes(1))
                    .until(() -> run.errors().contains(data + " has not answered for 5 s"));

            run.interrupt();

            assertThat(run.exitCode(Duration.ofSeconds(30))).isEqualTo(130);
        }
    }

    @Test
    void fromADiskThatHangsFromTheStart() throws IOException {
        var source = Files.copy(snapshot, disk.directory().resolve("a.db"));
        disk.stop();
        try (var run = restore(source, dir.resolve("new/etcd"))) {
            await().atMost(Duration.ofMinutes(1))
                    .until(() -> run.errors().contains(source + " has not answered for 5 s"));

            run.terminate();

            assertThat(run.exitCode(Duration.ofSeconds(30))).isEqualTo(143);
        }
        assertThat(dir.resolve("new")).doesNotExist();
    }
}
