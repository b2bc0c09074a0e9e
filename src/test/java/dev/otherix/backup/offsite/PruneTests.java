package dev.otherix.backup.offsite;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import dev.otherix.backup.offsite.OffsiteStatus.Code;
import dev.otherix.backup.offsite.store.ObjectLock;
import dev.otherix.backup.offsite.store.StoreFailure;
import dev.otherix.backup.snapshot.Copy;
import dev.otherix.backup.snapshot.RetentionPolicy;
import dev.otherix.backup.snapshot.Snapshot;
import dev.otherix.backup.snapshot.SnapshotName;
import dev.otherix.backup.snapshot.Target;
import dev.otherix.backup.snapshot.Uncopied;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Set;
import java.util.TreeSet;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** What the rules of a target do not keep is removed there, and not copied in the first place. */
@Timeout(600)
class PruneTests {

    private static final Instant START = Instant.parse("2026-06-10T11:00:00Z");
    private static final Folder FOLDER = new Folder("backups", "ca-0123456789abcdef", Scene.MEMBER);
    private static final Duration DAY = Duration.ofDays(1);

    @TempDir
    private Path temporary;

    private final MemoryStore store = new MemoryStore(Target.S3);
    private final List<String> steps = Collections.synchronizedList(new ArrayList<>());
    private Scene scene;
    private Offsite offsite;

    @BeforeEach
    void open() {
        scene = new Scene(temporary.resolve("snapshots"));
        scene.lineage = new SnapshotName(START);
        scene.clock.set(START.plusSeconds(3600));
        store.watch(steps::add);
        keepLast(2);
    }

    @AfterEach
    void close() {
        store.watch(_ -> {});
        scene.close();
    }

    private void keepLast(int last) {
        keep(new CopyRetentionProperties(last, null, 0, 0, 0, 0, true, null));
    }

    private void keep(CopyRetentionProperties rules) {
        if (offsite != null) {
            offsite.close();
        }
        scene.retention = rules;
        offsite = scene.copyingTo(Scene.settings(null), store);
    }

    private void settled() {
        for (int times = 0; times < 2; times++) {
            offsite.tick();
            // thousands of removals take a while on a busy machine
            await().atMost(Duration.ofMinutes(5)).until(offsite::idle);
        }
    }

    private Snapshot taken(int hour) {
        var at = START.plus(Duration.ofHours(hour));
        scene.clock.set(at.plusSeconds(1800));
        return scene.taken(at);
    }

    private Snapshot takenAndCopied(int hour) {
        var taken = taken(hour);
        settled();
        return taken;
    }

    private Set<SnapshotName> copies() {
        var names = new TreeSet<SnapshotName>();
        store.objects().keySet().stream()
                .flatMap(key -> Folder.ofRecord(FOLDER.prefix(), key).stream())
                .forEach(place -> names.add(place.name()));
        return names;
    }

    private Copy.State state(Snapshot snapshot) {
        return scene.now(snapshot).copy(Target.S3).orElseThrow().state();
    }

    private long count(String beginning) {
        return List.copyOf(steps).stream()
                .filter(step -> step.startsWith(beginning))
                .count();
    }

    @Test
    void whatTheRulesDoNotKeepIsRemovedNotedAndNotCopiedAgain() {
        var taken = List.of(takenAndCopied(0), takenAndCopied(1), takenAndCopied(2));

        assertThat(copies()).containsExactly(taken.get(1).name(), taken.get(2).name());
        assertThat(store.objects().keySet())
                .noneMatch(key -> key.contains(taken.get(0).name().toString()));
        assertThat(state(taken.get(0))).isEqualTo(Copy.State.REMOVED);
        assertThat(scene.pruned).containsExactly(taken.get(0).name());

        scene.clock.advance(DAY.multipliedBy(3));
        settled();
        assertThat(copies()).hasSize(2);
        assertThat(count("begin ")).isEqualTo(3);
        assertThat(offsite.status().targets().getFirst().findings()).isEmpty();
        assertThat(state(taken.get(0))).isEqualTo(Copy.State.REMOVED);
    }

    @Test
    void afterAnOutageOnlyWhatTheRulesWouldKeepIsCopiedAndTheRestDoesNotCount() {
        store.watch(step -> {
            throw new StoreFailure(StoreFailure.Code.UNAVAILABLE, "no answer", null);
        });
        var taken = Stream.of(0, 1, 2, 3).map(this::takenAndCopied).toList();
        assertThat(offsite.status().targets().getFirst().pending()).isEqualTo(2);
        // the directory keeps for the store what the store would keep
        var uncopied = new Uncopied(Set.of(Target.S3), 7, scene.superfluous::has);
        assertThat(new RetentionPolicy(1, 1, Duration.ZERO, uncopied)
                        .decide(scene.directory().list())
                        .removed())
                .extracting(Snapshot::name)
                .containsExactly(taken.get(0).name(), taken.get(1).name());

        store.watch(steps::add);
        scene.nanos.advance(Duration.ofHours(1));
        settled();

        assertThat(copies()).containsExactly(taken.get(2).name(), taken.get(3).name());
        assertThat(count("begin ")).isEqualTo(2);
        assertThat(offsite.status().targets().getFirst().pending()).isZero();
    }

    @Test
    void theNewestIsCopiedFirstAndThenTheGaps() {
        keep(new CopyRetentionProperties(1, null, 0, 3, 0, 0, true, null));
        var taken = Stream.of(0, 5, 24, 30, 48, 49).map(this::taken).toList();
        settled();

        assertThat(steps.stream().filter(step -> step.startsWith("begin ")))
                .containsExactly(
                        "begin " + FOLDER.object(taken.get(5).name(), true),
                        "begin " + FOLDER.object(taken.get(3).name(), true),
                        "begin " + FOLDER.object(taken.get(1).name(), true));
    }

    @Test
    void aPinHereDecidesWhileThereIsARecordHere() {
        var first = takenAndCopied(0);
        var second = takenAndCopied(1);
        scene.directory().pin(first.name(), true);
        takenAndCopied(2);
        takenAndCopied(3);
        assertThat(copies()).contains(first.name()).doesNotContain(second.name());

        scene.directory().pin(first.name(), false);
        settled();
        assertThat(copies()).doesNotContain(first.name());
    }

    @Test
    void aLockedCopyIsHeldUntilItsTimeWithoutAStormAndWithoutAFailure() {
        var first = takenAndCopied(0);
        takenAndCopied(1);
        var until = START.plus(DAY.multipliedBy(5));
        var lock = new ObjectLock(ObjectLock.Mode.COMPLIANCE, until);
        store.locks().put(FOLDER.object(first.name(), true), lock);
        takenAndCopied(2);

        assertThat(copies()).hasSize(3);
        assertThat(state(first)).isEqualTo(Copy.State.COPIED);
        assertThat(count("delete ")).isZero();
        var asked = count("protection ");
        for (int hours = 0; hours < 90; hours++) {
            scene.clock.advance(Duration.ofHours(1));
            scene.nanos.advance(Duration.ofHours(1));
            settled();
        }
        assertThat(count("protection ")).isEqualTo(asked);
        assertThat(offsite.status().remarks())
                .anySatisfy(remark -> assertThat(remark).contains("1 copy", "is locked", until.toString()));
        assertThat(offsite.status().targets().getFirst().findings()).isEmpty();
        assertThat(offsite.status().targets().getFirst().error()).isEmpty();

        store.locks().clear();
        scene.clock.set(until.plusSeconds(1));
        settled();
        assertThat(copies()).hasSize(2).doesNotContain(first.name());
        assertThat(offsite.status().remarks()).noneMatch(remark -> remark.contains("locked"));
    }

    @Test
    void withoutTheRightToDeleteCopiesAreMadeAndRemovalIsTriedAFewTimesADay() {
        store.watch(step -> {
            steps.add(step);
            if (step.startsWith("delete ")) {
                throw new StoreFailure(StoreFailure.Code.DENIED, "you may not delete", null);
            }
        });
        for (int hour = 0; hour < 10; hour++) {
            takenAndCopied(hour);
        }
        assertThat(copies()).hasSize(10);
        assertThat(count("delete ")).isEqualTo(3);
        assertThat(offsite.status().remarks())
                .anySatisfy(remark -> assertThat(remark)
                        .startsWith("8 copies ")
                        .contains("you may not delete", "right to delete", "offsite.retention.prune"));
        assertThat(offsite.status().targets().getFirst().findings()).isEmpty();

        scene.nanos.advance(DAY);
        settled();
        assertThat(count("delete ")).isEqualTo(6);

        store.watch(steps::add);
        scene.nanos.advance(DAY);
        settled();
        assertThat(copies()).hasSize(2);
    }

    @Test
    void whatARemovalThatWasCutOffLeftIsRemovedByTheNextStart() {
        var first = takenAndCopied(0);
        takenAndCopied(1);
        taken(2);
        for (var step : List.of("delete ", "delete-answer ")) {
            for (var key : new Folder.Place(FOLDER, first.name()).keys().subList(0, 3)) {
                store.watch(seen -> {
                    if (seen.equals(step + key)) {
                        throw new StoreFailure(StoreFailure.Code.UNAVAILABLE, "killed", null);
                    }
                });
                settled();
                keepLast(2);
                settled();
            }
        }
        store.watch(steps::add);
        keepLast(2);
        settled();

        assertThat(copies()).hasSize(2);
        assertThat(store.objects().keySet())
                .noneMatch(key -> key.contains(first.name().toString()));
        assertThat(state(first)).isEqualTo(Copy.State.REMOVED);
    }

    @Test
    void anObjectWithoutARecordIsRemovedUnlessALocalRecordTakesItForACopy() {
        var lost = takenAndCopied(0);
        takenAndCopied(1);
        store.objects().remove(FOLDER.record(lost.name()));
        var stray = new SnapshotName(START.minus(DAY));
        store.put(FOLDER.object(stray, true), new byte[1], false);
        store.put(FOLDER.files(stray.next()), new byte[1], false);
        store.put(FOLDER.path() + "something-else", new byte[1], false);
        keepLast(2);
        settled();

        assertThat(store.objects().keySet())
                .contains(FOLDER.object(lost.name(), true), FOLDER.path() + "something-else")
                .doesNotContain(FOLDER.object(stray, true), FOLDER.files(stray.next()));
        assertThat(scene.pruned).isEmpty();
    }

    @Test
    void whereAnotherMachineWritesNothingIsRemoved() {
        takenAndCopied(0);
        takenAndCopied(1);
        var other = scene.taken(START.plusSeconds(7));
        var foreign = new SnapshotName(START.plusSeconds(8));
        store.put(
                FOLDER.record(foreign),
                StoredRecord.of(CopySample.at(foreign.second()).snapshot(), bytes(FOLDER.object(foreign, true)))
                        .json(),
                false);
        takenAndCopied(2);
        scene.clock.advance(DAY.multipliedBy(2));
        settled();

        assertThat(copies()).hasSize(4).contains(foreign);
        assertThat(count("delete ")).isZero();
        assertThat(other).isNotNull();
        assertThat(offsite.status().targets().getFirst().findings())
                .anyMatch(finding -> finding.code() == Code.OFFSITE_OTHER_WRITER);
    }

    @Test
    void underTheNameOfAnotherClusterNothingIsRemoved() {
        offsite.close();
        offsite = scene.copyingTo(Scene.settings("prod"), store);
        takenAndCopied(0);
        takenAndCopied(1);
        var at = START.plus(Duration.ofHours(9));
        scene.clock.set(at.plusSeconds(60));
        scene.taken(at, 4096, "sha256:" + "f".repeat(64));
        offsite.close();
        scene.retention = new CopyRetentionProperties(1, null, 0, 0, 0, 0, true, null);
        offsite = scene.copyingTo(Scene.settings("prod"), store);
        settled();

        assertThat(copies()).hasSize(2);
        assertThat(store.objects().keySet().stream().filter(key -> key.endsWith(".json")))
                .hasSize(2);
        assertThat(count("delete ")).isZero();
    }

    @Test
    void aRuleOfTheStoreMayBeFirstAndWhatTheRulesHereWouldKeepIsMissed() {
        keepLast(3);
        var taken = List.of(takenAndCopied(0), takenAndCopied(1), takenAndCopied(2));
        for (var gone : taken.subList(0, 2)) {
            new Folder.Place(FOLDER, gone.name()).keys().forEach(store.objects()::remove);
        }
        keepLast(2);
        scene.clock.advance(DAY);
        settled();

        // with two kept, the older one is not missed, and the younger one is
        assertThat(state(taken.get(1))).isEqualTo(Copy.State.COPIED);
        for (int day = 0; day < 4; day++) {
            scene.clock.advance(DAY);
            settled();
        }
        assertThat(state(taken.get(1))).isEqualTo(Copy.State.MISSING);
        assertThat(offsite.status().targets().getFirst().error()).isEmpty();
        assertThat(count("begin ")).isEqualTo(3);

        takenAndCopied(120);
        takenAndCopied(121);
        scene.clock.advance(DAY);
        settled();
        assertThat(state(taken.get(0))).isEqualTo(Copy.State.REMOVED);
        assertThat(state(taken.get(1))).isEqualTo(Copy.State.REMOVED);
        assertThat(offsite.status().targets().getFirst().findings()).isEmpty();
    }

    @Test
    void wherePruningIsOffNothingIsRemovedAndWhatHasExpiredIsNotMissed() {
        keep(new CopyRetentionProperties(1, null, 0, 0, 0, 0, false, DAY.multipliedBy(3)));
        var taken = List.of(takenAndCopied(0), takenAndCopied(1), takenAndCopied(2));
        assertThat(copies()).hasSize(3);
        assertThat(count("delete ")).isZero();

        var gone = taken.get(2);
        new Folder.Place(FOLDER, gone.name()).keys().forEach(store.objects()::remove);
        scene.clock.advance(DAY);
        settled();
        assertThat(state(gone)).isEqualTo(Copy.State.MISSING);

        scene.clock.advance(DAY.multipliedBy(3));
        settled();
        assertThat(state(gone)).isEqualTo(Copy.State.REMOVED);
        assertThat(offsite.status().targets().getFirst().findings()).isEmpty();
        assertThat(count("delete ")).isZero();
    }

    @Test
    void aLockedCopyOfLongAgoPutsRemovalOffOnceAndSaysSo() {
        var old = CopySample.at(START.minus(DAY.multipliedBy(120)))
                .ofLineage(new SnapshotName(START))
                .snapshot();
        var key = FOLDER.object(old.name(), true);
        store.put(FOLDER.record(old.name()), StoredRecord.of(old, bytes(key)).json(), false);
        store.put(key, new byte[1], false);
        store.locks().put(key, new ObjectLock(ObjectLock.Mode.COMPLIANCE, START.plus(DAY.multipliedBy(400))));
        keepLast(2);
        for (int hour = 0; hour <= 168; hour += 6) {
            takenAndCopied(hour);
        }
        assertThat(copies()).hasSize(30);
        assertThat(offsite.status().remarks())
                .anySatisfy(remark -> assertThat(remark).contains("28 copies", "gap of more than 92 days", "clock"));

        for (int hour = 174; hour <= 192; hour += 6) {
            takenAndCopied(hour);
            assertThat(copies()).hasSize(3).contains(old.name());
        }
        assertThat(offsite.status().remarks()).noneMatch(remark -> remark.contains("gap"));
    }

    @Test
    void whatAnotherProgramRemovedTakesNoPlaceOfASnapshotThatWaits() {
        keep(new CopyRetentionProperties(0, null, 0, 3, 0, 0, true, null));
        var older = taken(0);
        var gone = takenAndCopied(1);
        assertThat(copies()).containsExactly(gone.name());
        new Folder.Place(FOLDER, gone.name()).keys().forEach(store.objects()::remove);
        steps.clear();

        var nextDay = takenAndCopied(14);

        assertThat(copies()).containsExactly(older.name(), nextDay.name());
        assertThat(count("list ")).as("one look for each copy").isEqualTo(2);
    }

    @Test
    void aRecordWhoseObjectHasExpiredFirstIsNotMissed() {
        keep(new CopyRetentionProperties(1, null, 0, 0, 0, 0, false, DAY.multipliedBy(3)));
        var taken = List.of(takenAndCopied(0), takenAndCopied(1));
        for (var half : taken) {
            store.objects().remove(FOLDER.object(half.name(), true));
        }
        scene.clock.advance(DAY.multipliedBy(4));
        for (int day = 0; day < 3; day++) {
            settled();
            assertThat(state(taken.get(0))).isEqualTo(Copy.State.REMOVED);
            assertThat(state(taken.get(1))).isEqualTo(Copy.State.REMOVED);
            assertThat(offsite.status().targets().getFirst().findings()).isEmpty();
            scene.clock.advance(DAY);
        }
    }

    @Test
    void whileTheClockIsAYearAheadNothingCountsAsExpired() {
        keep(new CopyRetentionProperties(1, null, 0, 0, 0, 0, false, DAY.multipliedBy(90)));
        var taken = List.of(takenAndCopied(0), takenAndCopied(1), takenAndCopied(2));
        new Folder.Place(FOLDER, taken.get(0).name()).keys().forEach(store.objects()::remove);
        store.objects().remove(FOLDER.object(taken.get(2).name(), true));
        var right = scene.clock.instant().plus(DAY);

        scene.clock.advance(DAY.multipliedBy(365));
        settled();
        scene.taken(scene.clock.instant().minusSeconds(60));
        settled();
        keep(scene.retention);
        settled();
        assertThat(state(taken.get(0))).isNotEqualTo(Copy.State.REMOVED);
        assertThat(state(taken.get(2))).isNotEqualTo(Copy.State.REMOVED);

        scene.clock.set(right);
        for (int day = 0; day < 4; day++) {
            settled();
            scene.clock.advance(DAY);
        }
        assertThat(state(taken.get(0))).isEqualTo(Copy.State.MISSING);
        assertThat(state(taken.get(2))).isEqualTo(Copy.State.MISSING);
    }

    @Test
    void aHeldCopyWhoseRemovalWasCutOffBeforeItBeganIsACopyInItsRecord() {
        var first = takenAndCopied(0);
        takenAndCopied(1);
        store.watch(step -> {
            if (step.equals("delete " + FOLDER.record(first.name()))) {
                throw new StoreFailure(StoreFailure.Code.UNAVAILABLE, "killed", null);
            }
        });
        takenAndCopied(2);
        assertThat(state(first)).isEqualTo(Copy.State.REMOVED);

        store.watch(steps::add);
        store.locks()
                .put(
                        FOLDER.object(first.name(), true),
                        new ObjectLock(ObjectLock.Mode.COMPLIANCE, START.plus(DAY.multipliedBy(5))));
        keepLast(2);
        settled();

        assertThat(copies()).hasSize(3);
        assertThat(state(first)).isEqualTo(Copy.State.UNKNOWN);
    }

    @Test
    void tenThousandRecordsAreReadOnceAndADayCostsFewRequests() {
        for (int i = 1; i <= 10_000; i++) {
            var copy = CopySample.at(START.minus(Duration.ofHours(6L * i))).snapshot();
            var key = FOLDER.object(copy.name(), true);
            store.put(
                    FOLDER.record(copy.name()),
                    StoredRecord.of(copy, bytes(key)).json(),
                    false);
            store.put(key, new byte[1], false);
        }
        keepLast(20_000);
        taken(0);
        var before = used();
        steps.clear();
        settled();
        assertThat(used() - before).as("bytes for 10,000 records").isLessThan(16L << 20);
        assertThat(count("read " + FOLDER.path())).isBetween(10_000L, 10_010L);

        steps.clear();
        for (int hour = 6; hour <= 24; hour += 6) {
            takenAndCopied(hour);
        }
        assertThat(steps.size()).as("requests in a day").isLessThan(100);

        keep(new CopyRetentionProperties(7, null, 0, 7, 5, 12, true, null));
        steps.clear();
        settled();
        assertThat(copies()).hasSizeBetween(24, 31);
        assertThat(steps.size()).as("requests for 9,980 removals").isLessThan(10_000 * 10);
        steps.clear();
        settled();
        assertThat(steps).isEmpty();
    }

    private static long used() {
        System.gc();
        return Runtime.getRuntime().totalMemory() - Runtime.getRuntime().freeMemory();
    }

    private static StoredRecord.StoredBytes bytes(String key) {
        return new StoredRecord.StoredBytes(key, 1, "00", null, List.of(), null, START);
    }
}
