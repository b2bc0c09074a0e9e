package dev.otherix.backup.snapshot;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.FileTime;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Random;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.stream.IntStream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** What is listed, in which order, what counts as foreign, and the name of the next snapshot. */
class ListingTests {

    private static final Instant NOW = Instant.parse("2026-06-06T03:15:00.7Z");
    private static final SnapshotName NOW_NAME = Sample.name("20260606T031500Z");

    @TempDir
    private Path path;

    private Runnable betweenListingAndLooking = () -> {};
    private boolean refuseDeletion;
    private final Disk disk = new Disk() {
        @Override
        List<String> list(Path directory) throws IOException {
            var names = super.list(directory);
            var then = betweenListingAndLooking;
            betweenListingAndLooking = () -> {};
            then.run();
            return names;
        }

        @Override
        boolean deleteIfThere(Path file) throws IOException {
            if (refuseDeletion) {
                throw new IOException("refused on purpose");
            }
            return super.deleteIfThere(file);
        }
    };
    private SnapshotDirectory directory;

    @BeforeEach
    void open() {
        directory = SnapshotDirectory.open(path, 0L, disk);
    }

    @AfterEach
    void close() {
        directory.close();
    }

    private void reopen() {
        directory.close();
        directory = SnapshotDirectory.open(path, 0L, disk);
    }

    @Test
    void theNewestIsFirstWhateverTheOrderOfTheirMaking() {
        var minutes = new ArrayList<>(IntStream.range(0, 30).boxed().toList());
        Collections.shuffle(minutes, new Random(3));
        minutes.forEach(minute -> Sample.at(minute).commitTo(directory));
        assertThat(directory.list())
                .extracting(Snapshot::name)
                .containsExactlyElementsOf(IntStream.range(0, 30)
                        .map(i -> 29 - i)
                        .mapToObj(Sample::minute)
                        .toList());
    }

    @Test
    void theLatestIsTheNewestVerifiedOne() throws IOException {
        Sample.at(1).commitTo(directory);
        Sample.at(2).commitTo(directory);
        Sample.at(3).putFile(path);
        assertThat(directory.latest()).contains(Sample.at(2).snapshot());
    }

    @Test
    void aSnapshotThatIsNotThereIsNotFound() {
        Sample.at(1).commitTo(directory);
        assertThat(directory.find(Sample.minute(2))).isEmpty();
    }

    @Test
    void aQuietDirectoryIsNotListedAgainUntilANameComesOrGoes() throws IOException {
        var listings = new AtomicInteger();
        var counting = new Disk() {
            @Override
            List<String> list(Path directory) throws IOException {
                listings.incrementAndGet();
                return super.list(directory);
            }
        };
        var inventory = new Inventory(path, new RecordFiles(path, counting), counting);
        Sample.at(1).commitTo(directory);
        Files.setLastModifiedTime(path, FileTime.from(Instant.now().minusSeconds(60)));
        for (int i = 0; i < 3; i++) {
            assertThat(inventory.list()).hasSize(1);
            assertThat(inventory.find(Sample.minute(1))).isPresent();
            assertThat(inventory.newestName()).contains(Sample.minute(1));
        }
        assertThat(listings).hasValue(1);
        Files.write(path.resolve(Sample.minute(1).recordFile()), new byte[0]);
        assertThat(inventory.list())
                .as("what a file holds is read all the same")
                .noneMatch(Snapshot::verified);
        Sample.at(2).putFile(path);
        assertThat(inventory.list()).hasSize(2);
        Files.setLastModifiedTime(path, FileTime.from(Instant.now().minusSeconds(50)));
        assertThat(inventory.list()).hasSize(2);
        Files.delete(path.resolve(Sample.minute(2).toString()));
        assertThat(inventory.list()).hasSize(1);
    }

    @Test
    void aNameThatComesWithinOneTickOfTheFileSystemsClockIsListed() throws IOException {
        var tick = FileTime.from(Instant.now());
        var standing = new Disk() {
            @Override
            FileTime modified(Path directory) {
                return tick;
            }
        };
        var inventory = new Inventory(path, new RecordFiles(path, standing), standing);
        Sample.at(1).putFile(path);
        assertThat(inventory.list()).hasSize(1);
        Sample.at(2).putFile(path);
        assertThat(inventory.list()).hasSize(2);
    }

    @Test
    void onlyTheRecordsOfThoseThatAreReachedAreRead() {
        var read = new ArrayList<String>();
        var telling = new Disk() {
            @Override
            byte[] readUpTo(int bytes, Path file) throws IOException {
                read.add(file.getFileName().toString());
                return super.readUpTo(bytes, file);
            }
        };
        IntStream.range(0, 9).forEach(minute -> Sample.at(minute).commitTo(directory));
        var inventory = new Inventory(path, new RecordFiles(path, telling), telling);
        assertThat(inventory.newestFirst(Sample.minute(5)).limit(2))
                .extracting(Snapshot::name)
                .containsExactly(Sample.minute(4), Sample.minute(3));
        assertThat(inventory.find(Sample.minute(7))).isPresent();
        assertThat(read)
                .containsExactly(
                        Sample.minute(4).recordFile(),
                        Sample.minute(3).recordFile(),
                        Sample.minute(7).recordFile());
        assertThat(inventory.newestFirst(Sample.minute(0))).isEmpty();
        assertThat(inventory.newestFirst(Sample.minute(100)).count()).isEqualTo(9);
    }

    @Test
    void aFileIsListedAsLongAsItIsThere() throws IOException {
        Sample.at(1).commitTo(directory);
        Files.delete(directory.file(Sample.minute(1)));
        assertThat(directory.list()).isEmpty();
    }

    @Test
    void aSnapshotDeletedWhileItIsListedIsNotShownAsDamaged() {
        Sample.at(1).commitTo(directory);
        Sample.at(2).commitTo(directory);
        betweenListingAndLooking = () -> directory.delete(Sample.minute(2));
        assertThat(directory.list()).containsExactly(Sample.at(1).snapshot());
    }

    @Test
    void aSnapshotDeletedInTheMiddleOfALookIsNotShownAsDamaged() {
        Sample.at(1).commitTo(directory);
        var deleting = new Disk() {
            @Override
            byte[] readUpTo(int bytes, Path file) throws IOException {
                Files.delete(path.resolve(Sample.minute(1).toString()));
                Files.delete(file);
                return super.readUpTo(bytes, file);
            }
        };
        assertThat(new Inventory(path, new RecordFiles(path, deleting), deleting).list())
                .isEmpty();
    }

    @Test
    void aSnapshotCommittedWhileTheDirectoryIsListedIsNeverShownWithoutItsRecord() {
        Sample.at(1).commitTo(directory);
        var missedTheRecord = new Disk() {
            @Override
            List<String> list(Path directory) {
                return List.of(Sample.minute(1).toString());
            }
        };
        assertThat(new Inventory(path, new RecordFiles(path, missedTheRecord), missedTheRecord).list())
                .containsExactly(Sample.at(1).snapshot());
    }

    @Test
    void aDamagedRecordSetAsideWhileItIsListedStillHoldsItsSnapshot() throws IOException {
        Sample.at(1).putFile(path);
        Files.writeString(path.resolve(Sample.minute(1).recordFile()), "damaged");
        betweenListingAndLooking = () -> directory.adopt(Sample.at(1).snapshot());
        assertThat(directory.list())
                .containsExactly(Sample.at(1).held(KeptBecause.DAMAGED_RECORD).snapshot());
    }

    @Test
    void whatThisProcessDeletesOrSetsAsideIsRemovedAndHasNotVanished() {
        for (int minute = 1; minute <= 3; minute++) {
            Sample.at(minute).commitTo(directory);
        }
        directory.list();
        directory.delete(Sample.minute(1));
        directory.setCorrupt(Sample.minute(2));
        betweenListingAndLooking = () -> directory.delete(Sample.minute(3));
        directory.list();
        assertThat(directory.movements().removed()).isEqualTo(3);
        assertThat(directory.movements().vanished()).isZero();
    }

    @Test
    void whatGoesWithoutThisProcessHasVanished() throws IOException {
        Sample.at(1).commitTo(directory);
        Sample.at(2).commitTo(directory);
        directory.list();
        Files.delete(path.resolve(Sample.minute(1).toString()));
        Files.move(path.resolve(Sample.minute(2).toString()), path.resolve("elsewhere.db"));
        directory.list();
        directory.list();
        assertThat(directory.movements().vanished()).isEqualTo(2);
        directory.delete(Sample.minute(1));
        directory.list();
        assertThat(directory.movements().vanished()).isEqualTo(2);
        assertThat(directory.movements().removed()).isZero();
        reopen();
        assertThat(directory.movements().vanished())
                .as("nobody knows what was there before the start")
                .isZero();
    }

    @Test
    void whatThisProcessCouldNotDeleteAndSomebodyElseDidHasVanished() throws IOException {
        Sample.at(1).commitTo(directory);
        directory.list();
        refuseDeletion = true;
        assertThatExceptionOfType(DirectoryFailure.class).isThrownBy(() -> directory.delete(Sample.minute(1)));
        directory.list();
        assertThat(directory.movements().removed() + directory.movements().vanished())
                .isZero();
        Files.delete(path.resolve(Sample.minute(1).toString()));
        directory.list();
        assertThat(directory.movements().vanished()).isOne();
        assertThat(directory.movements().removed()).isZero();
    }

    @Test
    void aFileThatWasThereAtStartIsNotForeign() throws IOException {
        Sample.at(1).putFile(path);
        reopen();
        directory.list();
        assertThat(directory.movements().foreignArrival()).isEmpty();
    }

    @Test
    void whatThisProcessMakesPinsAndDeletesIsNotForeign() {
        var name = Sample.at(1).commitTo(directory).name();
        directory.pin(name, true);
        directory.delete(name);
        directory.list();
        assertThat(directory.movements().foreignArrival()).isEmpty();
    }

    @Test
    void theFirstFileOfSomebodyElseUnderASnapshotsNameIsToldForEver() throws IOException {
        Files.createFile(path.resolve("otherix-20260606T031500Z.db.tmp"));
        Files.createDirectory(path.resolve(Sample.minute(7).toString()));
        directory.list();
        assertThat(directory.movements().foreignArrival())
                .as("no file under a snapshot's name")
                .isEmpty();
        var first = Sample.at(5).putFile(path);
        directory.list();
        Sample.at(3).putFile(path);
        directory.list();
        Files.delete(first);
        directory.list();
        assertThat(directory.movements().foreignArrival()).contains(Sample.minute(5));
        reopen();
        assertThat(directory.movements().foreignArrival())
                .as("after a restart it was there before")
                .isEmpty();
    }

    @Test
    void theNameOfARunIsItsSecond() {
        assertThat(directory.nextName(NOW)).isEqualTo(NOW_NAME);
        Sample.of(Sample.name("20260606T031459Z")).commitTo(directory);
        assertThat(directory.nextName(NOW)).isEqualTo(NOW_NAME);
    }

    @Test
    void namesAscendWhileTheClockStands() {
        for (int i = 0; i < 5; i++) {
            var name = directory.nextName(NOW);
            assertThat(name.second()).isEqualTo(NOW_NAME.second().plusSeconds(i));
            Sample.of(name).commitTo(directory);
        }
        assertThat(directory.list()).hasSize(5).allMatch(Snapshot::verified);
    }

    @Test
    void namesAscendWhenTheClockStepsBack() {
        Sample.of(NOW_NAME).commitTo(directory);
        assertThat(directory.nextName(NOW.minusSeconds(86_400))).isEqualTo(NOW_NAME.next());
    }

    @Test
    void aNameIsOneSecondPastAFileFromTheFuture() throws IOException {
        Sample.of(Sample.name("20991231T235959Z")).putFile(path);
        assertThat(directory.nextName(NOW)).isEqualTo(Sample.name("21000101T000000Z"));
        assertThat(directory.list()).extracting(Snapshot::name).containsExactly(Sample.name("20991231T235959Z"));
    }

    @ParameterizedTest
    @ValueSource(strings = {".db.corrupt", ".db.rejected", ".json.corrupt", ".json.damaged", ".json", ".db.tmp", ".db"})
    void aNameThatWasEverUsedIsNotUsedAgain(String suffix) throws IOException {
        Files.createFile(path.resolve("otherix-20260606T031505Z" + suffix));
        assertThat(directory.nextName(NOW)).isEqualTo(Sample.name("20260606T031506Z"));
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "OTHERIX-20260606T031505Z.db",
                "otherix-20261306T031505Z.db",
                "otherix-20260606T031505Z",
                "20260606T031505Z.db",
                "x.otherix-20260606T031505Z.db"
            })
    void aForeignNameDoesNotMoveOurs(String foreign) throws IOException {
        Files.createFile(path.resolve(foreign));
        assertThat(directory.nextName(NOW)).isEqualTo(NOW_NAME);
    }

    @Test
    void afterTheLastNameThatThereIsARunFailsWithARemedy() throws IOException {
        Sample.of(Sample.name("99991231T235959Z")).putFile(path);
        assertThatExceptionOfType(DirectoryFailure.class)
                .isThrownBy(() -> directory.nextName(NOW))
                .withMessage("no name is left after otherix-99991231T235959Z.db in the snapshot directory;"
                        + " remove that file or give it another name (directory " + path + ")");
    }

    @Test
    void theTimeOfAFileIsTheFileSystems() throws IOException {
        var file = Sample.at(1).putFile(path);
        var time = Instant.parse("2026-05-05T05:05:05Z");
        Files.setLastModifiedTime(file, FileTime.from(time));
        assertThat(directory.modifiedAt(Sample.minute(1))).isEqualTo(time);
    }

    @Test
    void hundredsOfOddEntriesDoNotConfuseTheList() throws IOException {
        Sample.at(1).commitTo(directory);
        for (int i = 0; i < 500; i++) {
            Files.createFile(path.resolve("otherix-odd-" + i + ".db"));
        }
        reopen();
        assertThat(directory.list()).containsExactly(Sample.at(1).snapshot());
    }
}
