package dev.otherix.backup.snapshot;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.stream.IntStream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** Removals beside pins, checks and other removals, by real threads in a real directory. */
@Timeout(60)
class RemovalRaceTests {

    private static final int SNAPSHOTS = 40;

    @TempDir
    private Path path;

    private final ScriptedDisk disk = new ScriptedDisk();
    private SnapshotDirectory directory;

    @BeforeEach
    void open() {
        directory = SnapshotDirectory.open(path, 0L, disk);
    }

    @AfterEach
    void close() {
        directory.close();
    }

    private void commit(int snapshots) {
        IntStream.rangeClosed(1, snapshots).mapToObj(Sample::at).forEach(sample -> sample.commitTo(directory));
    }

    /**
     * Lets {@code meanwhile} begin when the first file is being deleted, and the deletion go on when it waits for its
     * turn.
     */
    private void whileTheFirstGoes(Runnable meanwhile, List<Thread> begun) {
        var first = new AtomicBoolean(true);
        disk.script((_, step) -> {
            if (step.startsWith("delete otherix-") && first.getAndSet(false)) {
                var thread = Thread.ofPlatform().start(meanwhile);
                begun.add(thread);
                await().until(() -> thread.getState() == Thread.State.WAITING || !thread.isAlive());
            }
        });
    }

    @Test
    void whatIsPinnedWhileAPruneRunsStaysAndIsNoFailure() throws Exception {
        commit(SNAPSHOTS);
        var pinned = new ArrayList<SnapshotName>();
        var begun = new ArrayList<Thread>();
        whileTheFirstGoes(
                () -> {
                    for (var minute = SNAPSHOTS - 1; minute > SNAPSHOTS - 9; minute--) {
                        try {
                            directory.pin(Sample.minute(minute), true);
                            pinned.add(Sample.minute(minute));
                        } catch (DirectoryFailure gone) {
                            assertThat(gone.reason()).isEqualTo(DirectoryFailure.Reason.GONE);
                        }
                    }
                },
                begun);

        var pruned = directory.retention().prune(new RetentionPolicy(1, 1));
        begun.getFirst().join();

        assertThat(pinned).as("the prune lets others have their turn").isNotEmpty();
        assertThat(pruned.failure()).isEmpty();
        assertThat(pruned.removed()).doesNotContainAnyElementsOf(pinned).hasSize(SNAPSHOTS - 1 - pinned.size());
        for (var name : pinned) {
            assertThat(directory.find(name)).as("%s", name).hasValueSatisfying(kept -> {
                assertThat(kept.pinned()).isTrue();
                assertThat(kept.keptBecause()).contains(KeptBecause.PINNED);
            });
            assertThat(directory.file(name)).exists();
        }
    }

    @Test
    void whatAPruneKeepsIsDecidedAnewWhenTheOneThatReleasedItGoes() throws Exception {
        commit(SNAPSHOTS);
        var begun = new ArrayList<Thread>();
        whileTheFirstGoes(() -> directory.setCorrupt(Sample.minute(SNAPSHOTS)), begun);

        var pruned = directory.retention().prune(new RetentionPolicy(1, 1));
        begun.getFirst().join();

        assertThat(pruned.failure()).isEmpty();
        assertThat(directory.latest())
                .as("the newest went bad while the prune ran")
                .map(Snapshot::name)
                .contains(Sample.minute(SNAPSHOTS - 1));
    }

    @Test
    void oneThatComesWhileAPruneRunsIsCountedToo() throws Exception {
        commit(SNAPSHOTS);
        var begun = new ArrayList<Thread>();
        whileTheFirstGoes(() -> Sample.at(SNAPSHOTS + 1).commitTo(directory), begun);

        directory.retention().prune(new RetentionPolicy(1, 1));
        begun.getFirst().join();
        directory.retention().prune(new RetentionPolicy(1, 1));

        assertThat(directory.list()).extracting(Snapshot::name).containsExactly(Sample.minute(SNAPSHOTS + 1));
    }

    @Test
    void theNewestVerifiedOneIsNotDeletedWhileItIsCheckedAgainAndAgain() throws Exception {
        commit(2);
        directory.deleteUnlessNeeded(Sample.minute(1));
        var name = Sample.minute(2);
        var ended = new AtomicBoolean();
        var checked = new CountDownLatch(50);
        try (var threads = Executors.newFixedThreadPool(3)) {
            var checks = threads.submit(() -> {
                for (int second = 0; !ended.get(); second++) {
                    var now = directory.find(name).orElseThrow();
                    directory.adopt(now.withFound(
                            now.file(),
                            null,
                            new Checked(
                                    null,
                                    new Verification(
                                            Verification.State.VERIFIED,
                                            Instant.EPOCH.plusSeconds(second),
                                            List.of()))));
                    checked.countDown();
                }
                return null;
            });
            var outcomes = new ArrayList<Future<List<Deletion>>>();
            for (int deleter = 0; deleter < 2; deleter++) {
                outcomes.add(threads.submit(() -> {
                    var all = new ArrayList<Deletion>();
                    while (checked.getCount() > 0
                            && Set.of(Deletion.NEWEST_VERIFIED).containsAll(all)) {
                        all.add(directory.deleteUnlessNeeded(name));
                    }
                    return all;
                }));
            }
            var all = new ArrayList<Deletion>();
            for (var outcome : outcomes) {
                all.addAll(outcome.get());
            }
            ended.set(true);
            assertThat(all).isNotEmpty().containsOnly(Deletion.NEWEST_VERIFIED);
            checks.get();
        }
        assertThat(Files.exists(directory.file(name))).isTrue();
    }

    @Test
    void twoThatDeleteTheTwoLastOnesLeaveTheNewest() throws Exception {
        for (int round = 0; round < 100; round++) {
            Sample.at(2 * round).commitTo(directory);
            Sample.at(2 * round + 1).commitTo(directory);
            var start = new CountDownLatch(1);
            try (var threads = Executors.newFixedThreadPool(2)) {
                var deletions = new ArrayList<Future<Deletion>>();
                for (var name : List.of(Sample.minute(2 * round), Sample.minute(2 * round + 1))) {
                    deletions.add(threads.submit(() -> {
                        start.await();
                        return directory.deleteUnlessNeeded(name);
                    }));
                }
                start.countDown();
                assertThat(deletions.get(0).get()).isEqualTo(Deletion.DELETED);
                assertThat(deletions.get(1).get()).isEqualTo(Deletion.NEWEST_VERIFIED);
            }
        }
    }

    @Test
    void neitherAPinnedOneNorOneThatIsGoneIsDeleted() {
        commit(3);
        directory.pin(Sample.minute(1), true);

        assertThat(directory.deleteUnlessNeeded(Sample.minute(1))).isEqualTo(Deletion.PINNED);
        assertThat(directory.deleteUnlessNeeded(Sample.minute(2))).isEqualTo(Deletion.DELETED);
        assertThat(directory.deleteUnlessNeeded(Sample.minute(2))).isEqualTo(Deletion.MISSING);
        assertThat(directory.list()).hasSize(2);
    }

    @Test
    void aReleasedLineageLosesWhatIsOnlyHeldOfIt() {
        Sample.at(1).ofLineage(1).pin().commitTo(directory);
        Sample.at(2).ofLineage(1).commitTo(directory);
        Sample.at(3).ofLineage(3).commitTo(directory);
        Sample.at(4).ofLineage(4).commitTo(directory);
        var policy = new RetentionPolicy(1, 1);
        assertThat(directory.retention().prune(policy).removed()).isEmpty();

        assertThat(directory.retention().release(Sample.minute(1), policy)).contains(List.of(Sample.minute(2)));
        assertThat(directory.retention().release(Sample.minute(3), policy)).contains(List.of(Sample.minute(3)));
        assertThat(directory.retention().release(Sample.minute(3), policy))
                .as("nothing is left")
                .contains(List.of());
        assertThat(directory.retention().release(Sample.minute(4), policy))
                .as("the current one")
                .isEmpty();
        assertThat(directory.retention().release(Sample.minute(4), new RetentionPolicy(7, 7)))
                .isEmpty();
        assertThat(directory.list()).extracting(Snapshot::name).containsExactly(Sample.minute(4), Sample.minute(1));
    }

    @Test
    void whatItsNumberKeepsIsNotReleased() {
        Sample.at(1).ofLineage(1).commitTo(directory);
        Sample.at(4).ofLineage(4).commitTo(directory);

        assertThat(directory.retention().release(Sample.minute(1), new RetentionPolicy(7, 7)))
                .contains(List.of());
    }
}
