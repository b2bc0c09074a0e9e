package dev.otherix.backup.offsite.store;

import static dev.otherix.backup.offsite.store.ObjectStoreContract.bytes;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.otherix.backup.offsite.store.StoreFailure.Code;
import dev.otherix.backup.realetcd.Command;
import dev.otherix.backup.realetcd.FuseDisk;
import dev.otherix.backup.realetcd.LoopDisk;
import dev.otherix.backup.realetcd.NeedsProgram;
import dev.otherix.backup.realetcd.NeedsRoot;
import dev.otherix.backup.realetcd.NeedsTmpfs;
import dev.otherix.backup.realetcd.Tmpfs;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class FilesystemTroubleTests {

    private static final Limits SHORT =
            new Limits(Duration.ofSeconds(1), Duration.ofSeconds(10), 1 << 20, Duration.ofMillis(10));
    private static final int PART = ObjectStore.Upload.SMALLEST_PART;

    @TempDir
    Path directory;

    private static ObjectStore target(Path directory) throws IOException {
        Files.createFile(directory.resolve(TargetDirectory.MARK));
        return FilesystemStore.open(directory, SHORT);
    }

    private static void failsEverywhere(ObjectStore store, Code code, String... words) {
        for (Runnable step : new Runnable[] {
            () -> store.probe("a/"),
            () -> store.list("a/", _ -> {}),
            () -> store.find("a/b", null),
            () -> store.put("a/b", bytes(10), true),
            () -> store.begin("a/b", _ -> {}).close(),
            () -> store.abort("a/b", "0".repeat(32)),
            () -> read(store, "a/b")
        }) {
            Failed.by(step).with(code, words);
        }
    }

    private static byte[] read(ObjectStore store, String key) {
        try (var in = store.read(key, null, 0, Long.MAX_VALUE)) {
            return in.readAllBytes();
        } catch (IOException cause) {
            throw new UncheckedIOException(cause);
        }
    }

    private static List<Path> files(Path directory) throws IOException {
        try (var files = Files.walk(directory)) {
            return files.filter(file -> !file.equals(directory)).toList();
        }
    }

    @Test
    void aDirectoryWithoutItsMarkIsNotFilledAndTheMessageHasTheCommand() throws IOException {
        var store = FilesystemStore.open(directory, SHORT);
        var command = "touch " + directory.resolve(TargetDirectory.MARK);

        failsEverywhere(
                store, Code.NO_SUCH_PLACE, "file://" + directory + ": ", "is perhaps not mounted", "run: " + command);
        assertThat(files(directory)).isEmpty();

        Command.of("sh", "-c", command).output();
        store.probe("");
        store.put("a/b", bytes(10), true);
    }

    @ParameterizedTest
    @ValueSource(strings = {"link", "directory"})
    void aMarkThatIsNoFileIsNone(String kind) throws IOException {
        var mark = directory.resolve(TargetDirectory.MARK);
        if (kind.equals("link")) {
            Files.createSymbolicLink(mark, Files.createFile(directory.resolve("elsewhere")));
        } else {
            Files.createDirectory(mark);
        }

        Failed.by(() -> FilesystemStore.open(directory, SHORT).probe("")).with(Code.NO_SUCH_PLACE);
    }

    @Test
    void aMissingDirectoryIsNotMade() {
        var missing = directory.resolve("missing");

        failsEverywhere(
                FilesystemStore.open(missing, SHORT), Code.NO_SUCH_PLACE, "there is no directory " + missing, "touch");
        assertThat(missing).doesNotExist();
    }

    @Test
    void aLinkInPlaceOfADirectoryIsNotFollowed(@TempDir Path elsewhere) throws IOException {
        var store = target(directory);
        Files.write(elsewhere.resolve("b"), bytes(10));
        Files.createDirectory(directory.resolve("p"));
        Files.createSymbolicLink(directory.resolve("p/c"), elsewhere);

        assertThat(store.find("p/c/b", null)).isEmpty();
        Failed.by(() -> read(store, "p/c/b")).with(Code.NO_SUCH_OBJECT);
        store.list("", object -> assertThat(object.key()).isEqualTo("nothing"));
        Failed.by(() -> store.put("p/c/new", bytes(10), true)).with(Code.REFUSED, "is a link", "Remove it");
        Failed.by(() -> store.begin("p/c/new", _ -> {})).with(Code.REFUSED, "is a link");
        store.abort("p/c/new", "0".repeat(32));
        assertThat(files(elsewhere)).containsExactly(elsewhere.resolve("b"));
    }

    @Test
    void aLinkInPlaceOfAFileIsNotFollowed(@TempDir Path elsewhere) throws IOException {
        var store = target(directory);
        var file = Files.write(elsewhere.resolve("b"), bytes(10));
        Files.createSymbolicLink(directory.resolve("b"), file);

        assertThat(store.find("b", null)).isEmpty();
        Failed.by(() -> read(store, "b")).with(Code.NO_SUCH_OBJECT);
        store.list("", object -> assertThat(object.key()).isEqualTo("nothing"));
        Failed.by(() -> store.put("b", bytes(20), true)).with(Code.EXISTS);
        store.put("b", bytes(20), false);

        assertThat(read(store, "b")).isEqualTo(bytes(20));
        assertThat(file).hasBinaryContent(bytes(10));
    }

    @Test
    void whatCannotBeAKeyIsNotListed() throws IOException {
        var store = target(directory);
        store.put("p/a", bytes(1), true);
        for (var name : List.of("p/.hidden", "p/a b", "p/new\nline", "p/\u00fc", "p/a*")) {
            Files.createFile(directory.resolve(name));
        }
        Command.of("mkfifo", directory.resolve("p/fifo").toString()).output();
        Files.createDirectory(directory.resolve("p/a-directory"));
        Files.createDirectories(directory.resolve("d/".repeat(30) + "deep"));
        var keys = new ArrayList<String>();
        store.list("", object -> keys.add(object.key()));

        assertThat(keys).containsExactly("p/a");
        assertThat(store.find("p/fifo", null)).isEmpty();
        Failed.by(() -> read(store, "p/fifo")).with(Code.NO_SUCH_OBJECT);
        assertThat(store.find("p/a-directory", null)).isEmpty();
    }

    @ParameterizedTest
    @ValueSource(strings = {"../a", "a/../b", "/a", "a//b", "a/", "", ".a", "a/.b", "a b", "a\0"})
    void aKeyThatIsNoneIsRefused(String key) throws IOException {
        var store = target(directory);

        assertThatThrownBy(() -> store.put(key, bytes(1), true)).isInstanceOf(IllegalArgumentException.class);
        assertThatThrownBy(() -> store.find(key, null)).isInstanceOf(IllegalArgumentException.class);
        assertThatThrownBy(() -> store.begin(key, _ -> {})).isInstanceOf(IllegalArgumentException.class);
    }

    @Test
    void anIdOfAnotherStoreRemovesNothing() throws IOException {
        var store = target(directory);
        store.put("p/a", bytes(1), true);

        store.abort("p/a", "../../p/a");
        store.abort("p/a", "");

        assertThat(store.find("p/a", null)).isPresent();
    }

    @Test
    void filesAndDirectoriesAreClosedToOthers() throws IOException {
        target(directory).put("p/c/a", bytes(1), true);

        assertThat(PosixFilePermissions.toString(Files.getPosixFilePermissions(directory.resolve("p/c/a"))))
                .isEqualTo("rw-------");
        assertThat(PosixFilePermissions.toString(Files.getPosixFilePermissions(directory.resolve("p/c"))))
                .isEqualTo("rwx------");
    }

    @Test
    @NeedsTmpfs
    void aFullFileSystemIsReportedAndNothingOfTheObjectStays() throws IOException {
        try (var small = Tmpfs.mount(8)) {
            var store = target(small.directory());
            Failed.by(() -> {
                        try (var upload = store.begin("p/a", _ -> {})) {
                            upload.part(bytes(PART), PART, _ -> {});
                            upload.part(bytes(PART), PART, _ -> {});
                        }
                    })
                    .with(Code.FULL, "writing p/a failed: no space is left", "Make room");
            Failed.by(() -> store.put("p/b", bytes(9 << 20), true)).with(Code.FULL);

            assertThat(files(small.directory()))
                    .filteredOn(Files::isRegularFile)
                    .hasSize(1);
            store.put("p/b", bytes(1000), true);
        }
    }

    @Test
    @NeedsTmpfs
    void aReadOnlyFileSystemIsReported() throws IOException {
        try (var disk = Tmpfs.mount(8)) {
            var store = target(disk.directory());
            store.put("a", bytes(10), true);
            Command.of("mount", "-o", "remount,ro", disk.directory().toString()).output();

            Failed.by(() -> store.put("b", bytes(10), true)).with(Code.DENIED, "read-only", "Mount it for writing");
            Failed.by(() -> store.begin("b", _ -> {})).with(Code.DENIED, "read-only");
            assertThat(read(store, "a")).isEqualTo(bytes(10));
        }
    }

    @Test
    @NeedsTmpfs
    void aTargetThatIsNotMountedAnyMoreIsNotFilled() throws IOException {
        var disk = Tmpfs.mount(8);
        try {
            var store = target(disk.directory());
            store.put("a", bytes(10), true);
            Command.of("umount", disk.directory().toString()).output();

            failsEverywhere(store, Code.NO_SUCH_PLACE, "is perhaps not mounted");
            assertThat(files(disk.directory())).isEmpty();

            Command.of("mount", "-t", "tmpfs", "tmpfs", disk.directory().toString())
                    .output();
            Files.createFile(disk.directory().resolve(TargetDirectory.MARK));
            store.put("a", bytes(10), true);
        } finally {
            disk.close();
        }
    }

    @Test
    @NeedsRoot
    @NeedsProgram("bindfs")
    void aFileServerThatHangsHoldsUpNobodyForLong() throws IOException {
        try (var disk = FuseDisk.mount()) {
            var store = target(disk.directory());
            store.put("a", bytes(100), true);
            var upload = store.begin("b", _ -> {});
            upload.part(bytes(1000), 1000, _ -> {});
            disk.stop();
            try {
                Failed.by(() -> upload.part(bytes(PART), PART, _ -> {}))
                        .with(Code.UNAVAILABLE, "no byte moved for 1 s while writing b");
                Failed.by(() -> store.probe("")).with(Code.UNAVAILABLE, "no byte moved for 1 s");
                Failed.by(() -> read(store, "a")).with(Code.UNAVAILABLE);
                Failed.by(upload::close).with(Code.UNAVAILABLE);
            } finally {
                disk.resume();
            }
            org.awaitility.Awaitility.await().untilAsserted(() -> store.probe(""));
            store.put("c", bytes(100), true);
            assertThat(read(store, "a")).isEqualTo(bytes(100));
        }
    }

    @Test
    @NeedsRoot
    @NeedsProgram("mkfs.ext4")
    void aFrozenDiskHoldsUpNobodyForLong() throws IOException {
        try (var disk = LoopDisk.mount(32)) {
            var store = target(disk.directory());
            disk.freeze();
            Failed.by(() -> store.put("a", bytes(100), true)).with(Code.UNAVAILABLE, "no byte moved for 1 s");
            disk.thaw();
            org.awaitility.Awaitility.await().untilAsserted(() -> store.put("b", bytes(100), true));
        }
    }

    @Test
    @NeedsRoot
    @NeedsProgram("mkfs.ext4")
    void readingBackShowsWhatLiesOnTheDiskAndNotInMemory() throws IOException {
        try (var disk = LoopDisk.mount(32)) {
            var store = target(disk.directory());
            var content = bytes(300_000);
            store.put("a", content, true);
            disk.change(content, 4096 * 3, 64);

            assertThat(Files.readAllBytes(disk.directory().resolve("a"))).isEqualTo(content);
            assertThat(read(store, "a")).isNotEqualTo(content).hasSize(content.length);
            try (var in = store.read("a", null, 4096 * 3 - 1, 3)) {
                assertThat(in.readAllBytes())
                        .isNotEqualTo(java.util.Arrays.copyOfRange(content, 4096 * 3 - 1, 4096 * 3 + 2));
            }
        }
    }
}
