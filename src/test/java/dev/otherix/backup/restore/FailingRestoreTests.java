package dev.otherix.backup.restore;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

import dev.otherix.backup.history.WrittenPast;
import dev.otherix.backup.realetcd.BindMount;
import dev.otherix.backup.realetcd.Command;
import dev.otherix.backup.realetcd.NeedsTmpfs;
import dev.otherix.backup.realetcd.Tmpfs;
import dev.otherix.backup.verify.bolt.NotWritten;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.StandardOpenOption;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CyclicBarrier;
import java.util.concurrent.atomic.AtomicReference;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** A restore that fails leaves what was there, and nothing else. */
@Timeout(60)
class FailingRestoreTests {

    private static final int MEGABYTES = 160;

    @TempDir
    private Path dir;

    private Path snapshot;

    @BeforeEach
    void make() throws IOException {
        snapshot = RestoreScene.snapshot(dir.resolve("a.db"));
    }

    @Test
    @NeedsTmpfs
    void aDiskThatGetsFullAtAnyWriteLeavesNothing() throws IOException {
        try (var disk = Tmpfs.mount(MEGABYTES)) {
            var filler = disk.directory().resolve("filler");
            var data = disk.directory().resolve("otherix/etcd");
            var whole = WriteAheadLog.BYTES + Files.size(snapshot);
            // the database, the log, the last pages of it
            for (var room : List.of(0L, 4096L, 16384L, 1L << 20, whole / 2, whole - 65536, whole - 8192)) {
                var scene = RestoreScene.of(snapshot, data).beforeCopy(() -> fill(disk.directory(), filler, room));
                assertThatExceptionOfType(NotWritten.class)
                        .as("%d bytes of room", room)
                        .isThrownBy(scene::run)
                        .satisfies(full -> assertThat(full.reason()).hasMessageContaining("No space left on device"))
                        .satisfies(full -> assertThat(full.getSuppressed()).isEmpty());
                Files.delete(filler);
                assertThat(disk.directory()).as("%d bytes of room", room).isEmptyDirectory();
            }
            // the proof is of what is there already; after it comes the log
            var late = RestoreScene.of(snapshot, data).beforeProof(() -> fill(disk.directory(), filler, 0));
            assertThat(late.refusal()).hasValueSatisfying(why -> assertThat(why).contains("No space left on device"));
            Files.delete(filler);
            assertThat(disk.directory()).isEmptyDirectory();
            assertThat(RestoreScene.of(snapshot, data).refusal()).isEmpty();
        }
    }

    /** Leaves so much room on the disk, and no more. */
    private static void fill(Path disk, Path filler, long room) throws IOException {
        var free = disk.toFile().getUsableSpace();
        try (var file = FileChannel.open(filler, StandardOpenOption.CREATE_NEW, StandardOpenOption.WRITE)) {
            var chunk = new byte[1 << 20];
            for (var left = free - room; left > 0; left -= chunk.length) {
                file.write(ByteBuffer.wrap(chunk, 0, (int) Math.min(left, chunk.length)));
            }
        }
    }

    @Test
    @NeedsTmpfs
    void aDirectoryThatCannotGetItsNameLeavesTheOldOneWhereItWas() throws IOException {
        var data = Files.createDirectories(dir.resolve("etcd/data/member/wal"))
                .getParent()
                .getParent();
        Files.writeString(data.resolve("member/wal/old.wal"), "old");
        var building = dir.resolve("etcd/data.restoring");
        var mount = new AtomicReference<BindMount>();
        var before = RestoreScene.tree(data);
        var ca = Files.createDirectory(dir.resolve("ca"));
        Files.writeString(ca.resolve("cluster-ca.crt"), "old");
        Files.writeString(ca.resolve("cluster-ca.key"), "old key");
        try {
            // a mount point is not renamed
            var scene = RestoreScene.of(snapshot, data)
                    .moveOldAside()
                    .caDirectory(ca)
                    .beforeProof(() -> mount.set(BindMount.of(building, building)));
            assertThat(scene.refusal())
                    .hasValueSatisfying(why -> assertThat(why).contains(building.toString(), "busy"));
        } finally {
            mount.get().close();
        }
        assertThat(RestoreScene.tree(data)).isEqualTo(before);
        assertThat(names(dir.resolve("etcd"))).isSubsetOf("data", "data.restoring");
        assertThat(names(ca)).containsExactlyInAnyOrder("cluster-ca.crt", "cluster-ca.key");
        assertThat(ca.resolve("cluster-ca.crt")).hasContent("old");
        assertThat(ca.resolve("cluster-ca.key")).hasContent("old key");

        assertThat(RestoreScene.of(snapshot, data).moveOldAside().refusal()).isEmpty();
        assertThat(names(dir.resolve("etcd")))
                .as("what was left is removed by the next")
                .hasSize(2)
                .contains("data")
                .anyMatch(name -> name.matches("data\\.before-restore-\\d{8}T\\d{6}Z"));
    }

    private static List<String> names(Path directory) {
        return List.of(directory.toFile().list());
    }

    @Test
    void aSecondRestoreToTheSameDirectoryIsRefusedWhileTheFirstBuilds() throws IOException {
        var data = dir.resolve("etcd/data");
        var second = new AtomicReference<String>();
        RestoreScene.of(snapshot, data)
                .beforeCopy(() ->
                        second.set(RestoreScene.of(snapshot, data).refusal().orElse("none")))
                .run();
        assertThat(second.get())
                .isEqualTo("another restore is building " + data + ".restoring\nWait until it has ended, or stop it.");
        assertThat(names(dir.resolve("etcd"))).containsExactly("data");
    }

    @Test
    void ofTwoRestoresThatBeginAtOnceOneMakesTheDirectoryAtMost() throws Exception {
        var made = 0;
        for (var round = 0; round < 8; round++) {
            var data = dir.resolve("round-" + round + "/data");
            var start = new CyclicBarrier(2);
            var other = CompletableFuture.supplyAsync(() -> atOnce(start, data));
            var both = List.of(atOnce(start, data), other.join());
            assertThat(both).filteredOn(String::isEmpty).hasSizeLessThan(2);
            assertThat(both).noneMatch(why -> why.contains("/proc/"));
            if (both.contains("")) {
                made++;
                assertThat(names(data.getParent())).as("%s", both).containsExactly("data");
                assertThat(names(data)).containsExactly("member");
                assertThat(data.resolve("member/wal/" + WriteAheadLog.NAME)).hasSize(WriteAheadLog.BYTES);
            }
        }
        assertThat(made).isPositive();
    }

    private String atOnce(CyclicBarrier start, Path data) {
        try {
            start.await();
            return RestoreScene.of(snapshot, data).refusal().orElse("");
        } catch (Exception unforeseen) {
            throw new AssertionError(unforeseen);
        }
    }

    @Test
    void aSourceThatChangesWhileItIsReadIsRefusedOrReadWhole() throws IOException {
        var past = new WrittenPast().compacted(1);
        for (var i = 1; i < 3000; i++) {
            past.next().put("/otherix/things/" + i % 700, i + "v".repeat(3000));
        }
        var good = past.write(dir.resolve("good.db"));
        var file = dir.resolve("changing.db");
        var data = dir.resolve("etcd/data");
        var steps = List.<RestoreScene.Step>of(
                () -> Files.delete(file),
                () -> Files.move(file, dir.resolve("renamed.db")),
                () -> Files.write(file, new byte[100_000], StandardOpenOption.APPEND),
                () -> truncate(file),
                () -> overwrite(file));
        for (var step : steps) {
            Files.copy(good, file, StandardCopyOption.REPLACE_EXISTING);
            String failed;
            try {
                failed =
                        RestoreScene.of(file, data).whileReading(step).refusal().orElse("");
            } catch (IOException | InternalError unreadable) {
                failed = unreadable.toString();
            }
            if (failed.isEmpty()) {
                assertThat(data.resolve("member/snap/db")).isNotEmptyFile();
                Command.of("rm", "-r", data.toString()).output();
            }
            assertThat(failed).doesNotContain("/proc/");
            assertThat(data.getParent())
                    .satisfiesAnyOf(
                            made -> assertThat(made).doesNotExist(),
                            made -> assertThat(made).isEmptyDirectory());
        }
    }

    private static void truncate(Path file) throws IOException {
        try (var channel = FileChannel.open(file, StandardOpenOption.WRITE)) {
            channel.truncate(channel.size() / 2);
        }
    }

    private static void overwrite(Path file) throws IOException {
        try (var channel = FileChannel.open(file, StandardOpenOption.WRITE)) {
            channel.write(ByteBuffer.wrap(new byte[1 << 20]), channel.size() - (2 << 20));
        }
    }
}
