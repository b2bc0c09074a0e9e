package dev.otherix.backup.check;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import dev.otherix.backup.job.Retention;
import dev.otherix.backup.job.SampleFile;
import dev.otherix.backup.job.SettableClock;
import dev.otherix.backup.snapshot.KeptBecause;
import dev.otherix.backup.snapshot.RetentionPolicy;
import dev.otherix.backup.snapshot.Snapshot;
import dev.otherix.backup.snapshot.SnapshotDirectory;
import dev.otherix.backup.snapshot.SnapshotName;
import dev.otherix.backup.snapshot.Verification.Check;
import dev.otherix.backup.snapshot.Verification.Outcome;
import dev.otherix.backup.snapshot.Verification.State;
import dev.otherix.backup.task.End;
import dev.otherix.backup.task.TaskFailure;
import dev.otherix.backup.task.TaskList;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Files that came another way are checked and recorded; those that are there are checked again. */
class InspectionTests {

    private static final SnapshotName NAME =
            SnapshotName.parse("otherix-20260606T031500Z.db").orElseThrow();
    private static final SnapshotName LATER =
            SnapshotName.parse("otherix-20260607T031500Z.db").orElseThrow();
    private static final Duration DAY = Duration.ofHours(24);

    @TempDir
    private Path temporary;

    private final SettableClock clock = new SettableClock("2026-06-10T12:00:00Z");
    private final List<Check> told = new CopyOnWriteArrayList<>();
    private SnapshotDirectory directory;
    private Inspections inspections;
    private volatile boolean diskBusy;

    @BeforeEach
    void open() {
        directory = SnapshotDirectory.open(temporary.resolve("snapshots"), 0L);
        inspections = inspections(new RetentionPolicy(7, 7), DAY);
    }

    private Inspections inspections(RetentionPolicy policy, Duration againEvery) {
        var files = new FileCheck(new CaCheck(new ClusterCaProperties(temporary.resolve("no-ca.crt"))), clock);
        files.listen(told::add);
        var inspection = new Inspection(directory, files, new Retention(policy, directory)::explain, clock);
        return new Inspections(
                directory,
                inspection,
                new DueInspection(directory, inspection, againEvery, () -> diskBusy, clock),
                new TaskList(),
                clock);
    }

    @AfterEach
    void close() {
        inspections.close();
        directory.close();
    }

    /** Looks at all that is due. */
    private int look() {
        var before = looks();
        inspections.look();
        await().until(inspections::idle);
        return (int) (looks() - before);
    }

    private long looks() {
        return told.stream().filter(check -> check.name().equals(Check.FOOTER)).count();
    }

    private void put(SnapshotName name, byte[] content) throws IOException {
        Files.write(directory.path().resolve(name.toString()), content);
    }

    /** Asks for a look, and looks at that and at all that is due. */
    private End<Snapshot> asked(SnapshotName name) {
        var end = End.of(inspections.request(name));
        await().until(inspections::idle);
        return end;
    }

    private Snapshot only() {
        assertThat(directory.list()).hasSize(1);
        return directory.list().getFirst();
    }

    private Path corrupt(SnapshotName name) {
        return directory.path().resolve(name + ".corrupt");
    }

    @Test
    void aGoodFileWithoutARecordIsCheckedAndRecordedWithWhatItHolds() throws IOException {
        put(NAME, SampleFile.good());

        assertThat(look()).isEqualTo(1);

        assertThat(only().verified()).isTrue();
        assertThat(only().trigger()).isNull();
        assertThat(only().etcd()).isNull();
        assertThat(only().createdAt()).isEqualTo(NAME.second());
        assertThat(only().keptBecause()).containsExactly(KeptBecause.NEWEST, KeptBecause.LATEST);
        assertThat(only().sha256()).hasSize(64);
        assertThat(only().revision()).isEqualTo(2);
        assertThat(only().content().compactRevision()).isEqualTo(-1);
        assertThat(only().liveKeys()).isEqualTo(1);
        assertThat(only().content().totalEntries()).isEqualTo(11);
        assertThat(only().content().hashKv()).isEqualTo(SampleFile.HASH_KV);
        assertThat(directory.path().resolve("otherix-20260606T031500Z.json")).exists();
    }

    @Test
    void eachCheckIsRecordedWithItsOutcomeAndTime() throws IOException {
        put(NAME, SampleFile.good());

        look();

        var checks = only().verification().checks();
        assertThat(checks).extracting(Check::name).isEqualTo(Check.NAMES);
        assertThat(checks)
                .extracting(Check::outcome)
                .containsExactly(Outcome.PASSED, Outcome.PASSED, Outcome.PASSED, Outcome.SKIPPED, Outcome.SKIPPED);
        assertThat(checks).extracting(Check::checkedAt).containsOnly(clock.instant());
        assertThat(checks.subList(0, 3))
                .allSatisfy(check -> assertThat(check.seconds()).isNotNull());
        assertThat(checks.subList(3, 5))
                .allSatisfy(check -> assertThat(check.detail()).isNotNull());
        assertThat(told).extracting(Check::name).containsExactly("footer", "pages", "rows", "ca");
    }

    @Test
    void aFileWithABrokenPageIsBadThoughItsFooterFits() throws IOException {
        put(NAME, SampleFile.withABrokenPage());

        look();

        assertThat(only().verified()).isFalse();
        assertThat(told)
                .filteredOn(check -> check.name().equals("footer"))
                .extracting(Check::outcome)
                .containsExactly(Outcome.PASSED);
        assertThat(told)
                .filteredOn(check -> check.name().equals("pages"))
                .extracting(Check::outcome)
                .containsExactly(Outcome.FAILED);
    }

    @Test
    void aBadFileLosesItsNameOnlyAfterASecondLookAMinuteLater() throws IOException {
        var bad = SampleFile.withAnotherBit();
        put(NAME, bad);

        look();
        clock.advance(Duration.ofSeconds(59));
        assertThat(look()).isZero();
        assertThat(only().verified()).isFalse();

        clock.advance(Duration.ofSeconds(1));
        look();
        assertThat(directory.list()).isEmpty();
        assertThat(corrupt(NAME)).hasBinaryContent(bad);
        assertThat(directory.path().resolve("otherix-20260606T031500Z.json.corrupt"))
                .content()
                .contains("\"failed\"", "footer");
        assertThat(directory.movements().corrupt()).isEqualTo(1);
    }

    @Test
    void aFileThatIsStillBeingCopiedKeepsItsName() throws IOException {
        var whole = SampleFile.good();
        put(NAME, Arrays.copyOf(whole, 5000));
        look();
        clock.advance(Duration.ofMinutes(1));
        put(NAME, Arrays.copyOf(whole, 9000));
        look();
        assertThat(only().verified()).isFalse();

        clock.advance(Duration.ofMinutes(1));
        put(NAME, whole);
        look();

        assertThat(only().verified()).isTrue();
    }

    @Test
    void aDamagedRecordIsKeptAsideAndItsSnapshotHeldUntilAPersonDecides() throws IOException {
        put(NAME, SampleFile.good());
        Files.writeString(directory.path().resolve("otherix-20260606T031500Z.json"), "{ half a rec");

        look();

        assertThat(only().verified()).isTrue();
        assertThat(only().keptBecause()).contains(KeptBecause.DAMAGED_RECORD);
        assertThat(directory.path().resolve("otherix-20260606T031500Z.json.damaged"))
                .hasContent("{ half a rec");

        directory.pin(NAME, false);
        assertThat(only().keptBecause()).doesNotContain(KeptBecause.DAMAGED_RECORD);
    }

    @Test
    void aRecordOfAnotherSizeThanItsFileDoesNotCount() throws IOException {
        put(NAME, SampleFile.good());
        look();
        put(NAME, Arrays.copyOf(SampleFile.good(), 9000));
        assertThat(only().verified()).isFalse();
    }

    @Test
    void aHistoryThatWentBackIsSeenOnceTheFilesAreRead() throws IOException {
        put(NAME, SampleFile.another());
        put(LATER, SampleFile.good());

        look();

        assertThat(directory.list()).extracting(Snapshot::revision).containsExactly(2L, 14L);
        assertThat(directory.list()).extracting(Snapshot::lineage).containsExactly(LATER, NAME);
        assertThat(directory.list().getLast().keptBecause()).contains(KeptBecause.LINEAGE);
    }

    @Test
    void aPinnedFileThatNobodyHasLookedAtIsCheckedToo() throws IOException {
        put(NAME, SampleFile.good());
        directory.pin(NAME, true);
        assertThat(only().verified()).isFalse();

        look();

        assertThat(only().verified()).isTrue();
        assertThat(only().pinned()).isTrue();
        assertThat(only().keptBecause()).contains(KeptBecause.PINNED).doesNotContain(KeptBecause.DAMAGED_RECORD);
    }

    @Test
    void aMissingDirectoryStopsNothing() throws IOException {
        put(NAME, SampleFile.good());
        Files.move(directory.path(), temporary.resolve("away"));

        look();

        Files.move(temporary.resolve("away"), directory.path());
        look();
        assertThat(only().verified()).isTrue();
    }

    @Test
    void theNewestIsLookedAtAgainWhenItsTimeHasComeAndNotBefore() throws IOException {
        put(NAME, SampleFile.good());
        look();
        var first = clock.instant();

        clock.advance(DAY.minusSeconds(1));
        assertThat(look()).isZero();
        clock.advance(Duration.ofSeconds(1));
        assertThat(look()).isEqualTo(1);

        assertThat(only().verification().checkedAt()).isEqualTo(first.plus(DAY));
        assertThat(only().verified()).isTrue();
    }

    @Test
    void newestPinnedAndHeldOnesAreLookedAtAgainLongestAgoFirstAndTheOthersAreNot() throws IOException {
        var names = new ArrayList<SnapshotName>();
        for (int day = 1; day <= 5; day++) {
            names.add(
                    SnapshotName.parse("otherix-2026060" + day + "T000000Z.db").orElseThrow());
        }
        put(names.get(0), SampleFile.another());
        for (var name : names.subList(1, 5)) {
            put(name, SampleFile.good());
        }
        directory.pin(names.get(2), true);
        look();
        clock.advance(Duration.ofHours(1));
        asked(names.get(0));
        clock.advance(DAY);
        told.clear();

        assertThat(look()).isEqualTo(3);

        assertThat(directory.list().reversed())
                .extracting(snapshot -> snapshot.verification().checkedAt().equals(clock.instant()))
                .as("an earlier lineage, a pinned one, the newest")
                .containsExactly(true, false, true, false, true);
    }

    @Test
    void noLookAgainIsBegunDuringARunOrWhereItIsOff() throws IOException {
        put(NAME, SampleFile.good());
        look();
        clock.advance(DAY);
        diskBusy = true;
        assertThat(look()).isZero();
        diskBusy = false;
        inspections = inspections(new RetentionPolicy(7, 7), Duration.ZERO);
        assertThat(look()).isZero();
        inspections = inspections(new RetentionPolicy(7, 7), DAY);
        assertThat(look()).isEqualTo(1);
    }

    @Test
    void aFileThatHasRottenLosesItsNameAfterASecondLook() throws IOException {
        put(NAME, SampleFile.good());
        put(LATER, SampleFile.good());
        look();
        var modified = Files.getLastModifiedTime(directory.path().resolve(LATER.toString()));
        put(LATER, SampleFile.withABrokenPage());
        Files.setLastModifiedTime(directory.path().resolve(LATER.toString()), modified);
        clock.advance(DAY);

        look();
        assertThat(directory.latest())
                .as("one look is not enough")
                .map(Snapshot::name)
                .contains(LATER);
        clock.advance(Duration.ofMinutes(1));
        look();

        assertThat(directory.latest()).map(Snapshot::name).contains(NAME);
        assertThat(directory.list()).hasSize(1);
        assertThat(corrupt(LATER)).hasBinaryContent(SampleFile.withABrokenPage());
    }

    @Test
    void aFileThatIsGoodTheSecondTimeKeepsItsName() throws IOException {
        put(NAME, SampleFile.good());
        look();
        put(NAME, SampleFile.withAnotherBit());
        clock.advance(DAY);
        look();
        clock.advance(Duration.ofMinutes(1));
        put(NAME, SampleFile.good());

        assertThat(look()).isEqualTo(1);

        assertThat(only().verified()).isTrue();
        assertThat(only().verification().state()).isEqualTo(State.VERIFIED);
        clock.advance(Duration.ofMinutes(2));
        assertThat(look()).isZero();
    }

    @Test
    void anotherGoodFileUnderTheNameIsNotTheOneThatWasRecorded() throws IOException {
        put(NAME, SampleFile.good());
        look();
        put(NAME, SampleFile.another());

        var error = asked(NAME).error();

        assertThat(error.code()).isEqualTo(TaskFailure.Code.VERIFICATION_FAILED);
        assertThat(error.message()).contains("SHA-256");
        assertThat(only().revision()).isEqualTo(2);
    }

    @Test
    void aRecordThatTellsOtherFactsIsCorrectedFromTheFile() throws IOException {
        put(NAME, SampleFile.good());
        look();
        var record = directory.path().resolve("otherix-20260606T031500Z.json");
        Files.writeString(record, Files.readString(record).replaceFirst("\"live_keys\" : 1", "\"live_keys\" : 77"));
        assertThat(only().liveKeys()).isEqualTo(77);

        var state = asked(NAME);

        assertThat(state.succeeded()).isTrue();
        assertThat(only().liveKeys()).isEqualTo(1);
    }

    @Test
    void whoAsksIsToldTheRecordOrEveryFinding() throws IOException {
        put(NAME, SampleFile.good());
        look();
        clock.advance(Duration.ofHours(1));

        var before = looks();
        var good = inspections.request(NAME);
        assertThat(good.type()).isEqualTo("snapshot.verify");
        assertThat(good.subject()).contains(NAME.toString());
        assertThat(End.of(good).result()).isEqualTo(only());
        assertThat(looks()).isEqualTo(before + 1);
        assertThat(only().verification().checkedAt()).isEqualTo(clock.instant());
        assertThat(good.progress().phase()).isEqualTo("verify");
        assertThat(good.progress().bytes())
                .isEqualTo(good.progress().expectedBytes())
                .isEqualTo(SampleFile.good().length);

        put(NAME, SampleFile.withAnotherBit());
        var bad = asked(NAME).error();
        assertThat(bad.code()).isEqualTo(TaskFailure.Code.VERIFICATION_FAILED);
        assertThat((List<?>) bad.details().get("findings")).isNotEmpty();
        assertThat(bad.message()).contains(NAME.toString(), "footer");
    }

    @Test
    void askingTwiceAtOnceTakesNoNameAwayAndAskingAMinuteLaterDoes() throws IOException {
        put(NAME, SampleFile.good());
        look();
        put(NAME, SampleFile.withAnotherBit());
        asked(NAME);
        asked(NAME);
        assertThat(only().verified()).isTrue();

        clock.advance(Duration.ofMinutes(1));
        var last = asked(NAME).error();

        assertThat(last.message()).contains("renamed to " + NAME + ".corrupt");
        assertThat(directory.list()).isEmpty();
        assertThat(corrupt(NAME)).exists();
    }

    @Test
    void whatIsAskedForAndWhatIsDueIsLookedAtWithoutFurtherAdo() throws IOException {
        put(NAME, SampleFile.good());
        inspections.look();
        await().until(() -> only().verified());
        assertThat(End.of(inspections.request(NAME)).result()).isEqualTo(only());
    }

    @Test
    void aSnapshotThatIsGoneAndAServiceThatStopsAreToldSo() throws IOException {
        assertThat(asked(NAME).error().code()).isEqualTo(TaskFailure.Code.NOT_FOUND);

        inspections.close();

        assertThat(End.of(inspections.request(NAME)).error().code()).isEqualTo(TaskFailure.Code.SHUTTING_DOWN);
    }
}
