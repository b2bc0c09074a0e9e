package dev.otherix.backup.restore;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.awaitility.Awaitility.await;

import dev.otherix.backup.history.Refused;
import dev.otherix.backup.history.WrittenPast;
import dev.otherix.backup.realetcd.AnyEtcd;
import dev.otherix.backup.realetcd.BindMount;
import dev.otherix.backup.realetcd.EtcdHome;
import dev.otherix.backup.realetcd.EtcdHomes;
import dev.otherix.backup.realetcd.NeedsEtcd;
import dev.otherix.backup.realetcd.NeedsTmpfs;
import dev.otherix.backup.realetcd.Tmpfs;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.Callable;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.TimeUnit;
import java.util.function.LongConsumer;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** Drills that meet another one, what a killed one left, or somebody who ends them. */
@AnyEtcd
@NeedsEtcd
@Timeout(120)
class DrillLeftoversIT {

    @TempDir
    private Path dir;

    private final ExecutorService thread = Executors.newSingleThreadExecutor();
    private final EtcdHome home = EtcdHomes.first();
    private Path snapshot;
    private Path scratch;
    private Path own;

    @BeforeEach
    void prepare() throws IOException {
        var past = new WrittenPast().compacted(1);
        for (var i = 0; i < 500; i++) {
            past.next().put("/otherix/things/" + i % 70, "v".repeat(9000));
        }
        snapshot = past.write(dir.resolve("otherix-20260606T031500Z.db"));
        scratch = Files.createDirectory(dir.resolve("scratch"));
        own = scratch.resolve(Scratch.NAME);
    }

    @AfterEach
    void endTheThread() {
        thread.shutdownNow();
    }

    private DrillScene drill() {
        return new DrillScene(snapshot, scratch).etcd(home.etcd());
    }

    /** Knows its version, and never serves. */
    private Path hanging() throws IOException {
        return DrillScene.program(dir.resolve("hanging"), """
                if [ "$1" = --version ]; then exec %s --version; fi
                (setsid sleep 100 &)
                trap '' TERM
                sleep 100 & sleep 100
                """.formatted(home.etcd()));
    }

    private static boolean hangs(Path scratch) {
        try {
            return DrillScene.processes(scratch).stream()
                            .filter(line -> line.contains(" sleep "))
                            .count()
                    == 3;
        } catch (IOException cause) {
            throw new UncheckedIOException(cause);
        }
    }

    private Future<DrillOutcome> start(Callable<DrillOutcome> drill) {
        return thread.submit(drill);
    }

    @Test
    void oneThatRunsIsEndedAtOnceAndLeavesNothing() throws Exception {
        var scene = drill().etcd(hanging());
        var drill = scene.drill();
        var outcome = start(() -> {
            var ended = drill.run(DrillScene.NOBODY);
            assertThat(Thread.currentThread().isInterrupted())
                    .as("the next work on the thread")
                    .isFalse();
            return ended;
        });
        await().until(() -> hangs(scratch));

        drill.end("a run");

        assertThat(drill.awaitEnd(Duration.ofSeconds(10)))
                .as("far below its own limits")
                .isTrue();
        assertThat(outcome.get()).isInstanceOf(DrillOutcome.Skipped.class);
        assertThat(DrillScene.detail(outcome.get())).isEqualTo("ended by a run");
        scene.requireNothingLeft();
    }

    @Test
    void oneThatRestoresIsEndedToo() throws Exception {
        for (var part : List.of("reading", "proving")) {
            var scene = drill();
            var drill = scene.drill();
            var outcome = drill.run(new Drill.Listener() {
                @Override
                public LongConsumer reading() {
                    return ended("reading");
                }

                @Override
                public LongConsumer proving(long bytes) {
                    return ended("proving");
                }

                private LongConsumer ended(String now) {
                    if (now.equals(part)) {
                        drill.end("a run");
                    }
                    return _ -> {};
                }
            });
            assertThat(DrillScene.detail(outcome)).isEqualTo("ended by a run");
            assertThat(outcome).isInstanceOf(DrillOutcome.Skipped.class);
            scene.requireNothingLeft();
        }
    }

    @Test
    void oneThatIsEndedBeforeItBeginsDoesNothing() throws Exception {
        var drill = drill().drill();
        drill.end("a run");

        assertThat(DrillScene.detail(drill.run(DrillScene.NOBODY))).isEqualTo("ended by a run");
        assertThat(scratch).isEmptyDirectory();
    }

    @Test
    void anInterruptEndsItAndStaysSet() throws Exception {
        var drill = drill().drill();
        var interrupted = start(() -> {
            Thread.currentThread().interrupt();
            var outcome = drill.run(DrillScene.NOBODY);
            assertThat(Thread.interrupted()).isTrue();
            return outcome;
        });

        assertThat(interrupted.get()).isInstanceOf(DrillOutcome.Skipped.class);
        assertThat(scratch).isEmptyDirectory();
    }

    @Test
    void aSecondOneInTheSameScratchDirectoryIsRefused() throws Exception {
        var scene = drill().etcd(hanging());
        var first = scene.drill();
        var outcome = start(() -> first.run(DrillScene.NOBODY));
        await().until(() -> hangs(scratch));

        var second = drill().drill().run(DrillScene.NOBODY);

        assertThat(second).isInstanceOf(DrillOutcome.Skipped.class);
        assertThat(DrillScene.detail(second))
                .isEqualTo(
                        "another drill is building .otherix-etcd-backup.drill. Wait until it has ended, or stop it.");
        assertThatThrownBy(() -> Drill.removeLeft(scratch)).isInstanceOf(Refused.class);
        assertThat(hangs(scratch)).as("the first one goes on").isTrue();
        first.end("a test");
        assertThat(DrillScene.detail(outcome.get())).isEqualTo("ended by a test");
        scene.requireNothingLeft();
    }

    /** A note and a process as a drill leaves them when it is killed. */
    private Process leave(ChildNote note, String... command) throws IOException {
        try (var around = TrustedWay.to(scratch);
                var made = LockedDirectory.begin(
                        around, Scratch.NAME, new LockedDirectory.Kind("drill", "lock", _ -> {}))) {
            note.write(made.handle(), "note.json");
            Files.writeString(own.resolve("something"), "left");
        }
        return new ProcessBuilder(command).directory(own.toFile()).start();
    }

    @Test
    void whatAKilledOneLeftIsKnownByProgramAndDataDirectory() throws Exception {
        var data = own.resolve("data");
        var note = ChildNote.of(home.etcd(), data);
        var left = leave(note, "sh", "-c", "sleep 100; exit 0", home.etcd().toString(), "--data-dir=" + data);
        try {
            assertThat(Drill.removeLeft(scratch)).isTrue();
            assertThat(left.waitFor(5, TimeUnit.SECONDS)).isTrue();
        } finally {
            left.descendants().forEach(ProcessHandle::destroyForcibly);
            left.destroyForcibly();
        }
        assertThat(scratch).isEmptyDirectory();
        assertThat(Drill.removeLeft(scratch)).as("nothing is there").isFalse();
    }

    @Test
    void noOtherProcessIsEnded() throws Exception {
        var data = own.resolve("data");
        var etcd = home.etcd().toString();
        var since = ProcessEntry.ownStart();
        for (var other : List.of(
                List.of("another program", "--data-dir=" + data),
                List.of(etcd, "--data-dir=" + data.resolveSibling("data2")),
                List.of(etcd, data.toString()))) {
            var line = new ArrayList<>(List.of("sh", "-c", "sleep 100; exit 0"));
            line.addAll(other);
            requireStays(ChildNote.of(home.etcd(), data), line);
        }
        // the same program and directory, and started before the drill
        var ours = List.of("sh", "-c", "sleep 100; exit 0", etcd, "--data-dir=" + data);
        requireStays(new ChildNote(ProcessEntry.boot(), Long.MAX_VALUE, "t", etcd, data.toString()), ours);
        requireStays(new ChildNote("another start", since, "t", etcd, data.toString()), ours);
    }

    private void requireStays(ChildNote note, List<String> command) throws Exception {
        var other = leave(note, command.toArray(String[]::new));
        try {
            assertThat(Drill.removeLeft(scratch)).isTrue();
            assertThat(other.isAlive()).as("%s", command).isTrue();
        } finally {
            other.descendants().forEach(ProcessHandle::destroyForcibly);
            other.destroyForcibly().waitFor();
        }
    }

    @Test
    void whatIsNoDrillsIsNotTouched() throws Exception {
        Files.createDirectory(own);
        var file = Files.writeString(own.resolve("file"), "somebody's");

        var outcome = drill().drill().run(DrillScene.NOBODY);

        assertThat(outcome).isInstanceOf(DrillOutcome.Skipped.class);
        assertThat(DrillScene.detail(outcome))
                .isEqualTo(".otherix-etcd-backup.drill is there, and no drill has made it. Move"
                        + " .otherix-etcd-backup.drill away: a drill builds there.");
        assertThat(file).hasContent("somebody's");
    }

    @Test
    @NeedsTmpfs
    void whatCannotBeRemovedIsNoFailureOfTheSnapshotAndIsNamedWithTheFix() throws Exception {
        leave(ChildNote.of(home.etcd(), own.resolve("data")), "true").waitFor();
        var mounted = Files.createDirectory(own.resolve("mounted"));
        try (var disk = Tmpfs.mount(1);
                var _ = BindMount.of(disk.directory(), mounted)) {
            var outcome = drill().drill().run(DrillScene.NOBODY);

            assertThat(outcome).isInstanceOf(DrillOutcome.Skipped.class);
            assertThat(DrillScene.detail(outcome))
                    .startsWith("the directory .otherix-etcd-backup.drill, which a drill left in workers.backup.dir,"
                            + " cannot be removed: ")
                    .endsWith(". If no drill runs there, remove it: sudo rm -r .otherix-etcd-backup.drill")
                    .contains("mounted");
            assertThatThrownBy(() -> Drill.removeLeft(scratch))
                    .isInstanceOf(IOException.class)
                    .hasMessageEndingWith("remove it: sudo rm -r " + own);
        }
        assertThat(drill().run()).isInstanceOf(DrillOutcome.Passed.class);
    }

    @Test
    void aScratchDirectoryThatIsNotThereIsNoFailureOfTheSnapshot() throws Exception {
        Files.delete(scratch);

        var outcome = drill().drill().run(DrillScene.NOBODY);

        assertThat(outcome).isInstanceOf(DrillOutcome.Skipped.class);
        assertThat(DrillScene.detail(outcome))
                .isEqualTo("the drill could not write in workers.backup.dir: it does not exist; check the disk, and the"
                        + " rights of this user");
    }

    @Test
    void aSnapshotInItIsNotRemoved() throws Exception {
        Files.createDirectory(own);
        Files.writeString(own.resolve("lock"), "");
        snapshot = Files.move(snapshot, own.resolve("a.db"));

        assertThat(drill().drill().run(DrillScene.NOBODY)).isInstanceOf(DrillOutcome.Skipped.class);
        assertThat(snapshot).exists();
    }

    @Test
    @NeedsTmpfs
    void aDiskWithoutRoomIsNoFailureOfTheSnapshot() throws Exception {
        try (var disk = Tmpfs.mount(160)) {
            scratch = Files.createDirectory(disk.directory().resolve("scratch"));
            var scene = new DrillScene(snapshot, scratch).etcd(home.etcd());

            var early = scene.reserve(100 << 20).run();
            assertThat(early).isInstanceOf(DrillOutcome.Skipped.class);
            assertThat(DrillScene.detail(early))
                    .startsWith("not enough space for a drill in workers.backup.dir: ")
                    .endsWith("Free some space, lower directory.reserve, or switch drills off with drill.interval: 0.");
            var beside = Files.getFileStore(scratch).getUsableSpace() - Files.size(snapshot) - Building.LOG_BYTES;
            assertThat(DrillScene.detail(scene.reserve(beside + 1).run())).startsWith("not enough space for a drill");

            var late = scene.reserve(0).drill().run(new Drill.Listener() {
                @Override
                public LongConsumer reading() throws IOException {
                    fill(disk.directory().resolve("filler"));
                    return _ -> {};
                }

                @Override
                public LongConsumer proving(long bytes) {
                    return _ -> {};
                }
            });
            assertThat(late).isInstanceOf(DrillOutcome.Skipped.class);
            assertThat(DrillScene.detail(late)).startsWith("the disk became full during the drill");
            scene.requireNothingLeft();
        }
    }

    private static void fill(Path file) throws IOException {
        try (var filler = FileChannel.open(file, StandardOpenOption.CREATE_NEW, StandardOpenOption.WRITE)) {
            var zeros = ByteBuffer.allocate(1 << 20);
            while (true) {
                filler.write(zeros.clear());
            }
        } catch (IOException full) {
            assertThat(Files.size(file)).isPositive();
        }
    }
}
