package dev.otherix.backup.snapshot;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

import dev.otherix.backup.realetcd.BindMount;
import dev.otherix.backup.realetcd.Command;
import dev.otherix.backup.realetcd.NeedsTmpfs;
import dev.otherix.backup.realetcd.Tmpfs;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.List;
import java.util.function.Function;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** A volume that is mounted on the directory at one start and not at another; the state is on the disk below it. */
@NeedsTmpfs
class KnownDirectoryTests {

    @TempDir
    private Path disk;

    private Path path;
    private Path state;
    private Tmpfs volume;

    @BeforeEach
    void makeVolume() throws IOException {
        path = Files.createDirectory(disk.resolve("snapshots"));
        state = disk.resolve("state");
        volume = Tmpfs.mount(64);
    }

    @AfterEach
    void removeVolume() {
        volume.close();
    }

    @Test
    void whatWasOnAVolumeIsNotedOutsideOfIt() throws IOException {
        try (var _ = mounted();
                var directory = SnapshotDirectory.open(path, 0L)) {
            var taken = Sample.at(1).commitTo(directory);

            var known = known(directory);

            assertThat(known.gone()).isEmpty();
            assertThat(known.unchecked()).isEmpty();
            assertThat(known.remarks()).isEmpty();
            var id = path.resolve(".otherix-etcd-backup.id");
            assertThat(PosixFilePermissions.toString(Files.getPosixFilePermissions(id)))
                    .isEqualTo("rw-------");
            assertThat(state.resolve("directory.json"))
                    .hasContent("{\"path\":\"" + path + "\",\"id\":\""
                            + Files.readString(id).strip() + "\",\"newest\":\"" + taken.name() + "\"}");
            assertThat(PosixFilePermissions.toString(Files.getPosixFilePermissions(state.resolve("directory.json"))))
                    .isEqualTo("rw-------");
        }
    }

    @Test
    void theEmptyDirectoryBelowIsAnotherOneUntilTheVolumeIsBack() throws IOException {
        onVolume(Sample.at(1));
        var before = note();

        assertThat(gone())
                .isEqualTo("the directory " + path
                        + " is not the one that was there before: its file .otherix-etcd-backup.id is missing;"
                        + " the newest known snapshot is " + Sample.minute(1)
                        + ". Mount the right volume, or bring the snapshots back, and restart"
                        + " the service. To go on in this directory, run: otherix-etcd-backup snapshot --pin");
        assertThat(Sample.files(path)).isEmpty();
        assertThat(note()).isEqualTo(before);
        // backups go on, and do not make it the right one
        opened(directory -> Sample.at(2).commitTo(directory));
        assertThat(gone()).contains("is not the one that was there before");
        try (var _ = mounted()) {
            assertThat(gone()).isEmpty();
        }
    }

    @Test
    void aDirectoryThatWasMadeOrIsEmptyIsSaid() throws IOException {
        Files.delete(path);
        assertThat(remarks())
                .containsExactly(
                        path
                                + " was missing and has been created; if a volume belongs there, mount it and restart the service");
        assertThat(remarks())
                .containsExactly(
                        path + " holds no snapshot; if a volume belongs there, mount it and restart the service");
    }

    @Test
    void snapshotsFromBeforeTheVolumeDoNotStandInForIt() {
        opened(directory -> Sample.at(1).commitTo(directory));
        onVolume(Sample.at(1), Sample.at(2));

        assertThat(gone())
                .contains(
                        "its file .otherix-etcd-backup.id is missing",
                        "the newest known snapshot is " + Sample.minute(2));
    }

    @Test
    void theVolumeOfAnotherReplicaIsAnotherDirectory() throws IOException {
        onVolume(Sample.at(1));
        try (var other = Tmpfs.mount(64);
                var _ = BindMount.of(other.directory(), path)) {
            opened(directory -> Sample.at(1).commitTo(directory));
            Files.writeString(path.resolve(KnownDirectory.ID_FILE), "7b0e\n");

            assertThat(gone()).contains("its file .otherix-etcd-backup.id has another id");
        }
    }

    @Test
    void aVolumeThatWasMadeEmptyIsNotTheSameAndANewSnapshotDoesNotHideIt() throws IOException {
        onVolume(Sample.at(1), Sample.at(2));
        try (var _ = mounted()) {
            for (var file : Sample.files(path)) {
                if (file.startsWith("otherix-")) {
                    Files.delete(path.resolve(file));
                }
            }
            assertThat(gone())
                    .startsWith("the known snapshots in " + path + " are gone; the newest known snapshot is "
                            + Sample.minute(2));
            opened(directory -> Sample.at(3).commitTo(directory));
            assertThat(gone()).startsWith("the known snapshots in " + path + " are gone");

            opened(directory -> {
                var known = known(directory);
                known.accept();
                assertThat(known.gone()).isEmpty();
                return known;
            });
            assertThat(gone()).isEmpty();
        }
    }

    @Test
    void whatWasAcceptedBelowIsTheRightOneAtTheNextStart() throws IOException {
        onVolume(Sample.at(1));
        opened(directory -> {
            var known = known(directory);
            Sample.at(2).requested().pin().commitTo(directory);
            known.accept();
            assertThat(known.gone()).isEmpty();
            assertThat(known.unchecked().orElseThrow()).contains("is on the same file system as " + state);
            return known;
        });

        assertThat(gone()).isEmpty();
        assertThat(state.resolve("directory.json")).doesNotExist();
    }

    @Test
    void anIdThatWasRemovedIsGivenAgainWhereTheNewestIsThere() throws IOException {
        onVolume(Sample.at(1));
        var before = note();
        try (var _ = mounted()) {
            Files.delete(path.resolve(KnownDirectory.ID_FILE));

            assertThat(gone()).isEmpty();
            assertThat(before)
                    .contains("\"id\":\""
                            + Files.readString(path.resolve(KnownDirectory.ID_FILE))
                                    .strip() + "\"");
        }
    }

    @Test
    void anotherPathIsAnotherDirectoryAndKnowsNothing() throws IOException {
        onVolume(Sample.at(1));
        path = Files.createDirectory(disk.resolve("elsewhere"));

        assertThat(gone()).isEmpty();
    }

    @Test
    void theNewestIsNotedAsItChangesAndWhatVanishesStaysNoted() throws IOException {
        try (var _ = mounted();
                var directory = SnapshotDirectory.open(path, 0L)) {
            var known = known(directory);
            assertThat(note()).contains("\"newest\":null");
            Sample.at(1).commitTo(directory);
            known.note();
            assertThat(note()).contains(Sample.minute(1).toString());
            directory.delete(Sample.minute(1));
            known.note();
            assertThat(note()).contains("\"newest\":null");

            Sample.at(2).commitTo(directory);
            known.note();
            Files.delete(directory.file(Sample.minute(2)));
            assertThat(directory.list()).isEmpty();
            known.note();
            assertThat(note()).contains(Sample.minute(2).toString());
        }
    }

    @ParameterizedTest
    @ValueSource(strings = {"", "{", "null", "[]", "{}", "{\"path\":1}", "{\"path\":\"/\",\"id\":null}"})
    void aDamagedNoteIsNoNoteAndIsSaid(String damaged) throws IOException {
        onVolume(Sample.at(1));
        Files.writeString(state.resolve("directory.json"), damaged);
        try (var _ = mounted()) {
            opened(directory -> {
                var known = known(directory);
                assertThat(known.gone()).isEmpty();
                assertThat(known.remarks())
                        .containsExactly(
                                state + "/directory.json cannot be read (it is damaged): this start cannot check"
                                        + " whether " + path + " is the directory that was there before");
                return known;
            });
            assertThat(note()).contains(Sample.minute(1).toString());
        }
    }

    @Test
    void aStateDirectoryThatCannotBeWrittenIsSaidAndNothingIsKnown() {
        try (var readOnly = Tmpfs.mount(1);
                var _ = mounted()) {
            Command.of("mount", "-o", "remount,ro", readOnly.directory().toString())
                    .output();
            state = readOnly.directory();

            opened(directory -> {
                var known = known(directory);
                assertThat(known.gone()).isEmpty();
                assertThat(known.unchecked().orElseThrow())
                        .startsWith("cannot record in " + state + "/directory.json which directory " + path + " is (")
                        .contains("Read-only file system")
                        .endsWith("the next start cannot check whether its volume is missing");
                return known;
            });
        }
    }

    @Test
    void aNoteThatCannotBeWrittenLaterIsAFailureWithThePath() {
        try (var full = Tmpfs.mount(1);
                var _ = mounted()) {
            state = full.directory();
            opened(directory -> {
                var known = known(directory);
                Sample.at(1).commitTo(directory);
                Command.of("mount", "-o", "remount,ro", state.toString()).output();
                assertThatExceptionOfType(DirectoryFailure.class)
                        .isThrownBy(known::note)
                        .withMessageContaining("writing directory.json: ")
                        .withMessageEndingWith(" (directory " + state + ")");
                return known;
            });
        }
    }

    @Test
    void onTheFileSystemOfTheStateNothingIsNotedAndThatIsSaid() throws IOException {
        opened(directory -> {
            var known = known(directory);
            assertThat(known.unchecked())
                    .contains(path + " is on the same file system as " + state + ", where the service keeps its own"
                            + " files: it cannot check at a start whether a volume is missing");
            return known;
        });
        assertThat(Sample.files(path)).isEmpty();
        assertThat(state).isEmptyDirectory();
    }

    private BindMount mounted() {
        return BindMount.of(volume.directory(), path);
    }

    private void onVolume(Sample... samples) {
        try (var _ = mounted();
                var directory = SnapshotDirectory.open(path, 0L)) {
            for (var sample : samples) {
                sample.commitTo(directory);
            }
            assertThat(known(directory).unchecked()).isEmpty();
        }
    }

    private <T> T opened(Function<SnapshotDirectory, T> use) {
        try (var directory = SnapshotDirectory.open(path, 0L)) {
            return use.apply(directory);
        }
    }

    private String gone() {
        return opened(directory -> known(directory).gone().orElse(""));
    }

    private List<String> remarks() {
        return opened(directory -> known(directory).remarks());
    }

    private KnownDirectory known(SnapshotDirectory directory) {
        return KnownDirectory.of(directory, new StateDirectory(state));
    }

    private String note() throws IOException {
        return Files.readString(state.resolve("directory.json"));
    }
}
