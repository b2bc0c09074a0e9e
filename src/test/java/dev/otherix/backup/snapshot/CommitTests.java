package dev.otherix.backup.snapshot;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.file.FileSystemException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class CommitTests {

    @TempDir
    private Path path;

    private ScriptedDisk disk = new ScriptedDisk();
    private SnapshotDirectory directory;

    @BeforeEach
    void open() {
        disk = new ScriptedDisk();
        directory = SnapshotDirectory.open(path, 0L, disk);
    }

    @AfterEach
    void close() {
        directory.close();
    }

    @Test
    void aCommittedSnapshotIsThereWithItsBytesAndItsRecord() throws IOException {
        var sample = Sample.at(1).sized(3);
        try (var pending = directory.begin(sample.name())) {
            pending.write(ByteBuffer.wrap(new byte[] {1, 2}));
            pending.write(ByteBuffer.wrap(new byte[] {3}));
            assertThat(pending.written()).isEqualTo(3);
            assertThat(pending.commit(sample.snapshot())).isEqualTo(sample.snapshot());
        }
        assertThat(Files.readAllBytes(directory.file(sample.name()))).containsExactly(1, 2, 3);
        assertThat(directory.list()).containsExactly(sample.snapshot());
        assertThat(directory.find(sample.name())).contains(sample.snapshot());
        assertThat(directory.latest()).contains(sample.snapshot());
        assertThat(Sample.files(path))
                .containsExactly(sample.name().toString(), sample.name().recordFile());
    }

    @Test
    void fileAndRecordAreDurableBeforeTheFileGetsItsNameAndTheNameBeforeTheCommitReturns() {
        disk.script((number, step) -> {});
        Sample.at(1).commitTo(directory);
        assertThat(disk.steps())
                .containsExactly(
                        "create .otherix-20260606T000100Z.db.tmp",
                        "sync .otherix-20260606T000100Z.db.tmp",
                        "delete .otherix-20260606T000100Z.json.tmp",
                        "create .otherix-20260606T000100Z.json.tmp",
                        "sync .otherix-20260606T000100Z.json.tmp",
                        "rename to otherix-20260606T000100Z.json",
                        "sync directory",
                        "link otherix-20260606T000100Z.db",
                        "delete .otherix-20260606T000100Z.db.tmp",
                        "sync directory");
    }

    @Test
    void aCommitNeverReplacesASnapshotThatExists() throws IOException {
        var there = Sample.at(1).putFile(path);
        Files.writeString(there, "older");
        assertRefusedAsExisting(Sample.at(1));
        assertThat(there).hasContent("older");
        assertThat(Sample.files(path)).containsExactly(there.getFileName().toString());
    }

    @Test
    void aCommitNeverReplacesARecordThatExists() throws IOException {
        var there = Files.writeString(path.resolve(Sample.minute(1).recordFile()), "older");
        assertRefusedAsExisting(Sample.at(1));
        assertThat(there).hasContent("older");
        assertThat(Sample.files(path)).containsExactly(there.getFileName().toString());
    }

    @Test
    void aFileThatAppearsInTheLastMomentIsNotReplacedAndCountsAsForeign() throws IOException {
        disk.script((number, step) -> {
            if (step.startsWith("link")) {
                Files.writeString(path.resolve(Sample.minute(1).toString()), "of the built-in worker");
            }
        });
        assertRefusedAsExisting(Sample.at(1));
        assertThat(path.resolve(Sample.minute(1).toString())).hasContent("of the built-in worker");
        assertThat(Sample.files(path)).containsExactly(Sample.minute(1).toString());
        directory.list();
        assertThat(directory.movements().foreignArrival()).contains(Sample.minute(1));
    }

    @Test
    void aFileSystemWithoutHardLinksIsUsedByRenaming() throws IOException {
        withoutHardLinks();
        Sample.at(1).commitTo(directory);
        assertThat(directory.list()).containsExactly(Sample.at(1).snapshot());
        assertThat(Sample.files(path)).hasSize(2);
    }

    @Test
    void aFileSystemWithoutHardLinksDoesNotReplaceEither() throws IOException {
        disk.script((number, step) -> {
            if (step.startsWith("link")) {
                Files.writeString(path.resolve(Sample.minute(1).toString()), "older");
                throw new FileSystemException(step, null, "Operation not supported");
            }
        });
        assertRefusedAsExisting(Sample.at(1));
        assertThat(path.resolve(Sample.minute(1).toString())).hasContent("older");
    }

    private void withoutHardLinks() {
        disk.script((number, step) -> {
            if (step.startsWith("link")) {
                throw new FileSystemException(step, null, "Operation not supported");
            }
        });
    }

    private void assertRefusedAsExisting(Sample sample) {
        assertThatExceptionOfType(DirectoryFailure.class)
                .isThrownBy(() -> sample.commitTo(directory))
                .withMessage("committing " + sample.name() + ": it already exists and is not replaced (directory "
                        + path + ")")
                .satisfies(refused -> assertThat(refused.reason()).isEqualTo(DirectoryFailure.Reason.EXISTS));
    }

    @Test
    void aPendingSnapshotThatIsClosedUncommittedLeavesNothing() throws IOException {
        try (var pending = directory.begin(Sample.minute(1))) {
            pending.write(ByteBuffer.allocate(100));
            assertThat(Sample.files(path)).containsExactly(".otherix-20260606T000100Z.db.tmp");
            assertThat(directory.list()).isEmpty();
        }
        assertThat(Sample.files(path)).isEmpty();
    }

    @Test
    void closingTwiceOrAfterTheCommitDoesNothing() throws IOException {
        var committed = directory.begin(Sample.minute(1));
        committed.write(ByteBuffer.allocate(64));
        committed.commit(Sample.at(1).snapshot());
        committed.close();
        var dropped = directory.begin(Sample.minute(2));
        dropped.close();
        dropped.close();
        assertThat(Sample.files(path))
                .containsExactly(Sample.minute(1).toString(), Sample.minute(1).recordFile());
    }

    @Test
    void aClosedSnapshotCannotBeCommitted() throws IOException {
        var pending = directory.begin(Sample.minute(1));
        pending.write(ByteBuffer.allocate(64));
        pending.close();
        assertThatExceptionOfType(DirectoryFailure.class)
                .isThrownBy(() -> pending.commit(Sample.at(1).snapshot()));
        assertThatExceptionOfType(DirectoryFailure.class)
                .isThrownBy(() -> pending.write(ByteBuffer.allocate(1)))
                .withMessageStartingWith("writing " + pending.file().getFileName() + ": it has been closed");
        assertThat(Sample.files(path)).isEmpty();
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "sync .o",
                "create .otherix-20260606T000100Z.json",
                "rename",
                "sync directory",
                "link",
                "delete .otherix-20260606T000100Z.db"
            })
    void aCloseByAnotherThreadDuringTheCommitLeavesAllOrNothing(String when) throws Exception {
        var pending = directory.begin(Sample.minute(1));
        pending.write(ByteBuffer.allocate(64));
        disk.script((number, step) -> {
            if (step.startsWith(when) && !Thread.currentThread().getName().equals("watchdog")) {
                var watchdog = Thread.ofPlatform().name("watchdog").start(pending::close);
                join(watchdog);
            }
        });
        boolean committed = true;
        try {
            pending.commit(Sample.at(1).snapshot());
        } catch (DirectoryFailure closed) {
            committed = false;
        }
        pending.close();
        var all = List.of(Sample.minute(1).toString(), Sample.minute(1).recordFile());
        assertThat(List.copyOf(Sample.files(path))).isEqualTo(committed ? all : List.of());
    }

    private static void join(Thread thread) {
        try {
            thread.join();
        } catch (InterruptedException impossible) {
            throw new AssertionError(impossible);
        }
    }

    @Test
    void aRecordOfAnotherSnapshotOrAnotherSizeIsRefused() {
        try (var pending = directory.begin(Sample.minute(1))) {
            pending.write(ByteBuffer.allocate(64));
            assertThatIllegalArgumentException()
                    .isThrownBy(() -> pending.commit(Sample.at(2).snapshot()))
                    .withMessageContaining(Sample.minute(2).toString());
            assertThatIllegalArgumentException()
                    .isThrownBy(() -> pending.commit(Sample.at(1).sized(65).snapshot()))
                    .withMessageContaining("65");
        }
        assertThat(directory.list()).isEmpty();
    }

    @Test
    void whicheverStepFailsNothingIsLeftAndTheNextCommitWorks() throws IOException {
        for (int step = 0; ; step++) {
            var sample = Sample.at(step);
            disk.failAt(step);
            try {
                sample.commitTo(directory);
                assertThat(disk.steps()).as("all steps were tried").hasSize(step);
                break;
            } catch (DirectoryFailure broken) {
                assertThat(broken).hasStackTraceContaining("broken on purpose");
            }
            disk.script((number, any) -> {});
            assertThat(directory.list()).as("step %s", step).isEmpty();
            assertThat(Sample.files(path)).as("step %s", step).isEmpty();
        }
        assertThat(directory.list()).hasSize(1).allMatch(Snapshot::verified);
        assertThat(directory.movements().foreignArrival()).isEmpty();
        assertThat(directory.movements().vanished()).isZero();
    }
}
