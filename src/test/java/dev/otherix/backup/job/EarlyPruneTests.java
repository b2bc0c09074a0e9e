package dev.otherix.backup.job;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import dev.otherix.backup.check.CaCheck;
import dev.otherix.backup.check.ClusterCaProperties;
import dev.otherix.backup.check.DueInspection;
import dev.otherix.backup.check.FileCheck;
import dev.otherix.backup.check.Inspection;
import dev.otherix.backup.check.Inspections;
import dev.otherix.backup.snapshot.Pruned;
import dev.otherix.backup.snapshot.RetentionPolicy;
import dev.otherix.backup.snapshot.Snapshot;
import dev.otherix.backup.snapshot.SnapshotDirectory;
import dev.otherix.backup.snapshot.SnapshotName;
import dev.otherix.backup.snapshot.Target;
import dev.otherix.backup.snapshot.Uncopied;
import dev.otherix.backup.task.TaskList;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Set;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** What retention does not keep goes without a new snapshot only where the newest one is still good. */
class EarlyPruneTests {

    private static final List<SnapshotName> NAMES = Stream.of(
                    "20260606T031500Z", "20260607T031500Z", "20260608T031500Z")
            .map(stamp -> SnapshotName.parse("otherix-" + stamp + ".db").orElseThrow())
            .toList();
    private static final long AT_FULL_SPEED = 0;

    @TempDir
    private Path temporary;

    private final SettableClock clock = new SettableClock("2026-06-10T12:00:00Z");
    private SnapshotDirectory directory;
    private FileCheck files;

    @BeforeEach
    void open() throws IOException {
        directory = SnapshotDirectory.open(temporary.resolve("snapshots"), 0L);
        files = new FileCheck(new CaCheck(new ClusterCaProperties(temporary.resolve("no-ca.crt"))), clock);
        for (var name : NAMES) {
            Files.write(directory.path().resolve(name.toString()), SampleFile.good());
        }
        var inspection =
                new Inspection(directory, files, new Retention(new RetentionPolicy(7, 7), directory)::explain, clock);
        try (var inspections = new Inspections(
                directory,
                inspection,
                new DueInspection(directory, inspection, Duration.ZERO, () -> false, clock),
                new TaskList(),
                clock)) {
            inspections.look();
            await().until(() -> directory.list().stream().allMatch(Snapshot::verified));
        }
        assertThat(directory.list()).allMatch(Snapshot::verified);
    }

    @AfterEach
    void close() {
        directory.close();
    }

    private EarlyPrune keeping(int retention) {
        return new EarlyPrune(directory, new Retention(new RetentionPolicy(retention, retention), directory), files);
    }

    @Test
    void whatALowerRetentionDoesNotKeepGoesWhenTheNewestOneIsGood() {
        assertThat(keeping(1).prune(AT_FULL_SPEED).removed()).containsExactly(NAMES.get(0), NAMES.get(1));
        assertThat(directory.list()).extracting(Snapshot::name).containsExactly(NAMES.get(2));
    }

    @Test
    void nothingGoesWhereTheNewestOneIsNotGoodAnyMore() throws IOException {
        Files.write(directory.path().resolve(NAMES.get(2).toString()), SampleFile.withAnotherBit());

        assertThat(keeping(1).prune(AT_FULL_SPEED).removed()).isEmpty();
        assertThat(directory.list()).hasSize(3);
    }

    @Test
    void whatHasNoCopyYetGoesOneByOneUntilThereIsRoomAndNeverTheNewest() {
        var policy = new RetentionPolicy(1, 1, Duration.ZERO, new Uncopied(Set.of(Target.S3), 2));
        var prune = new EarlyPrune(directory, new Retention(policy, directory), files);
        assertThat(prune.prune(AT_FULL_SPEED).removed()).isEmpty();

        assertThat(prune.pruneUncopied(() -> true)).isEmpty();
        assertThat(prune.pruneUncopied(() -> directory.list().size() <= 2)).containsExactly(NAMES.get(0));
        assertThat(prune.pruneUncopied(() -> false)).containsExactly(NAMES.get(1));
        assertThat(prune.pruneUncopied(() -> false)).isEmpty();
        assertThat(directory.list()).extracting(Snapshot::name).containsExactly(NAMES.get(2));
    }

    @Test
    void whatHasNoCopyYetStaysWhereTheNewestOneIsNotGoodAnyMore() throws IOException {
        Files.write(directory.path().resolve(NAMES.get(2).toString()), SampleFile.withAnotherBit());
        var policy = new RetentionPolicy(1, 1, Duration.ZERO, new Uncopied(Set.of(Target.S3), 2));

        assertThat(new EarlyPrune(directory, new Retention(policy, directory), files).pruneUncopied(() -> false))
                .isEmpty();
        assertThat(directory.list()).hasSize(3);
    }

    @Test
    void nothingIsReadWhereNothingIsToGo() {
        files.listen(check -> assertThat(check).as("no file is read").isNull());

        assertThat(keeping(3).prune(AT_FULL_SPEED).removed()).isEmpty();
    }

    @Test
    void whoHearsOfRunsHearsOfWhatWentAtStart() {
        var heard = new CopyOnWriteArrayList<Pruned>();
        try (var parts = PartsOn.directory(
                directory,
                new BackupProperties(false, Duration.ofHours(6), directory.path(), 1),
                "http://127.0.0.1:1",
                clock)) {
            parts.listen(new RunListener() {
                @Override
                public void ended(BackupRun run) {
                    // none is begun here
                }

                @Override
                public void prunedAtStart(Pruned pruned) {
                    heard.add(pruned);
                }
            });
            parts.ticks().start();

            await().untilAsserted(() -> assertThat(heard)
                    .singleElement()
                    .satisfies(pruned -> assertThat(pruned.removed()).containsExactly(NAMES.get(0), NAMES.get(1))));
        }
    }

    @Test
    void atStartADirectoryThatIsGoneIsNoError() throws IOException {
        Files.move(directory.path(), temporary.resolve("away"));

        assertThat(keeping(1).atStart()).isEqualTo(Pruned.NOTHING);

        assertThat(temporary.resolve("away").resolve(NAMES.get(0).toString())).exists();
    }
}
