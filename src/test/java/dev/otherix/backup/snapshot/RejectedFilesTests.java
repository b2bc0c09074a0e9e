package dev.otherix.backup.snapshot;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class RejectedFilesTests {

    private static final long MIB = 1L << 20;

    @TempDir
    private Path path;

    private final ScriptedDisk disk = new ScriptedDisk();

    private static void reject(SnapshotDirectory directory, Sample sample) {
        try (var pending = directory.begin(sample.name())) {
            pending.expect(sample.size());
            pending.write(ByteBuffer.allocate(Math.toIntExact(sample.size())));
            pending.reject(sample.snapshot());
        }
    }

    private static List<String> namesOf(int... minutes) {
        return Arrays.stream(minutes)
                .mapToObj(Sample::minute)
                .flatMap(name -> Stream.of(name.rejectedFile(), name.rejectedRecordFile()))
                .toList();
    }

    @Test
    void aRejectedFileIsKeptWithItsRecordAndIsNoSnapshot() throws IOException {
        try (var directory = SnapshotDirectory.open(path, 0L)) {
            reject(directory, Sample.at(1));

            assertThat(directory.list()).isEmpty();
            assertThat(directory.movements().corrupt()).isZero();
            assertThat(Sample.files(path)).containsExactlyInAnyOrderElementsOf(namesOf(1));
            assertThat(path.resolve("otherix-20260606T000100Z.db.rejected")).hasSize(64);
            assertThat(RecordFormat.read(Files.readAllBytes(path.resolve("otherix-20260606T000100Z.json.rejected"))))
                    .isEqualTo(Sample.at(1).snapshot());
            assertThat(directory.nextName(Sample.minute(1).second()))
                    .isEqualTo(Sample.minute(1).next());
        }
    }

    @Test
    void theLastTwoAreKept() throws IOException {
        try (var directory = SnapshotDirectory.open(path, 0L)) {
            for (int minute = 1; minute <= 4; minute++) {
                reject(directory, Sample.at(minute));
            }
            assertThat(Sample.files(path)).containsExactlyInAnyOrderElementsOf(namesOf(3, 4));
        }
    }

    @Test
    void theyOutliveARestart() throws IOException {
        try (var directory = SnapshotDirectory.open(path, 0L)) {
            reject(directory, Sample.at(1));
        }
        SnapshotDirectory.open(path, 0L).close();
        assertThat(Sample.files(path)).containsExactlyInAnyOrderElementsOf(namesOf(1));
    }

    @Test
    void whereSpaceIsShortTheyGoOldestFirstAndOnlyAsManyAsAreInTheWay() throws IOException {
        disk.space(1L << 40, () -> 10 * MIB - sizeOfRejected());
        try (var directory = SnapshotDirectory.open(path, 0L, disk)) {
            reject(directory, Sample.at(1).sized(2 * MIB));
            reject(directory, Sample.at(2).sized(2 * MIB));

            directory.space().require(6 * MIB);
            assertThat(Sample.files(path)).containsExactlyInAnyOrderElementsOf(namesOf(1, 2));
            directory.space().require(7 * MIB);
            assertThat(Sample.files(path)).containsExactlyInAnyOrderElementsOf(namesOf(2));
            assertThatExceptionOfType(DirectoryFailure.class)
                    .isThrownBy(() -> directory.space().require(11 * MIB))
                    .satisfies(full -> assertThat(full.missingBytes()).isEqualTo(MIB));
            assertThat(Sample.files(path)).isEmpty();
        }
    }

    private long sizeOfRejected() {
        try (var files = Files.list(path)) {
            return files.filter(file -> file.toString().endsWith(".db.rejected"))
                    .mapToLong(file -> file.toFile().length())
                    .sum();
        } catch (IOException broken) {
            throw new AssertionError(broken);
        }
    }

    @Test
    void whatIsNotOursStaysWhereSpaceIsShort() throws IOException {
        Files.createDirectory(path.resolve("otherix-20260606T000100Z.db.rejected"));
        Files.writeString(path.resolve("otherix-20261306T000100Z.db.rejected"), "no such month");
        Files.createSymbolicLink(
                path.resolve("otherix-20260606T000200Z.db.rejected"),
                path.resolve("otherix-20261306T000100Z.db.rejected"));
        disk.space(1L << 40, () -> 0);
        try (var directory = SnapshotDirectory.open(path, 0L, disk)) {
            assertThatExceptionOfType(DirectoryFailure.class)
                    .isThrownBy(() -> directory.space().require(1));
        }
        assertThat(Sample.files(path)).hasSize(3);
    }

    @Test
    void whereItCannotBeKeptNothingIs() throws IOException {
        try (var directory = SnapshotDirectory.open(path, 0L, disk)) {
            var pending = directory.begin(Sample.minute(1));
            pending.write(ByteBuffer.allocate(64));
            disk.script((number, step) -> {
                if (step.startsWith("link") || step.startsWith("rename to otherix-20260606T000100Z.db.rejected")) {
                    throw new IOException("broken on purpose");
                }
            });
            assertThatExceptionOfType(DirectoryFailure.class)
                    .isThrownBy(() -> pending.reject(Sample.at(1).snapshot()))
                    .withMessageContaining("broken on purpose");
        }
        assertThat(Sample.files(path))
                .doesNotContain(".otherix-20260606T000100Z.db.tmp", "otherix-20260606T000100Z.db.rejected");
        SnapshotDirectory.open(path, 0L).close();
        assertThat(Sample.files(path)).as("the record goes with the next start").isEmpty();
    }

    @Test
    void aClosedSnapshotIsNotRejected() throws IOException {
        try (var directory = SnapshotDirectory.open(path, 0L)) {
            var pending = directory.begin(Sample.minute(1));
            pending.close();
            pending.reject(Sample.at(1).snapshot());
        }
        assertThat(Sample.files(path)).isEmpty();
    }
}
