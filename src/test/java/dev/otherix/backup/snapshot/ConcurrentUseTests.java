package dev.otherix.backup.snapshot;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import java.util.concurrent.Callable;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.atomic.AtomicBoolean;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

class ConcurrentUseTests {

    private static final int SNAPSHOTS = 25;

    @TempDir
    private Path path;

    @Test
    @Timeout(120)
    void listPinExplainDeleteAndCommitAtTheSameTimeEndConsistent() throws Exception {
        var ended = new AtomicBoolean();
        var policy = new RetentionPolicy(5, 5);
        try (var directory = SnapshotDirectory.open(path, 0L);
                var threads = Executors.newFixedThreadPool(5)) {
            var commits = threads.submit(() -> {
                try {
                    for (int minute = 0; minute < SNAPSHOTS; minute++) {
                        Sample.at(minute).commitTo(directory);
                    }
                } finally {
                    ended.set(true);
                }
                return null;
            });
            var others = new ArrayList<Future<?>>();
            for (int lister = 0; lister < 2; lister++) {
                others.add(threads.submit(until(
                        ended,
                        () -> assertThat(directory.list())
                                .allMatch(Snapshot::verified)
                                .noneMatch(snapshot -> snapshot.keptBecause().contains(KeptBecause.DAMAGED_RECORD)))));
            }
            var random = new Random(5);
            others.add(threads.submit(until(ended, () -> pinOne(directory, random))));
            others.add(threads.submit(until(ended, () -> {
                assertThat(directory.retention().prune(policy).failure()).isEmpty();
            })));
            commits.get();
            for (var other : others) {
                other.get();
            }
            assertThat(directory.movements().foreignArrival()).isEmpty();
            assertThat(directory.list())
                    .hasSize(SNAPSHOTS - (int) directory.movements().removed());
            assertThat(directory.movements().vanished()).isZero();
        }
        assertEndsConsistent();
    }

    private void assertEndsConsistent() throws Exception {
        var left = Sample.files(path);
        try (var directory = SnapshotDirectory.open(path, 0L)) {
            assertThat(Sample.files(path)).as("nothing half-made was left").isEqualTo(left);
            var all = directory.list();
            assertThat(all).allMatch(Snapshot::verified).hasSizeBetween(5, SNAPSHOTS);
            assertThat(left).hasSize(2 * all.size());
            assertThat(directory.latest()).map(Snapshot::name).contains(Sample.minute(SNAPSHOTS - 1));
        }
    }

    private static void pinOne(SnapshotDirectory directory, Random random) {
        var all = directory.list();
        if (all.isEmpty()) {
            return;
        }
        var name = all.get(random.nextInt(all.size())).name();
        var pinned = random.nextInt(4) == 0;
        try {
            assertThat(directory.pin(name, pinned).pinned()).isEqualTo(pinned);
        } catch (DirectoryFailure deletedMeanwhile) {
            assertThat(deletedMeanwhile.reason()).isEqualTo(DirectoryFailure.Reason.GONE);
        }
    }

    private static Callable<List<Void>> until(AtomicBoolean ended, Runnable action) {
        return () -> {
            do {
                action.run();
            } while (!ended.get());
            return List.of();
        };
    }
}
