package dev.otherix.backup.snapshot;

import static dev.otherix.backup.snapshot.KeptBecause.DAMAGED_RECORD;
import static dev.otherix.backup.snapshot.KeptBecause.LATEST;
import static dev.otherix.backup.snapshot.KeptBecause.LATEST_LINEARIZABLE;
import static dev.otherix.backup.snapshot.KeptBecause.LINEAGE;
import static dev.otherix.backup.snapshot.KeptBecause.NEWEST;
import static dev.otherix.backup.snapshot.KeptBecause.NOT_OFFSITE;
import static dev.otherix.backup.snapshot.KeptBecause.PINNED;
import static dev.otherix.backup.snapshot.KeptBecause.REQUESTED;
import static dev.otherix.backup.snapshot.KeptBecause.SHRUNK;
import static dev.otherix.backup.snapshot.KeptBecause.WITHIN;
import static org.assertj.core.api.Assertions.assertThat;

import java.time.Duration;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.Set;
import java.util.function.IntFunction;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;

class RetentionPolicyTests {

    private final List<Sample> there = new ArrayList<>();

    private void there(Sample... samples) {
        there.addAll(Arrays.asList(samples));
    }

    private void there(int from, int to, IntFunction<Sample> sample) {
        IntStream.rangeClosed(from, to).mapToObj(sample).forEach(there::add);
    }

    private RetentionPolicy.Decision decide(int scheduled, int onDemand) {
        return new RetentionPolicy(scheduled, onDemand)
                .decide(there.stream().map(Sample::snapshot).toList());
    }

    private static Map<Integer, List<KeptBecause>> kept(RetentionPolicy.Decision decision) {
        var kept = new LinkedHashMap<Integer, List<KeptBecause>>();
        decision.kept().forEach(snapshot -> kept.put(minute(snapshot), snapshot.keptBecause()));
        return kept;
    }

    private static List<Integer> removed(RetentionPolicy.Decision decision) {
        return decision.removed().stream().map(RetentionPolicyTests::minute).toList();
    }

    private static int minute(Snapshot snapshot) {
        return (int) (snapshot.name().second().getEpochSecond()
                        - Sample.minute(0).second().getEpochSecond())
                / 60;
    }

    @Test
    void theNewestScheduledOnesAreKept() {
        there(1, 5, Sample::at);
        assertThat(kept(decide(2, 9)))
                .isEqualTo(Map.of(5, List.of(NEWEST, LATEST, LATEST_LINEARIZABLE), 4, List.of(NEWEST)));
        assertThat(removed(decide(2, 9))).containsExactly(1, 2, 3);
    }

    @Test
    void theNewestRequestedOnesAreKept() {
        there(1, 5, minute -> Sample.at(minute).requested());
        assertThat(kept(decide(9, 2)))
                .isEqualTo(Map.of(5, List.of(REQUESTED, LATEST, LATEST_LINEARIZABLE), 4, List.of(REQUESTED)));
        assertThat(removed(decide(9, 2))).containsExactly(1, 2, 3);
    }

    @Test
    void requestsDoNotPushOutTheHistory() {
        there(1, 3, Sample::at);
        there(10, 60, minute -> Sample.at(minute).requested());
        assertThat(kept(decide(3, 1))).containsOnlyKeys(60, 3, 2, 1);
    }

    @Test
    void theHistoryDoesNotPushOutRequests() {
        there(Sample.at(1).requested());
        there(10, 60, Sample::at);
        assertThat(kept(decide(2, 3))).containsOnlyKeys(60, 59, 1);
    }

    @Test
    void whatStartedWithTheServiceOrWasAdoptedCountsAsScheduled() {
        there(Sample.at(1), Sample.at(2));
        var adopted = Snapshot.unrecorded(Sample.minute(3), 5, Sample.minute(0))
                .withFound(
                        new StoredFile(5, "00"),
                        null,
                        new Checked(null, new Verification(Verification.State.VERIFIED, null, List.of())));
        var startup = new Sample(
                        Sample.minute(4),
                        5,
                        Trigger.STARTUP,
                        Consistency.LINEARIZABLE,
                        Verification.State.VERIFIED,
                        Sample.minute(0),
                        Sample.CLUSTER,
                        false,
                        List.of(),
                        null,
                        null)
                .snapshot();
        var decision = new RetentionPolicy(2, 9)
                .decide(Stream.concat(there.stream().map(Sample::snapshot), Stream.of(adopted, startup))
                        .toList());
        assertThat(kept(decision))
                .containsExactly(
                        Map.entry(4, List.of(NEWEST, LATEST, LATEST_LINEARIZABLE)), Map.entry(3, List.of(NEWEST)));
    }

    @Test
    void everyScheduledOneWithinTheTimeIsKeptWhateverTheirNumber() {
        there(1, 9, Sample::at);
        there(10, 11, minute -> Sample.at(minute).requested());
        var decision = new RetentionPolicy(1, 1, Duration.ofMinutes(4))
                .decide(there.stream().map(Sample::snapshot).toList());

        assertThat(kept(decision))
                .containsExactly(
                        Map.entry(11, List.of(REQUESTED, LATEST, LATEST_LINEARIZABLE)),
                        Map.entry(9, List.of(NEWEST, WITHIN)),
                        Map.entry(8, List.of(WITHIN)),
                        Map.entry(7, List.of(WITHIN)));
    }

    @Test
    void anUnverifiedOneDoesNotMakeTheOthersOld() {
        there(Sample.at(1), Sample.at(2), Sample.at(50).unverified());

        assertThat(removed(new RetentionPolicy(1, 1, Duration.ofMinutes(1))
                        .decide(there.stream().map(Sample::snapshot).toList())))
                .isEmpty();
    }

    @Test
    void zeroKeepsAll() {
        there(1, 30, Sample::at);
        there(31, 60, minute -> Sample.at(minute).requested());
        assertThat(removed(decide(0, 0))).isEmpty();
        assertThat(removed(decide(0, 1))).hasSize(29).allMatch(minute -> minute > 30);
        assertThat(removed(decide(1, 0))).hasSize(29).allMatch(minute -> minute <= 30);
    }

    @Test
    void aPinnedOneIsKept() {
        there(
                Sample.at(1).pin(),
                Sample.at(2),
                Sample.at(3).requested().pin(),
                Sample.at(4).requested(),
                Sample.at(5));
        assertThat(kept(decide(1, 1)))
                .containsEntry(1, List.of(PINNED))
                .containsEntry(3, List.of(PINNED))
                .containsOnlyKeys(5, 4, 3, 1);
    }

    @Test
    void theNewestVerifiedOneIsKeptThoughNothingCountsIt() {
        there(Sample.at(1));
        there(2, 9, minute -> Sample.at(minute).unverified());
        assertThat(kept(decide(1, 1))).containsEntry(1, List.of(NEWEST, LATEST, LATEST_LINEARIZABLE));
    }

    @Test
    void theNewestLinearizableOneIsHeldThroughAnyNumberOfLocalOnes() {
        there(1, 3, Sample::at);
        there(4, 53, minute -> Sample.at(minute).local());
        assertThat(kept(decide(3, 3)))
                .isEqualTo(Map.of(
                        53,
                        List.of(NEWEST, LATEST),
                        52,
                        List.of(NEWEST),
                        51,
                        List.of(NEWEST),
                        3,
                        List.of(LATEST_LINEARIZABLE)));
    }

    @Test
    void anUnverifiedLinearizableOneDoesNotReleaseTheVerifiedOne() {
        there(
                Sample.at(1),
                Sample.at(2).local(),
                Sample.at(3).local(),
                Sample.at(4).unverified());
        assertThat(kept(decide(1, 1))).containsEntry(1, List.of(LATEST_LINEARIZABLE));
    }

    @Test
    void theNewestVerifiedOneOfEachEarlierLineageIsKept() {
        there(
                Sample.at(1).ofLineage(1),
                Sample.at(2).ofLineage(1),
                Sample.at(3).ofLineage(1).unverified());
        there(Sample.at(4).ofLineage(4), Sample.at(5).ofLineage(4));
        there(10, 40, minute -> Sample.at(minute).ofLineage(10));
        var decision = decide(2, 2);
        assertThat(kept(decision))
                .containsEntry(2, List.of(LINEAGE))
                .containsEntry(5, List.of(LINEAGE))
                .containsEntry(3, List.of())
                .containsOnlyKeys(40, 39, 5, 3, 2);
    }

    @Test
    void anEarlierLineageIsKnownThoughTheFilesInBetweenAreGone() {
        there(
                Sample.at(2).ofLineage(1),
                Sample.at(40).ofLineage(10),
                Sample.at(41).ofLineage(10),
                Sample.at(42).ofLineage(10));
        assertThat(kept(decide(1, 1))).containsEntry(2, List.of(LINEAGE)).containsOnlyKeys(42, 2);
    }

    @Test
    void aNewEmptyClusterDoesNotRotateTheRealBackupsAway() {
        there(1, 7, minute -> Sample.at(minute).ofLineage(1));
        var directory = new ArrayList<>(there);
        for (int minute = 10; minute < 200; minute++) {
            directory.add(Sample.at(minute).ofLineage(10).ofCluster("00000000000000b0"));
            there.clear();
            there.addAll(directory);
            var removed = removed(decide(7, 7));
            directory.removeIf(sample -> removed.contains(minute(sample.snapshot())));
        }
        assertThat(directory.stream().map(sample -> minute(sample.snapshot())))
                .containsExactly(7, 193, 194, 195, 196, 197, 198, 199);
    }

    @Test
    void ofManyEarlierLineagesTheNewestFiveAndTheOneWithTheMostLiveKeysAreHeld() {
        there(1, 10, minute -> Sample.at(minute).ofLineage(minute).keys(minute == 2 ? 1000 : 990));
        there(20, 40, minute -> Sample.at(minute).ofLineage(20).keys(990));
        assertThat(kept(decide(1, 1))).containsOnlyKeys(40, 10, 9, 8, 7, 6, 2).containsEntry(2, List.of(LINEAGE));
        assertThat(removed(decide(1, 1))).contains(1, 3, 4, 5);
    }

    @Test
    void ofEarlierLineagesThatAllHaveTheMostLiveKeysNoMoreThanTheNewestFiveAreHeld() {
        there(1, 10, minute -> Sample.at(minute).ofLineage(minute).keys(990));
        there(20, 40, minute -> Sample.at(minute).ofLineage(20).keys(990));
        assertThat(kept(decide(1, 1))).containsOnlyKeys(40, 10, 9, 8, 7, 6);
    }

    @Test
    void anEarlierLineageWithAPinnedOneIsHeldHoweverManyComeAfterIt() {
        there(
                Sample.at(1).ofLineage(1).pin(),
                Sample.at(2).ofLineage(1),
                Sample.at(3).ofLineage(1));
        there(11, 18, minute -> Sample.at(minute).ofLineage(minute));
        there(20, 40, minute -> Sample.at(minute).ofLineage(20));
        assertThat(kept(decide(1, 1)))
                .containsOnlyKeys(40, 17, 18, 16, 15, 14, 3, 1)
                .containsEntry(3, List.of(LINEAGE))
                .containsEntry(1, List.of(PINNED));
    }

    @Test
    void aHistoryThatWentBackIsAnEarlierLineageThoughItsRecordsDoNotSaySo() {
        there(1, 7, minute -> Sample.at(minute).revision(5000 + minute));
        there(10, 40, minute -> Sample.at(minute).revision(minute));
        var decision = decide(2, 2);
        assertThat(kept(decision)).containsEntry(7, List.of(LINEAGE)).containsOnlyKeys(40, 39, 7);
        assertThat(decision.kept())
                .extracting(Snapshot::lineage)
                .containsExactly(Sample.minute(10), Sample.minute(10), Sample.minute(0));
    }

    @Test
    void theLastOneBeforeTheLiveKeysFellByHalfIsKept() {
        there(1, 5, minute -> Sample.at(minute).keys(1000 + minute));
        there(6, 20, minute -> Sample.at(minute).keys(502));
        assertThat(kept(decide(2, 2))).containsEntry(5, List.of(SHRUNK)).containsOnlyKeys(20, 19, 5);
    }

    @Test
    void aFallByLessThanHalfKeepsNothing() {
        there(1, 5, minute -> Sample.at(minute).keys(1000));
        there(6, 20, minute -> Sample.at(minute).keys(501));
        assertThat(kept(decide(2, 2))).containsOnlyKeys(20, 19);
    }

    @Test
    void aLossOfAllKeysKeepsTheLastOneThatHadAny() {
        there(
                Sample.at(1).keys(1),
                Sample.at(2).keys(0),
                Sample.at(3).keys(0),
                Sample.at(4).keys(0));
        assertThat(kept(decide(1, 1))).containsEntry(1, List.of(SHRUNK)).containsOnlyKeys(4, 1);
    }

    @Test
    void aLossIsRememberedWhenTheOneAfterItIsGone() {
        there(
                Sample.at(1).keys(1000).held(SHRUNK),
                Sample.at(8).keys(900),
                Sample.at(9).keys(5000));
        assertThat(kept(decide(1, 1))).containsEntry(1, List.of(SHRUNK)).containsOnlyKeys(9, 1);
    }

    @Test
    void aLossInStepsKeepsWhatWasThereBeforeEach() {
        there(
                Sample.at(1).keys(1000),
                Sample.at(2).keys(600),
                Sample.at(3).keys(300),
                Sample.at(4).keys(150),
                Sample.at(5).keys(70));
        assertThat(kept(decide(1, 1))).containsOnlyKeys(5, 4, 3, 2);
    }

    @Test
    void keysThatComeAndGoHoldNoMoreThanTheLastLoss() {
        there(
                1,
                99,
                minute -> Sample.at(minute).keys(minute % 2 == 0 ? 1000 : 400).held(SHRUNK));
        assertThat(kept(decide(1, 1))).containsEntry(98, List.of(SHRUNK)).containsOnlyKeys(99, 98);
    }

    @Test
    void aFileThatNobodyLookedAtOrWhoseKeysNobodyCountedIsNoLoss() {
        there(
                Sample.at(1).keys(1000),
                Sample.at(2).keys(1).unverified(),
                Sample.at(3),
                Sample.at(4).keys(1000));
        assertThat(kept(decide(1, 1))).doesNotContainKey(1).containsEntry(2, List.of());
    }

    @Test
    void aFileThatNobodyLookedAtIsNeitherCountedNorRemoved() {
        there(1, 3, Sample::at);
        there(4, 20, minute -> Sample.at(minute).unverified());
        there(21, 30, minute -> Sample.at(minute).requested().unverified());
        assertThat(removed(decide(2, 2))).containsExactly(1);
        assertThat(kept(decide(2, 2))).hasSize(29).containsEntry(30, List.of()).containsEntry(4, List.of());
    }

    @Test
    void aSnapshotWithADamagedRecordIsKeptUntilAPersonDecides() {
        there(
                Sample.at(1).held(DAMAGED_RECORD),
                Sample.at(2).held(NEWEST),
                Sample.at(3),
                Sample.at(4).unverified().held(DAMAGED_RECORD));
        assertThat(kept(decide(1, 1)))
                .containsEntry(1, List.of(DAMAGED_RECORD))
                .containsEntry(4, List.of(DAMAGED_RECORD))
                .containsOnlyKeys(4, 3, 1);
    }

    @Test
    void theReasonsOfTheLastLookDoNotKeepAnything() {
        there(Sample.at(1).held(NEWEST, REQUESTED, PINNED, LATEST, LATEST_LINEARIZABLE, LINEAGE), Sample.at(2));
        assertThat(removed(decide(1, 1))).containsExactly(1);
    }

    @Test
    void everyReasonIsNamed() {
        there(Sample.at(1).pin().held(DAMAGED_RECORD));
        assertThat(kept(decide(1, 1)))
                .containsEntry(1, List.of(NEWEST, PINNED, LATEST, LATEST_LINEARIZABLE, DAMAGED_RECORD));
    }

    @Test
    void nothingIsDecidedAboutNothing() {
        assertThat(decide(1, 1)).isEqualTo(new RetentionPolicy.Decision(List.of(), List.of()));
    }

    @Test
    void theKeptAreToldNewestFirstAndTheRemovedOldestFirstInWhateverOrderTheyCame() {
        there(
                1,
                40,
                minute -> minute % 3 == 0
                        ? Sample.at(minute).requested()
                        : Sample.at(minute).ofLineage(minute / 10));
        var inOrder = decide(4, 4);
        assertThat(inOrder.kept()).extracting(Snapshot::name).isSortedAccordingTo(Collections.reverseOrder());
        assertThat(inOrder.removed()).extracting(Snapshot::name).isSorted().isNotEmpty();
        for (long seed = 0; seed < 50; seed++) {
            Collections.shuffle(there, new Random(seed));
            assertThat(decide(4, 4)).isEqualTo(inOrder);
        }
    }

    @Test
    void theNewestWithoutACopyAndSomeBesidesAreKeptUntilEachTargetHasThem() {
        var all = IntStream.rangeClosed(1, 8)
                .mapToObj(minute -> Sample.at(minute).snapshot())
                .map(snapshot -> minute(snapshot) == 4 ? copiedTo(snapshot, Target.S3, Target.FILESYSTEM) : snapshot)
                .map(snapshot -> minute(snapshot) == 5 ? copiedTo(snapshot, Target.S3) : snapshot)
                .toList();
        var policy = new RetentionPolicy(1, 1, Duration.ZERO, new Uncopied(Set.of(Target.S3, Target.FILESYSTEM), 4));

        var decision = policy.decide(all);

        assertThat(kept(decision))
                .containsExactly(
                        Map.entry(8, List.of(NEWEST, LATEST, LATEST_LINEARIZABLE, NOT_OFFSITE)),
                        Map.entry(7, List.of(NOT_OFFSITE)),
                        Map.entry(6, List.of(NOT_OFFSITE)),
                        Map.entry(5, List.of(NOT_OFFSITE)),
                        Map.entry(3, List.of(NOT_OFFSITE)));
        assertThat(removed(policy.keepingUncopied(0).decide(all))).containsExactly(1, 2, 3, 4, 5, 6, 7);
        assertThat(removed(policy.keepingUncopied(9).decide(all)))
                .as("never more than configured")
                .containsExactly(1, 2, 4);
    }

    @Test
    void oneWhoseCopyWasRemovedOrIsMissingIsNotWaitedForAndNorIsOneThatIsNotVerified() {
        var gone = Sample.at(1).snapshot().with(copy(Target.S3, Copy.State.REMOVED));
        var missing = Sample.at(2).snapshot().with(copy(Target.S3, Copy.State.MISSING));
        var unverified = Sample.at(3).unverified().snapshot();
        var newest = Sample.at(4).snapshot();

        var decision = new RetentionPolicy(1, 1, Duration.ZERO, new Uncopied(Set.of(Target.S3), 7))
                .decide(List.of(gone, missing, unverified, newest));

        assertThat(removed(decision)).containsExactly(1, 2);
        assertThat(kept(decision)).containsEntry(3, List.of());
    }

    private static Snapshot copiedTo(Snapshot snapshot, Target... targets) {
        return Arrays.stream(targets)
                .reduce(snapshot, (one, target) -> one.with(copy(target, Copy.State.COPIED)), (one, _) -> one);
    }

    private static Copy copy(Target target, Copy.State state) {
        return new Copy(target, "key", Sample.minute(9).second(), 1, "00", null, null, state);
    }
}
