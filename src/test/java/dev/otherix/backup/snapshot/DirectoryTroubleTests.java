package dev.otherix.backup.snapshot;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatCode;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

import dev.otherix.backup.snapshot.DirectoryFailure.Reason;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.file.AccessDeniedException;
import java.nio.file.FileSystemException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.util.List;
import java.util.function.Consumer;
import java.util.stream.Stream;
import org.assertj.core.api.ThrowableAssert.ThrowingCallable;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Named;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;
import org.springframework.util.FileSystemUtils;

/** The directory disappears, is another one, or refuses to be written, while the service runs. */
class DirectoryTroubleTests {

    private static final Sample THERE = Sample.at(1);

    @TempDir
    private Path parent;

    private final ScriptedDisk disk = new ScriptedDisk();
    private Path path;
    private SnapshotDirectory directory;

    @BeforeEach
    void openWithOneSnapshot() {
        path = parent.resolve("snapshots");
        directory = SnapshotDirectory.open(path, 0L, disk);
        THERE.commitTo(directory);
    }

    @AfterEach
    void close() {
        directory.close();
    }

    static Stream<Named<Consumer<SnapshotDirectory>>> everyUse() {
        return Stream.of(
                Named.of("list", SnapshotDirectory::list),
                Named.of("find", directory -> directory.find(THERE.name())),
                Named.of("latest", SnapshotDirectory::latest),
                Named.of(
                        "nextName", directory -> directory.nextName(THERE.name().second())),
                Named.of("begin", directory -> directory.begin(Sample.minute(2))),
                Named.of("pin", directory -> directory.pin(THERE.name(), true)),
                Named.of("adopt", directory -> directory.adopt(THERE.snapshot())),
                Named.of("explain", directory -> directory.retention().explain(_ -> List.of(THERE.snapshot()))),
                Named.of("setCorrupt", directory -> directory.setCorrupt(THERE.name())),
                Named.of("delete", directory -> directory.delete(THERE.name())),
                Named.of("writable", SnapshotDirectory::writable));
    }

    @ParameterizedTest
    @MethodSource("everyUse")
    void aDirectoryThatWasRemovedIsGoneAndIsNotMadeAgain(Consumer<SnapshotDirectory> use) throws IOException {
        Files.move(path, parent.resolve("elsewhere"));
        assertTrouble(
                Reason.GONE,
                "the snapshot directory: .otherix-etcd-backup.lock does not exist; was the directory removed or its volume unmounted?",
                () -> use.accept(directory));
        assertThat(path).doesNotExist();
        assertThat(Sample.files(parent.resolve("elsewhere"))).hasSize(2);
    }

    @ParameterizedTest
    @MethodSource("everyUse")
    void anEmptyDirectoryInItsPlaceIsNotUsed(Consumer<SnapshotDirectory> use) throws IOException {
        Files.move(path, parent.resolve("elsewhere"));
        Files.createDirectory(path);
        assertTrouble(
                Reason.REPLACED,
                "its file .otherix-etcd-backup.lock is gone; was a volume mounted or unmounted?"
                        + " restart the service when the right directory is there",
                () -> use.accept(directory));
        assertThat(path).isEmptyDirectory();
    }

    @ParameterizedTest
    @MethodSource("everyUse")
    void theDirectoryOfAnotherInstanceInItsPlaceIsNotUsed(Consumer<SnapshotDirectory> use) throws IOException {
        Files.move(path, parent.resolve("elsewhere"));
        try (var other = SnapshotDirectory.open(path, 0L)) {
            THERE.commitTo(other);
            assertTrouble(
                    Reason.REPLACED, "it is not the directory that was there at start", () -> use.accept(directory));
            assertThat(other.list()).containsExactly(THERE.snapshot());
        }
    }

    @ParameterizedTest
    @MethodSource("everyUse")
    void aLockFileThatWasRemovedIsMadeAndLockedAgain(Consumer<SnapshotDirectory> use) throws IOException {
        Files.delete(path.resolve(DirectoryLock.FILE));
        assertThatCode(() -> use.accept(directory)).doesNotThrowAnyException();
        assertTrouble(
                Reason.LOCKED,
                "another otherix-etcd-backup works in the snapshot directory",
                () -> SnapshotDirectory.open(path, 0L));
    }

    @Test
    void aLockFileThatWasReplacedByItsCopyIsLockedAgain() throws IOException {
        Files.move(
                Files.createFile(path.resolve("copy")),
                path.resolve(DirectoryLock.FILE),
                StandardCopyOption.REPLACE_EXISTING);
        Sample.at(2).commitTo(directory);
        assertThat(directory.list()).containsExactly(Sample.at(2).snapshot(), THERE.snapshot());
        assertTrouble(
                Reason.LOCKED,
                "another otherix-etcd-backup works in the snapshot directory",
                () -> SnapshotDirectory.open(path, 0L));
    }

    @Test
    void aLockFileThatAnotherInstanceHasMadeMeanwhileIsItsOwn() throws IOException {
        Files.delete(path.resolve(DirectoryLock.FILE));
        try (var other = SnapshotDirectory.open(path, 0L)) {
            assertTrouble(
                    Reason.LOCKED, "another otherix-etcd-backup works in the snapshot directory", directory::list);
            assertThat(other.list()).containsExactly(THERE.snapshot());
        }
        assertThat(directory.list()).as("it is gone again").containsExactly(THERE.snapshot());
    }

    @Test
    void aDirectoryThatWasRemovedAndMadeAgainIsAnotherOneWhateverItsNumber() throws IOException {
        for (int i = 0; i < 20; i++) {
            FileSystemUtils.deleteRecursively(path);
            Files.createDirectory(path);
            assertTrouble(Reason.REPLACED, "its file .otherix-etcd-backup.lock is gone", directory::list);
        }
    }

    @Test
    void aDirectoryReplacedDuringARunIsNotCommittedTo() throws IOException {
        try (var pending = directory.begin(Sample.minute(2))) {
            pending.write(ByteBuffer.allocate(64));
            Files.move(path, parent.resolve("elsewhere"));
            Files.createDirectory(path);
            assertTrouble(
                    Reason.REPLACED,
                    "the snapshot directory was replaced",
                    () -> pending.commit(Sample.at(2).snapshot()));
        }
        assertThat(path).isEmptyDirectory();
    }

    @Test
    void aDirectoryThatIsBackIsUsedAgain() throws IOException {
        Files.move(path, parent.resolve("elsewhere"));
        assertTrouble(Reason.GONE, path.toString(), directory::list);
        Files.move(parent.resolve("elsewhere"), path);
        assertThat(directory.list()).containsExactly(THERE.snapshot());
    }

    @Test
    void aDirectoryThatMayNotBeWrittenIsToldWithItsRemedy() {
        disk.script((number, step) -> {
            throw new AccessDeniedException(path.toString());
        });
        assertTrouble(
                Reason.NOT_WRITABLE,
                "check owner, mode and mount of the directory",
                () -> directory.begin(Sample.minute(2)));
        assertTrouble(Reason.NOT_WRITABLE, path.toString(), () -> directory.pin(THERE.name(), true));
        assertTrouble(Reason.NOT_WRITABLE, path.toString(), () -> directory.delete(THERE.name()));
        assertThat(directory.list()).as("what can be read is still told").containsExactly(THERE.snapshot());
    }

    @Test
    void aFileSystemThatTurnedReadOnlyIsNotWritable() {
        disk.script((number, step) -> {
            throw new FileSystemException(path.toString(), null, "Read-only file system");
        });
        assertTrouble(Reason.READ_ONLY, "Read-only file system", () -> directory.begin(Sample.minute(2)));
        assertTrouble(Reason.READ_ONLY, "opening", () -> SnapshotDirectory.open(parent.resolve("other"), 0L, disk));
    }

    @Test
    void aWritableDirectorySaysSo() {
        assertThat(directory.writable()).isTrue();
    }

    @Test
    void aSnapshotThatIsNotThereCannotBePinnedAdoptedOrSetAside() throws IOException {
        assertTrouble(
                Reason.GONE,
                Sample.minute(9) + " is not in the directory",
                () -> directory.pin(Sample.minute(9), true));
        assertTrouble(
                Reason.GONE,
                Sample.minute(9) + " is not in the directory",
                () -> directory.adopt(Sample.at(9).snapshot()));
        assertTrouble(
                Reason.GONE,
                Sample.minute(9) + " is not in the directory",
                () -> directory.setCorrupt(Sample.minute(9)));
        assertTrouble(Reason.GONE, Sample.minute(9).toString(), () -> directory.modifiedAt(Sample.minute(9)));
        assertThatCode(() -> directory.delete(Sample.minute(9)))
                .as("what is gone need not be deleted")
                .doesNotThrowAnyException();
        assertThat(Sample.files(path)).hasSize(2);
    }

    @Test
    void whatOnlyHasASnapshotsNameIsNeitherDeletedNorRenamed() throws IOException {
        Files.createDirectory(directory.file(Sample.minute(2)));
        Files.createSymbolicLink(directory.file(Sample.minute(3)), directory.file(THERE.name()));
        for (var minute : new int[] {2, 3}) {
            var name = Sample.minute(minute);
            Sample.at(minute).putRecord(path);
            assertTrouble(Reason.GONE, name + " is not in the directory", () -> directory.delete(name));
            assertTrouble(Reason.GONE, name + " is not in the directory", () -> directory.setCorrupt(name));
            assertTrouble(
                    Reason.GONE,
                    name + " is not in the directory",
                    () -> directory.adopt(Sample.at(minute).snapshot()));
        }
        assertThat(Sample.files(path))
                .hasSize(6)
                .contains(Sample.minute(2).toString(), Sample.minute(3).toString());
        assertThat(directory.list()).containsExactly(THERE.snapshot());
    }

    @Test
    void aForeignThingInTheRecordsPlaceDoesNotStopADelete() throws IOException {
        Files.delete(path.resolve(THERE.name().recordFile()));
        Files.createDirectory(path.resolve(THERE.name().recordFile()));
        Files.createFile(path.resolve(THERE.name().recordFile()).resolve("inside"));
        directory.delete(THERE.name());
        assertThat(Sample.files(path)).containsExactly(THERE.name().recordFile());
    }

    private void assertTrouble(Reason reason, String text, ThrowingCallable action) {
        assertThatExceptionOfType(DirectoryFailure.class)
                .isThrownBy(action)
                .withMessageContaining(text)
                .withMessageContaining(parent.toString())
                .satisfies(trouble -> {
                    assertThat(trouble.reason()).isEqualTo(reason);
                    assertThat(trouble.problem()).doesNotContain(parent.toString());
                });
    }
}
