package dev.otherix.backup.snapshot;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.TreeSet;
import java.util.function.Consumer;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** The process ends before each single step on the disk; then the directory is opened again. */
class CrashTests {

    private static final Sample OLDER = Sample.at(1);
    private static final Sample NEWER = Sample.at(2);

    @TempDir
    private Path parent;

    @Test
    void aCrashDuringACommitLeavesTheSnapshotWithItsRecordOrNothing() throws IOException {
        var committed = crashAtEachStep(OLDER::commitTo, NEWER::commitTo, directory -> {
            assertThat(directory.list())
                    .isSubsetOf(NEWER.snapshot(), OLDER.snapshot())
                    .contains(OLDER.snapshot());
            return directory.list().size() == 2;
        });
        assertThat(committed).startsWith(false).endsWith(true, true, true).isSorted();
    }

    @Test
    void aCrashDuringTheFirstStartLeavesADirectoryThatOpens() throws IOException {
        boolean died = true;
        for (int step = 0; died; step++) {
            var path = parent.resolve("first-" + step);
            var disk = new ScriptedDisk();
            disk.dieAt(step);
            try (var directory = SnapshotDirectory.open(path, 0L, disk)) {
                assertThat(directory.list()).isEmpty();
                assertThat(step).isGreaterThan(5);
                died = false;
            } catch (ScriptedDisk.ProcessDied expected) {
                assertThat(step).isLessThan(50);
            }
            SnapshotDirectory.open(path, 0L).close();
            assertThat(Sample.files(path)).isEmpty();
        }
    }

    @Test
    void aCrashDuringADeleteLeavesTheSnapshotWithItsRecordOrNothing() throws IOException {
        var deleted = crashAtEachStep(OLDER::commitTo, directory -> directory.delete(OLDER.name()), directory -> {
            assertThat(directory.list()).isSubsetOf(OLDER.snapshot());
            return directory.list().isEmpty();
        });
        assertThat(deleted).startsWith(false).endsWith(true, true).isSorted();
    }

    @Test
    void aCrashDuringAPinLeavesTheOldRecordOrTheNewOne() throws IOException {
        var pinned = crashAtEachStep(OLDER::commitTo, directory -> directory.pin(OLDER.name(), true), directory -> {
            assertThat(directory.list())
                    .isSubsetOf(OLDER.snapshot(), OLDER.pin().snapshot())
                    .hasSize(1);
            return directory.list().getFirst().pinned();
        });
        assertThat(pinned).startsWith(false).endsWith(true, true).isSorted();
    }

    @Test
    void aCrashDuringAnAdoptionNeverReleasesADamagedRecord() throws IOException {
        var adopted = crashAtEachStep(
                directory -> {
                    OLDER.commitTo(directory);
                    write(directory.path().resolve(OLDER.name().recordFile()), "damaged");
                },
                directory -> directory.adopt(OLDER.snapshot()),
                directory -> {
                    assertThat(directory.list()).hasSize(1);
                    assertThat(directory.list().getFirst().keptBecause()).containsExactly(KeptBecause.DAMAGED_RECORD);
                    return directory.list().getFirst().verified();
                });
        assertThat(adopted).startsWith(false).endsWith(true, true).isSorted();
    }

    @Test
    void aCrashWhileAFileIsSetAsideLeavesItUnderOneOfItsNames() throws IOException {
        var aside = crashAtEachStep(OLDER::commitTo, directory -> directory.setCorrupt(OLDER.name()), directory -> {
            assertThat(directory.list().size() + directory.movements().corrupt())
                    .isEqualTo(1);
            return directory.movements().corrupt() == 1;
        });
        assertThat(aside).startsWith(false).endsWith(true, true).isSorted();
    }

    @Test
    void aCrashDuringARejectionLeavesTheRejectedFileWithItsRecordOrNothing() throws IOException {
        var kept = crashAtEachStep(
                OLDER::commitTo,
                directory -> {
                    try (var pending = directory.begin(NEWER.name())) {
                        pending.write(ByteBuffer.allocate(64));
                        pending.reject(NEWER.snapshot());
                    }
                },
                directory -> {
                    assertThat(directory.list()).containsExactly(OLDER.snapshot());
                    var file =
                            Files.exists(directory.path().resolve(NEWER.name().rejectedFile()));
                    assertThat(directory
                                    .path()
                                    .resolve(NEWER.name().rejectedRecordFile())
                                    .toFile()
                                    .exists())
                            .isEqualTo(file);
                    return file;
                });
        assertThat(kept).startsWith(false).endsWith(true, true).isSorted();
    }

    /** What {@code check} says after a crash before step 0, 1, 2 and so on, and at last without a crash. */
    private List<Boolean> crashAtEachStep(
            Consumer<SnapshotDirectory> before, Consumer<SnapshotDirectory> crashing, Check check) throws IOException {
        var answers = new ArrayList<Boolean>();
        boolean died = true;
        for (int step = 0; died; step++) {
            var path = parent.resolve("crash-" + step);
            died = crash(path, step, before, crashing);
            try (var directory = SnapshotDirectory.open(path, 0L)) {
                assertThat(Sample.files(path))
                        .as("left by a crash before step %s", step)
                        .isSubsetOf(ofSnapshots(directory));
                answers.add(check.holds(directory));
            }
        }
        return answers;
    }

    private static boolean crash(
            Path path, int step, Consumer<SnapshotDirectory> before, Consumer<SnapshotDirectory> crashing) {
        var disk = new ScriptedDisk();
        try (var directory = SnapshotDirectory.open(path, 0L, disk)) {
            before.accept(directory);
            disk.dieAt(step);
            crashing.accept(directory);
            return false;
        } catch (ScriptedDisk.ProcessDied end) {
            return true;
        }
    }

    private static TreeSet<String> ofSnapshots(SnapshotDirectory directory) throws IOException {
        var expected = new TreeSet<String>();
        for (var snapshot : directory.list()) {
            var name = snapshot.name();
            expected.addAll(List.of(name.toString(), name.recordFile(), name.damagedRecordFile()));
            assertThat(Files.size(directory.file(name))).isEqualTo(snapshot.sizeBytes());
        }
        for (var sample : List.of(OLDER, NEWER)) {
            expected.addAll(List.of(
                    sample.name().corruptFile(),
                    sample.name().corruptRecordFile(),
                    sample.name().rejectedFile(),
                    sample.name().rejectedRecordFile()));
        }
        return expected;
    }

    private static void write(Path file, String text) {
        try {
            Files.writeString(file, text);
        } catch (IOException broken) {
            throw new AssertionError(broken);
        }
    }

    private interface Check {
        boolean holds(SnapshotDirectory directory);
    }
}
