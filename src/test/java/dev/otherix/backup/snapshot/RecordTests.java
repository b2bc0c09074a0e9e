package dev.otherix.backup.snapshot;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

import java.io.IOException;
import java.io.RandomAccessFile;
import java.nio.file.AccessDeniedException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.attribute.FileTime;
import java.time.Instant;
import java.util.List;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Records that are missing, damaged, of another file, changed by hand; and how each is mended. */
class RecordTests {

    private static final Sample OLDER = Sample.at(1);
    private static final Sample SAMPLE = Sample.at(2);
    private static final Verification CHECKED = new Verification(
            Verification.State.VERIFIED,
            Instant.parse("2026-07-01T00:00:00Z"),
            List.of(new Verification.Check("footer", Verification.Outcome.PASSED, null, null, null)));

    @TempDir
    private Path path;

    private final AtomicInteger reads = new AtomicInteger();
    private final ScriptedDisk disk = new ScriptedDisk() {
        @Override
        byte[] readUpTo(int bytes, Path file) throws IOException {
            reads.incrementAndGet();
            return super.readUpTo(bytes, file);
        }
    };
    private SnapshotDirectory directory;
    private Path record;

    private static final Copy COPY =
            new Copy(Target.S3, "key", Sample.minute(9).second(), 1, "00", null, null, Copy.State.COPIED);
    private static final Drilled DRILL =
            new Drilled(Sample.minute(9).second(), Drilled.Outcome.PASSED, 1.5, "3.6.14", null);

    @BeforeEach
    void openWithTwoSnapshots() {
        directory = SnapshotDirectory.open(path, 0L, disk);
        OLDER.commitTo(directory);
        SAMPLE.commitTo(directory);
        record = path.resolve(SAMPLE.name().recordFile());
    }

    @AfterEach
    void close() {
        directory.close();
    }

    private Snapshot listed() {
        assertThat(directory.list()).extracting(Snapshot::name).containsExactly(SAMPLE.name(), OLDER.name());
        assertThat(directory.list().getLast()).as("the other one is untouched").isEqualTo(OLDER.snapshot());
        return directory.list().getFirst();
    }

    private void assertListedAsDamaged() {
        assertThat(listed())
                .isEqualTo(Snapshot.unrecorded(SAMPLE.name(), SAMPLE.size(), OLDER.lineage())
                        .withKeptBecause(List.of(KeptBecause.DAMAGED_RECORD)));
        assertThat(directory.latest()).contains(OLDER.snapshot());
    }

    @Test
    void recordsShareWhatTheyHaveAlike() {
        var read = directory.list();
        assertThat(read).containsExactly(SAMPLE.snapshot(), OLDER.snapshot());
        assertThat(read.getFirst().etcd()).isSameAs(read.getLast().etcd());
        assertThat(read.getFirst().lineage()).isSameAs(read.getLast().lineage());
    }

    @Test
    void aFileWithoutARecordIsListedUnverified() throws IOException {
        Files.delete(record);
        assertThat(listed()).isEqualTo(Snapshot.unrecorded(SAMPLE.name(), SAMPLE.size(), OLDER.lineage()));
        assertThat(listed().verified()).isFalse();
        assertThat(listed().createdAt()).isEqualTo(SAMPLE.name().second());
        assertThat(listed().keptBecause()).isEmpty();
        assertThat(directory.latest()).contains(OLDER.snapshot());
    }

    @ParameterizedTest
    @ValueSource(strings = {"", "null", "{}", "{\"name\":", "\0\0\0\0", "[]"})
    void aFileWithADamagedRecordIsListedUnverifiedAndHeld(String text) throws IOException {
        Files.writeString(record, text);
        assertListedAsDamaged();
    }

    @Test
    void theRecordOfAnotherSnapshotIsDamage() throws IOException {
        Files.copy(path.resolve(OLDER.name().recordFile()), record, StandardCopyOption.REPLACE_EXISTING);
        assertListedAsDamaged();
    }

    @Test
    void aRecordOfAnotherSizeThanTheFileIsDamage() throws IOException {
        Files.write(directory.file(SAMPLE.name()), new byte[65]);
        assertThat(listed())
                .isEqualTo(Snapshot.unrecorded(SAMPLE.name(), 65, OLDER.lineage())
                        .withKeptBecause(List.of(KeptBecause.DAMAGED_RECORD)));
    }

    @Test
    void aRecordThatIsALinkOrADirectoryIsDamage() throws IOException {
        Files.move(record, path.resolve("elsewhere"));
        Files.createSymbolicLink(record, path.resolve("elsewhere"));
        assertListedAsDamaged();
        Files.delete(record);
        Files.createDirectory(record);
        assertListedAsDamaged();
    }

    @Test
    void aGiganticRecordIsDamageAndIsNotRead() throws IOException {
        try (var file = new RandomAccessFile(record.toFile(), "rw")) {
            file.setLength(1L << 40);
        }
        directory.find(OLDER.name());
        reads.set(0);
        assertListedAsDamaged();
        assertThat(reads).hasValue(0);
    }

    @Test
    void tenMegabytesOfGarbageAreNotReadEither() throws IOException {
        Files.write(record, new byte[10 << 20]);
        directory.find(OLDER.name());
        reads.set(0);
        assertListedAsDamaged();
        assertThat(reads).hasValue(0);
    }

    @Test
    void aRecordThatCannotBeReadHidesNoOtherSnapshot() throws IOException {
        var unreadable = new ScriptedDisk() {
            @Override
            byte[] readUpTo(int bytes, Path file) throws IOException {
                if (file.equals(record)) {
                    throw new AccessDeniedException(file.toString());
                }
                return super.readUpTo(bytes, file);
            }
        };
        directory.close();
        directory = SnapshotDirectory.open(path, 0L, unreadable);
        assertThat(listed())
                .as("nothing says that it is damaged")
                .isEqualTo(Snapshot.unrecorded(SAMPLE.name(), SAMPLE.size(), OLDER.lineage()));
        assertThat(directory.latest()).contains(OLDER.snapshot());
    }

    @Test
    void aRecordIsReadOnceAndAgainWhenItsFileHasChanged() throws IOException {
        directory.list();
        reads.set(0);
        directory.list();
        assertThat(reads).as("unchanged").hasValue(0);
        var text = Files.readString(record);
        Files.writeString(record, text.replace("\"3.6.14\"", "\"3.6.15\""));
        Files.setLastModifiedTime(record, FileTime.from(Instant.parse("2026-01-01T00:00:00Z")));
        assertThat(listed().etcd().version()).as("of the same size").isEqualTo("3.6.15");
        Files.delete(record);
        assertThat(listed().verified()).as("removed").isFalse();
        Files.writeString(record, text);
        assertThat(listed()).as("put back").isEqualTo(SAMPLE.snapshot());
    }

    @Test
    void adoptingRecordsWhatWasFound() throws IOException {
        Files.delete(record);
        directory.adopt(listed().withFound(new StoredFile(SAMPLE.size(), "abc"), null, new Checked(null, CHECKED)));
        assertThat(listed().sha256()).isEqualTo("abc");
        assertThat(listed().verification()).isEqualTo(CHECKED);
        assertThat(listed().keptBecause()).isEmpty();
        assertThat(directory.latest()).contains(listed());
        assertThat(Sample.files(path)).hasSize(4);
    }

    @Test
    void adoptingKeepsADamagedRecordAsideAndTheSnapshotHeld() throws IOException {
        Files.writeString(record, "damaged");
        directory.adopt(listed().withFound(new StoredFile(SAMPLE.size(), "abc"), null, new Checked(null, CHECKED)));
        assertThat(path.resolve(SAMPLE.name().damagedRecordFile())).hasContent("damaged");
        assertThat(listed().verified()).isTrue();
        assertThat(listed().keptBecause()).containsExactly(KeptBecause.DAMAGED_RECORD);
        directory
                .retention()
                .explain(all -> new RetentionPolicy(1, 1).decide(all).kept());
        directory.close();
        directory = SnapshotDirectory.open(path, 0L);
        assertThat(directory.list().getFirst().keptBecause()).contains(KeptBecause.DAMAGED_RECORD);
    }

    @Test
    void adoptingASecondTimeDoesNotLoseTheDamagedRecord() throws IOException {
        Files.writeString(record, "damaged");
        directory.adopt(listed().withFound(new StoredFile(SAMPLE.size(), "abc"), null, new Checked(null, CHECKED)));
        directory.adopt(listed().withFound(new StoredFile(SAMPLE.size(), "def"), null, new Checked(null, CHECKED)));
        assertThat(path.resolve(SAMPLE.name().damagedRecordFile())).hasContent("damaged");
        assertThat(listed().sha256()).isEqualTo("def");
    }

    @ParameterizedTest
    @ValueSource(booleans = {true, false})
    void pinningOrUnpinningSettlesADamagedRecord(boolean pinned) throws IOException {
        Files.writeString(record, "damaged");
        directory.adopt(listed().withFound(new StoredFile(SAMPLE.size(), "abc"), null, new Checked(null, CHECKED)));
        var answer = directory.pin(SAMPLE.name(), pinned);
        assertThat(answer).isEqualTo(listed());
        assertThat(listed().pinned()).isEqualTo(pinned);
        assertThat(listed().keptBecause()).isEmpty();
        assertThat(Sample.files(path)).hasSize(4);
    }

    @Test
    void deletingSettlesADamagedRecordToo() throws IOException {
        Files.writeString(record, "damaged");
        directory.adopt(listed().withFound(new StoredFile(SAMPLE.size(), "abc"), null, new Checked(null, CHECKED)));
        directory.delete(SAMPLE.name());
        assertThat(directory.list()).containsExactly(OLDER.snapshot());
        assertThat(Sample.files(path)).hasSize(2);
    }

    @Test
    void aPinGivenWhileTheFileIsLookedAtOutlastsTheAdoption() throws IOException {
        Files.delete(record);
        var found = listed().withFound(new StoredFile(SAMPLE.size(), "abc"), null, new Checked(null, CHECKED));
        directory.pin(SAMPLE.name(), true);
        directory.adopt(found);
        assertThat(listed().pinned()).isTrue();
        assertThat(listed().verified()).isTrue();
    }

    @Test
    void aCopyNotedWhileTheFileIsLookedAtOutlastsTheAdoption() {
        var found = listed().withFound(new StoredFile(SAMPLE.size(), "abc"), null, new Checked(null, CHECKED));

        assertThat(directory.note(SAMPLE.name(), COPY))
                .hasValueSatisfying(noted -> assertThat(noted).isEqualTo(listed()));
        directory.adopt(found);

        assertThat(listed().copies()).containsExactly(COPY);
        assertThat(listed().sha256()).isEqualTo("abc");
    }

    @Test
    void aDrillNotedWhileTheFileIsLookedAtOutlastsTheAdoptionUnlessTheFileIsAnother() {
        var same = listed().withFound(listed().file(), null, new Checked(null, CHECKED));
        var other = listed().withFound(new StoredFile(SAMPLE.size(), "abc"), null, new Checked(null, CHECKED));

        assertThat(directory.note(SAMPLE.name(), DRILL))
                .hasValueSatisfying(noted -> assertThat(noted).isEqualTo(listed()));
        directory.adopt(same);
        assertThat(listed().drill()).isEqualTo(DRILL);
        directory.adopt(other);
        assertThat(listed().drill()).isNull();
    }

    @Test
    void aDrillOutlastsWhateverElseChangesInTheRecord() {
        directory.note(SAMPLE.name(), DRILL);
        directory.pin(SAMPLE.name(), true);
        directory.note(SAMPLE.name(), COPY);
        directory
                .retention()
                .explain(all -> new RetentionPolicy(1, 1).decide(all).kept());

        assertThat(listed().drill()).isEqualTo(DRILL);
        assertThat(listed().copies()).containsExactly(COPY);
        assertThat(listed().keptBecause()).isNotEmpty();
    }

    @Test
    void aCopyOfASnapshotThatIsGoneOrHasNoSoundRecordIsNotNotedAndBreaksNothing() throws IOException {
        Files.writeString(record, "damaged");

        assertThat(directory.note(SAMPLE.name(), COPY)).isEmpty();
        assertThat(record).hasContent("damaged");

        directory.setCorrupt(SAMPLE.name());
        assertThat(directory.note(SAMPLE.name(), COPY)).isEmpty();
        directory.delete(OLDER.name());
        assertThat(directory.note(OLDER.name(), COPY)).isEmpty();
        assertThat(directory.list()).isEmpty();
        assertThat(Sample.files(path))
                .containsExactlyInAnyOrder(
                        SAMPLE.name().corruptFile(), SAMPLE.name().corruptRecordFile());
    }

    @Test
    void aFileThatGrowsWhileItIsLookedAtIsNotAdopted() throws IOException {
        Files.delete(record);
        var found = listed().withFound(new StoredFile(SAMPLE.size(), "abc"), null, new Checked(null, CHECKED));
        Files.write(directory.file(SAMPLE.name()), new byte[100]);
        assertThatExceptionOfType(DirectoryFailure.class)
                .isThrownBy(() -> directory.adopt(found))
                .withMessageContaining(": it has 100 bytes, and had 64 when it was looked at (");
        assertThat(listed().keptBecause())
                .as("it is not taken for damaged later")
                .isEmpty();
        assertThat(record).doesNotExist();
    }

    @Test
    void pinningChangesNothingElse() {
        assertThat(directory.pin(SAMPLE.name(), true)).isEqualTo(SAMPLE.pin().snapshot());
        assertThat(listed()).isEqualTo(SAMPLE.pin().snapshot());
        assertThat(directory.pin(SAMPLE.name(), false)).isEqualTo(SAMPLE.snapshot());
        assertThat(listed()).isEqualTo(SAMPLE.snapshot());
    }

    @Test
    void thePinOutlastsARestart() {
        directory.pin(SAMPLE.name(), true);
        directory.close();
        directory = SnapshotDirectory.open(path, 0L);
        assertThat(listed().pinned()).isTrue();
    }

    @Test
    void theReasonsOfRetentionAreRecordedWhereTheyHaveChanged() {
        var reasons = List.of(KeptBecause.NEWEST, KeptBecause.LATEST);
        directory.retention().explain(_ -> List.of(SAMPLE.snapshot().withKeptBecause(reasons)));
        assertThat(listed()).isEqualTo(SAMPLE.snapshot().withKeptBecause(reasons));
        disk.script((number, step) -> {});
        directory.retention().explain(_ -> List.of(SAMPLE.snapshot().withKeptBecause(reasons)));
        assertThat(disk.steps()).as("nothing has changed").isEmpty();
    }

    @Test
    void explainingRecordsNothingElseOfWhatItIsGiven() {
        directory.pin(SAMPLE.name(), true);
        directory.retention().explain(_ -> List.of(SAMPLE.snapshot().withKeptBecause(List.of(KeptBecause.NEWEST))));
        assertThat(listed().pinned()).isTrue();
    }

    @Test
    void explainingDoesNotGiveARecordToAFileThatNobodyLookedAt() throws IOException {
        Files.delete(record);
        directory
                .retention()
                .explain(_ -> List.of(
                        listed().withKeptBecause(List.of(KeptBecause.NEWEST)),
                        Sample.at(9).held(KeptBecause.NEWEST).snapshot()));
        assertThat(Sample.files(path)).hasSize(3);
    }

    @Test
    void aRottenFileIsSetAsideWithItsRecordAndCounted() throws IOException {
        directory.setCorrupt(SAMPLE.name());
        assertThat(directory.list()).containsExactly(OLDER.snapshot());
        assertThat(directory.movements().corrupt()).isEqualTo(1);
        assertThat(Sample.files(path))
                .contains(SAMPLE.name().corruptFile(), SAMPLE.name().corruptRecordFile())
                .hasSize(4);
        assertThat(path.resolve(SAMPLE.name().corruptFile())).hasSize(64);
    }

    @Test
    void aFileWithoutARecordIsSetAsideToo() throws IOException {
        Files.delete(record);
        directory.setCorrupt(SAMPLE.name());
        assertThat(directory.list()).containsExactly(OLDER.snapshot());
        assertThat(Sample.files(path)).contains(SAMPLE.name().corruptFile()).hasSize(3);
    }

    @Test
    void settingAsideReplacesNothing() throws IOException {
        Files.writeString(path.resolve(SAMPLE.name().corruptFile()), "older");
        assertThatExceptionOfType(DirectoryFailure.class)
                .isThrownBy(() -> directory.setCorrupt(SAMPLE.name()))
                .satisfies(refused -> assertThat(refused.reason()).isEqualTo(DirectoryFailure.Reason.EXISTS));
        assertThat(path.resolve(SAMPLE.name().corruptFile())).hasContent("older");
        assertThat(listed()).isEqualTo(SAMPLE.snapshot());
    }

    @Test
    void onlySnapshotsSetAsideAreCountedAsCorrupt() throws IOException {
        Files.createFile(path.resolve("foreign.db.corrupt"));
        Files.createFile(path.resolve("otherix-20261306T000000Z.db.corrupt"));
        Files.createFile(path.resolve(SAMPLE.name().corruptRecordFile()));
        assertThat(directory.movements().corrupt()).isZero();
        Files.createFile(path.resolve(SAMPLE.name().corruptFile()));
        assertThat(directory.movements().corrupt()).isEqualTo(1);
    }

    @Test
    void aDeleteRemovesTheFileForGoodBeforeItsRecord() {
        disk.script((number, step) -> {});
        directory.delete(SAMPLE.name());
        assertThat(disk.steps())
                .containsExactly(
                        "delete " + SAMPLE.name(),
                        "sync directory",
                        "delete " + SAMPLE.name().recordFile(),
                        "delete " + SAMPLE.name().damagedRecordFile());
        assertThat(directory.list()).containsExactly(OLDER.snapshot());
    }
}
