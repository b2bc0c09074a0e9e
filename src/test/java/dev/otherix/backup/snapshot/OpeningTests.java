package dev.otherix.backup.snapshot;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

import dev.otherix.backup.realetcd.NeedsProgram;
import dev.otherix.backup.realetcd.NeedsRoot;
import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStreamReader;
import java.nio.file.FileSystemException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.springframework.util.FileSystemUtils;

class OpeningTests {

    private static final String STAMP = "20260606T031500Z";

    @TempDir
    private Path parent;

    private Path path;

    @BeforeEach
    void newDirectory() {
        path = parent.resolve("snapshots");
    }

    @Test
    void aMissingDirectoryIsMadeForItsOwnerAlone() throws IOException {
        var deep = parent.resolve("var/backups");
        try (var directory = SnapshotDirectory.open(deep, 0L)) {
            assertThat(directory.path()).isEqualTo(deep);
            assertThat(mode(deep)).isEqualTo("rwx------");
            assertThat(mode(deep.getParent())).isEqualTo("rwx------");
        }
    }

    @Test
    void everyFileIsReadableByItsOwnerAlone() throws IOException {
        try (var directory = SnapshotDirectory.open(path, 0L)) {
            var name = Sample.at(1).commitTo(directory).name();
            directory.pin(name, true);
            try (var pending = directory.begin(Sample.minute(2))) {
                assertThat(mode(pending.file())).isEqualTo("rw-------");
                try (var files = Files.list(path)) {
                    assertThat(files)
                            .hasSize(4)
                            .allSatisfy(file -> assertThat(mode(file)).isEqualTo("rw-------"));
                }
            }
        }
    }

    @Test
    void theModeOfADirectoryThatExistsIsLeftAlone() throws IOException {
        Files.createDirectory(path, PosixFilePermissions.asFileAttribute(PosixFilePermissions.fromString("rwxr-x---")));
        SnapshotDirectory.open(path, 0L).close();
        assertThat(mode(path)).isEqualTo("rwxr-x---");
    }

    @Test
    void aLinkToADirectoryIsFollowed() throws IOException {
        Files.createDirectory(parent.resolve("volume"));
        Files.createSymbolicLink(path, parent.resolve("volume"));
        try (var directory = SnapshotDirectory.open(path, 0L)) {
            Sample.at(1).commitTo(directory);
        }
        assertThat(parent.resolve("volume").resolve(Sample.minute(1).toString()))
                .exists();
    }

    @Test
    void aFileInItsPlaceIsNamedAsTheTrouble() throws IOException {
        Files.createFile(path);
        assertThatExceptionOfType(DirectoryFailure.class)
                .isThrownBy(() -> SnapshotDirectory.open(path, 0L))
                .withMessage("opening the snapshot directory: it is a file, not a directory (directory " + path + ")");
    }

    @Test
    void aSecondInstanceIsRefusedAndToldToUseItsOwnDirectory() {
        var first = SnapshotDirectory.open(path, 0L);
        assertThatExceptionOfType(DirectoryFailure.class)
                .isThrownBy(() -> SnapshotDirectory.open(path, 0L))
                .withMessage(
                        "another otherix-etcd-backup works in the snapshot directory; each replica needs its own directory (directory "
                                + path + ")")
                .satisfies(refused -> assertThat(refused.reason()).isEqualTo(DirectoryFailure.Reason.LOCKED));
        first.close();
        SnapshotDirectory.open(path, 0L).close();
    }

    @Test
    void anotherProcessIsKeptOutUntilTheFirstOneIsDead() throws Exception {
        var other = new ProcessBuilder(
                        Path.of(System.getProperty("java.home"), "bin", "java").toString(),
                        "-cp",
                        System.getProperty("java.class.path"),
                        Holder.class.getName(),
                        path.toString())
                .redirectErrorStream(true)
                .start();
        try (var says = new BufferedReader(new InputStreamReader(other.getInputStream()))) {
            assertThat(says.readLine()).isEqualTo("open");
            Files.createFile(path.resolve("." + "otherix-" + STAMP + ".db.tmp"));
            assertThatExceptionOfType(DirectoryFailure.class)
                    .isThrownBy(() -> SnapshotDirectory.open(path, 0L))
                    .satisfies(refused -> assertThat(refused.reason()).isEqualTo(DirectoryFailure.Reason.LOCKED));
            assertThat(Sample.files(path)).as("what the first one is writing").hasSize(1);
        } finally {
            other.destroyForcibly().waitFor();
        }
        SnapshotDirectory.open(path, 0L).close();
        assertThat(Sample.files(path)).isEmpty();
    }

    @Test
    void aStartThatFailsLetsGoOfTheDirectory() {
        var disk = new ScriptedDisk();
        disk.script((number, step) -> {
            if (step.startsWith("sync")) {
                throw new IOException("broken on purpose");
            }
        });
        SnapshotDirectory.open(path, 0L).close();
        assertThatExceptionOfType(DirectoryFailure.class)
                .isThrownBy(() -> SnapshotDirectory.open(path, 0L, disk))
                .withMessageContaining("opening the snapshot directory: ")
                .withMessageContaining("broken on purpose");
        SnapshotDirectory.open(path, 0L).close();
    }

    @Test
    void whatACrashLeftIsRemovedAtStart() throws IOException {
        Files.createDirectory(path);
        put(
                ".otherix-" + STAMP + ".db.tmp",
                ".otherix-" + STAMP + ".json.tmp",
                "otherix-" + STAMP + ".json",
                "otherix-" + STAMP + ".json.damaged");
        SnapshotDirectory.open(path, 0L).close();
        assertThat(Sample.files(path)).isEmpty();
    }

    @Test
    void whatCannotBeRemovedIsSaidAndNotCounted() throws IOException {
        var disk = new ScriptedDisk();
        disk.script((number, step) -> {
            if (step.startsWith("delete") && !step.endsWith(".probe")) {
                throw new FileSystemException(
                        path.resolve(step.substring(7)).toString(), null, SystemError.NOT_PERMITTED.words());
            }
        });
        Files.createDirectory(path);
        put(".otherix-" + STAMP + ".db.tmp", "otherix-" + STAMP + ".json");
        try (var directory = SnapshotDirectory.open(path, 0L, disk)) {
            assertThat(directory.remarks())
                    .containsExactlyInAnyOrder(
                            path + "/.otherix-" + STAMP
                                    + ".db.tmp was left by an earlier process and cannot be removed ("
                                    + "Operation not permitted); it does not count, remove it by hand",
                            path + "/otherix-" + STAMP + ".json was left by an earlier process and cannot be removed ("
                                    + "Operation not permitted); it does not count, remove it by hand");
            assertThat(directory.list()).isEmpty();
        }
    }

    @Test
    @NeedsRoot
    @NeedsProgram({"chattr", "setpriv"})
    void whatRootLeftInAStickyDirectoryOrMadeImmutableDoesNotStopTheStart() throws Exception {
        Files.createDirectory(path);
        Files.setPosixFilePermissions(parent, PosixFilePermissions.fromString("rwxr-xr-x"));
        run("chmod", "1777", path.toString());
        put(
                ".otherix-" + STAMP + ".db.tmp",
                "otherix-20260604T031500Z.db.rejected",
                "otherix-" + STAMP + ".db.rejected",
                "otherix-20260606T031700Z.json");
        run("chattr", "+i", path.resolve("otherix-20260606T031700Z.json").toString());
        try {
            var java = new ProcessBuilder(
                            "setpriv",
                            "--reuid=65534",
                            "--regid=65534",
                            "--clear-groups",
                            Path.of(System.getProperty("java.home"), "bin", "java")
                                    .toString(),
                            "-cp",
                            readableByAll(parent.resolve("cp")),
                            Rejecter.class.getName(),
                            path.toString())
                    .redirectErrorStream(true)
                    .start();
            assertThat(new String(java.getInputStream().readAllBytes()))
                    .contains(".db.tmp was left by an earlier process")
                    .contains("031700Z.json was left by an earlier process")
                    .endsWith("[otherix-20260606T001000Z.db.rejected, otherix-20260606T001100Z.db.rejected]\n");
        } finally {
            run("chattr", "-i", path.resolve("otherix-20260606T031700Z.json").toString());
        }
    }

    /** The class path's directories and the JSON library, where a user without rights can read them. */
    private static String readableByAll(Path copies) throws IOException {
        Files.createDirectory(copies);
        var all = new ArrayList<String>();
        for (var entry : System.getProperty("java.class.path").split(":")) {
            var source = Path.of(entry);
            var copy = copies.resolve(all.size() + "-" + source.getFileName());
            if (Files.isDirectory(source) || entry.contains("jackson")) {
                FileSystemUtils.copyRecursively(source, copy);
                all.add(copy.toString());
            }
        }
        return String.join(":", all);
    }

    private static void run(String... line) throws Exception {
        var process = new ProcessBuilder(line).redirectErrorStream(true).start();
        assertThat(new String(process.getInputStream().readAllBytes())).isEmpty();
        assertThat(process.waitFor()).isZero();
    }

    @Test
    void whatIsNotOursStaysUntouchedAndUnlisted() throws IOException {
        Files.createDirectory(path);
        put(
                "otherix-" + STAMP + ".db.tmp",
                "OTHERIX-" + STAMP + ".db",
                "OTHERIX-" + STAMP + ".json",
                "otherix-20261306T031500Z.json",
                ".otherix-20261306T031500Z.db.tmp",
                "otherix-" + STAMP + ".db ",
                "otherix-" + STAMP,
                "otherix-20260606.db",
                "a.db",
                ".otherix-" + STAMP + ".db",
                "otherix-" + STAMP + ".db.bak",
                "otherix-" + STAMP + ".json.bak",
                "-rf",
                "\n",
                "*",
                "..otherix-" + STAMP + ".db.tmp",
                ".otherix-" + STAMP + ".db.tmp~",
                "otherix-" + STAMP + ".db.corrupt",
                "otherix-" + STAMP + ".db.rejected",
                "otherix-" + STAMP + ".json.corrupt",
                "snap.db",
                "lost+found");
        for (var minute : List.of(1, 2, 3, 4)) {
            var name = Sample.minute(minute);
            var foreign = List.of(name.toString(), name.recordFile(), name.temporaryFile(), name.damagedRecordFile())
                    .get(minute - 1);
            Files.createDirectory(path.resolve(foreign));
            if (minute % 2 == 0) {
                put(foreign + "/inside");
            }
        }
        for (var minute : List.of(5, 6, 7, 8)) {
            var name = Sample.minute(minute);
            var foreign = List.of(name.toString(), name.recordFile(), name.temporaryFile(), name.damagedRecordFile())
                    .get(minute - 5);
            Files.createSymbolicLink(path.resolve(foreign), parent.resolve(minute % 2 == 0 ? "nowhere" : "snapshots"));
        }
        var before = Sample.files(path);
        try (var directory = SnapshotDirectory.open(path, 0L)) {
            assertThat(directory.list()).isEmpty();
            assertThat(directory.latest()).isEmpty();
            assertThat(directory.movements().foreignArrival()).isEmpty();
        }
        assertThat(Sample.files(path)).isEqualTo(before);
    }

    @Test
    void aRecordBesideALinkOrADirectoryOfItsSnapshotsNameIsLeft() throws IOException {
        Files.createDirectory(path);
        Files.createDirectory(path.resolve(Sample.minute(1).toString()));
        Files.createSymbolicLink(path.resolve(Sample.minute(2).toString()), parent.resolve("nowhere"));
        Sample.at(1).putRecord(path);
        Sample.at(2).putRecord(path);
        var before = Sample.files(path);
        try (var directory = SnapshotDirectory.open(path, 0L)) {
            assertThat(directory.list()).isEmpty();
        }
        assertThat(Sample.files(path)).isEqualTo(before).hasSize(4);
    }

    private void put(String... names) {
        for (var name : names) {
            try {
                Files.createFile(path.resolve(name));
            } catch (IOException broken) {
                throw new AssertionError(broken);
            }
        }
    }

    private static String mode(Path file) throws IOException {
        return PosixFilePermissions.toString(Files.getPosixFilePermissions(file));
    }

    /** A process of another user that keeps two rejected files, and says which of its own are there. */
    static final class Rejecter {

        private Rejecter() {}

        public static void main(String[] path) throws IOException {
            try (var directory = SnapshotDirectory.open(Path.of(path[0]), 0L)) {
                directory.remarks().forEach(System.out::println);
                for (var minute : new int[] {9, 10, 11}) {
                    try (var pending = directory.begin(Sample.minute(minute))) {
                        pending.reject(Sample.at(minute).snapshot());
                    }
                }
                System.out.println(Sample.files(directory.path()).stream()
                        .filter(name -> name.contains("T00") && name.endsWith(".db.rejected"))
                        .toList());
            }
        }
    }

    /** Another process that holds a directory until it is killed. */
    static final class Holder {

        private Holder() {}

        public static void main(String[] path) throws IOException {
            var directory = SnapshotDirectory.open(Path.of(path[0]), 0L);
            System.out.println("open");
            var never = System.in.read();
            System.out.println(directory.path() + " let go at " + never);
        }
    }
}
