package dev.otherix.backup.job;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import dev.otherix.backup.etcd.FakeMember;
import dev.otherix.backup.snapshot.FaultyDisk;
import dev.otherix.backup.snapshot.Snapshot;
import dev.otherix.backup.snapshot.SnapshotDirectory;
import dev.otherix.backup.snapshot.SnapshotRequest;
import dev.otherix.backup.snapshot.Trigger;
import dev.otherix.backup.task.End;
import dev.otherix.backup.task.Task;
import dev.otherix.backup.task.TaskFailure;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.concurrent.Callable;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.Executors;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicReference;
import java.util.stream.IntStream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/**
 * A disk that does not answer, at each step of a run. Real ones that hang are in another test; this one chooses the
 * step and sees what the thread does when the disk answers after all.
 */
@Timeout(600)
class HangTests {

    private static final Duration LONGEST_CALL = Duration.ofSeconds(1);
    private static final int AT_ONCE = 4;

    /** What retention removes after the next run. */
    private static final String OLDEST = "otherix-20260606T100000Z.db";

    @TempDir
    private Path temporary;

    private final SettableClock clock = new SettableClock("2026-06-06T12:00:00Z");
    private FakeMember member;

    @BeforeEach
    void serve() {
        member = new FakeMember();
        member.serve(SampleFile.good());
        member.revision(2);
        member.hash(_ -> FakeMember.Answer.of(SampleFile.HASH_KV, -1, 2));
    }

    @AfterEach
    void close() {
        member.close();
    }

    @Test
    void whereverADiskHangsTheRunFailsAndItsThreadThenChangesNothingMore() throws Exception {
        var steps = Collections.synchronizedList(new ArrayList<String>());
        try (var run = new Run("rehearsal")) {
            run.disk.watch(steps::add);
            assertThat(End.of(run.request()).succeeded()).isTrue();
        }
        assertThat(steps)
                .anyMatch(step -> step.startsWith("link "))
                .anyMatch(step -> step.startsWith("delete otherix-"));

        // of steps that come again and again the first is enough
        var firsts = IntStream.range(0, steps.size())
                .filter(at -> steps.indexOf(steps.get(at)) == at)
                .boxed()
                .toList();
        // each has a directory of its own, and mostly waits
        try (var runs = Executors.newFixedThreadPool(AT_ONCE)) {
            for (var ended : runs.invokeAll(firsts.stream().map(this::hangingAt).toList())) {
                ended.get();
            }
        }
    }

    private Callable<Void> hangingAt(int at) {
        return () -> {
            hangAt(at);
            return null;
        };
    }

    private void hangAt(int at) throws Exception {
        try (var run = new Run("step-" + at)) {
            var answers = new CountDownLatch(1);
            var hung = new AtomicReference<String>();
            var seen = new AtomicInteger();
            run.disk.watch(step -> {
                if (seen.getAndIncrement() == at) {
                    hung.set(step);
                    awaitUninterruptibly(answers);
                }
            });
            try {
                var failure = End.of(run.request()).error();
                var where = "step " + at + ", " + hung.get();
                assertThat(failure.code()).as(where).isEqualTo(TaskFailure.Code.DIRECTORY_FAILED);
                assertThat(failure.message()).as(where).startsWith("the disk has not answered for ");
                assertThat(run.ended)
                        .as(where)
                        .singleElement()
                        .satisfies(ended -> assertThat(ended.outcome()).isEqualTo(new Outcome.Failed(failure)));

                assertThat(End.of(run.request()).error())
                        .as("the next, after " + where)
                        .isEqualTo(failure);
                assertThat(run.parts.job().tick(Trigger.SCHEDULE, false)).isEmpty();
                assertThat(run.ended).as(where).hasSize(1);
                var before = run.snapshots();

                answers.countDown();
                await(where)
                        .atMost(Duration.ofMinutes(1))
                        .until(() -> run.parts.job().running().isEmpty());

                // how the run ended is noted on a thread of its own
                await(where)
                        .untilAsserted(
                                () -> assertThat(run.files()).as(where).noneMatch(name -> name.endsWith(".tmp")));
                assertThat(run.snapshots()).as(where).isEqualTo(before);
                var records = new ArrayList<>(run.records());
                if (hung.get().equals("delete " + OLDEST.replace(".db", ".json"))) {
                    // its file is gone; the next start removes it
                    records.remove(OLDEST);
                }
                assertThat(records).as(where).isEqualTo(before);
                assertThat(run.ended)
                        .as("what its thread did later, at " + where)
                        .hasSize(1);
            } finally {
                answers.countDown();
            }
            var next = End.of(run.request());
            assertThat(next.succeeded()).as("once the disk answers").isTrue();
            assertThat(run.snapshots())
                    .contains(next.result().name().toString())
                    .doesNotContain(OLDEST);
        }
    }

    @Test
    void aRunThatIsAbandonedBeforeItsThreadBeginsIsReportedAndDoesNotStart() {
        var taken = new AtomicInteger();
        var ended = new ArrayList<BackupRun>();
        try (var directory = SnapshotDirectory.open(temporary.resolve("snapshots"), 0L)) {
            var run = new PendingRun(
                    Trigger.REQUEST,
                    false,
                    _ -> {
                        taken.incrementAndGet();
                        throw new IllegalStateException("started");
                    },
                    ended::add,
                    directory.calls(),
                    clock);
            var task = run.add();
            var why = new TaskFailure(TaskFailure.Code.DIRECTORY_FAILED, "no answer");

            run.giveUp(why);
            run.perform();

            assertThat(End.of(task).error()).isEqualTo(why);
            assertThat(taken).hasValue(0);
            assertThat(ended).singleElement().satisfies(failed -> {
                assertThat(failed.outcome()).isEqualTo(new Outcome.Failed(why));
                assertThat(failed.startedAt()).isEqualTo(clock.instant());
            });
        }
    }

    private static void awaitUninterruptibly(CountDownLatch latch) {
        while (latch.getCount() > 0) {
            try {
                latch.await();
            } catch (InterruptedException stillHangs) {
                // as a call into the system does
            }
        }
    }

    /** A directory with snapshots, of which some go after the next, and what makes that. */
    private final class Run implements AutoCloseable {

        private final FaultyDisk disk = new FaultyDisk();
        private final List<BackupRun> ended = Collections.synchronizedList(new ArrayList<>());
        private final Path dir;
        private final PartsOn parts;

        Run(String name) {
            dir = temporary.resolve(name);
            var directory = disk.open(dir, 0L);
            for (int hours = 2; hours > 0; hours--) {
                Taken.requested(directory, clock.instant().minus(Duration.ofHours(hours)));
            }
            parts = PartsOn.watchedDirectory(
                    directory,
                    new BackupProperties(false, Duration.ofHours(6), dir, 7),
                    member.clientUrl(),
                    clock,
                    LONGEST_CALL);
            parts.listen(ended::add);
        }

        Task<Snapshot> request() {
            return parts.job()
                    .request(new RunRequest(new SnapshotRequest(null, null, null, clock.instant()), false, false));
        }

        List<String> files() throws IOException {
            try (var files = Files.list(dir)) {
                return files.map(file -> file.getFileName().toString()).sorted().toList();
            }
        }

        List<String> snapshots() throws IOException {
            return files().stream().filter(name -> name.endsWith(".db")).toList();
        }

        /** By the names of their snapshots. */
        List<String> records() throws IOException {
            return files().stream()
                    .filter(name -> name.startsWith("otherix-") && name.endsWith(".json"))
                    .map(name -> name.replace(".json", ".db"))
                    .toList();
        }

        @Override
        public void close() {
            disk.heal();
            parts.close();
        }
    }
}
