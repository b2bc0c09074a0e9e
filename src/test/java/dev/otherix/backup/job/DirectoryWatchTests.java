package dev.otherix.backup.job;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import dev.otherix.backup.log.Written;
import dev.otherix.backup.snapshot.FaultyDisk;
import dev.otherix.backup.snapshot.KnownDirectory;
import dev.otherix.backup.snapshot.Pruned;
import dev.otherix.backup.snapshot.RetentionPolicy;
import dev.otherix.backup.snapshot.Snapshot;
import dev.otherix.backup.snapshot.SnapshotDirectory;
import dev.otherix.backup.snapshot.StateDirectory;
import dev.otherix.backup.snapshot.Trigger;
import dev.otherix.backup.task.TaskFailure;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.CountDownLatch;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.api.io.TempDir;
import org.springframework.boot.test.system.CapturedOutput;
import org.springframework.boot.test.system.OutputCaptureExtension;

/** What ends the search for a directory that is gone; the state says that another one was there. */
@ExtendWith(OutputCaptureExtension.class)
class DirectoryWatchTests {

    private static final Instant NOW = Instant.parse("2026-06-06T09:00:00Z");

    @TempDir
    private Path parent;

    private SnapshotDirectory directory;

    @BeforeEach
    void open() {
        directory = SnapshotDirectory.open(parent.resolve("snapshots"), 0L);
    }

    @AfterEach
    void close() {
        directory.close();
    }

    @Test
    void onlyAPinnedSnapshotOnRequestMakesItTheRightOne(CapturedOutput output) throws IOException {
        var watch = watchOfAnother();
        var plain = Taken.requested(directory, NOW);
        var pinned = directory.pin(plain.name(), true);

        watch.ended(saved(Trigger.REQUEST, plain));
        watch.ended(saved(Trigger.SCHEDULE, pinned));
        watch.ended(run(
                Trigger.REQUEST,
                new Outcome.Failed(new TaskFailure(TaskFailure.Code.ETCD_FAILED, "down", Map.of(), null))));
        assertThat(watch.gone().orElseThrow()).contains("is not the one that was there before");

        watch.ended(saved(Trigger.REQUEST, pinned));
        assertThat(watch.gone()).isEmpty();
        assertThat(watchAgain().gone()).isEmpty();
        assertThat(Written.out(output).getOut())
                .containsSubsequence(
                        "ERROR",
                        "is not the one that was there before",
                        "INFO",
                        "this directory is accepted from now on");
    }

    @Test
    void whatAnotherDirectoryHeldIsNotRemovedBeforeItIsTheRightOne() throws IOException {
        var theirs = Stream.of(30, 20, 10)
                .map(hours -> Taken.good(directory, NOW.minus(Duration.ofHours(hours))))
                .toList();
        var watch = watchOfAnother();
        var retention = new Retention(new RetentionPolicy(1, 1), directory, watch::maybeOthers);
        var plain = Taken.good(directory, NOW);

        assertThat(retention.wouldRemove()).isFalse();
        assertThat(retention.prune()).isEqualTo(Pruned.NOTHING);
        assertThat(directory.list()).hasSize(4);

        watch.ended(saved(Trigger.REQUEST, directory.pin(plain.name(), true)));
        assertThat(retention.wouldRemove()).isTrue();
        assertThat(retention.prune().removed())
                .containsExactlyInAnyOrderElementsOf(
                        theirs.stream().map(Snapshot::name).toList());
    }

    @Test
    void whatCameIntoAnEmptyDirectoryIsOurs() throws IOException {
        var watch = watchOfAnother();
        var old = Taken.good(directory, NOW.minus(Duration.ofHours(1)));
        Taken.good(directory, NOW);

        assertThat(watch.gone()).isPresent();
        assertThat(new Retention(new RetentionPolicy(1, 1), directory, watch::maybeOthers)
                        .prune()
                        .removed())
                .containsExactly(old.name());
    }

    @Test
    @Timeout(60)
    void aDiskThatHangsWhileItIsNotedHoldsUpNoRun(CapturedOutput output) throws IOException {
        var disk = new FaultyDisk();
        var answers = new CountDownLatch(1);
        Files.writeString(
                parent.resolve("directory.json"),
                "{\"path\":\"" + directory.path() + "\",\"id\":\"7b0e\",\"newest\":null}");
        try (var watch = new DirectoryWatch(disk.known(directory, new StateDirectory(parent)))) {
            disk.watch(_ -> await().until(() -> answers.getCount() == 0));
            var pinned = directory.pin(Taken.requested(directory, NOW).name(), true);
            var began = System.nanoTime();

            watch.ended(saved(Trigger.REQUEST, pinned));
            for (int i = 0; i < 3; i++) {
                watch.note();
            }

            assertThat(Duration.ofNanos(System.nanoTime() - began)).isLessThan(Duration.ofSeconds(4));
            assertThat(Written.out(output).toString().split("has not answered for 2 s", -1))
                    .hasSize(2);
        } finally {
            answers.countDown();
        }
    }

    @Test
    void withoutADirectoryThereIsNothingToWatch() {
        var watch = new DirectoryWatch(null);
        watch.note();

        assertThat(watch.gone()).isEmpty();
        assertThat(watch.maybeOthers()).isFalse();
    }

    private DirectoryWatch watchOfAnother() throws IOException {
        Files.writeString(
                parent.resolve("directory.json"),
                "{\"path\":\"" + directory.path() + "\",\"id\":\"7b0e\",\"newest\":null}");
        return watchAgain();
    }

    private DirectoryWatch watchAgain() {
        return new DirectoryWatch(KnownDirectory.of(directory, new StateDirectory(parent)));
    }

    private static BackupRun saved(Trigger trigger, Snapshot snapshot) {
        return run(trigger, new Outcome.Saved(snapshot));
    }

    private static BackupRun run(Trigger trigger, Outcome outcome) {
        return new BackupRun(trigger, NOW, NOW, outcome, List.of(), List.of(), Optional.empty());
    }
}
