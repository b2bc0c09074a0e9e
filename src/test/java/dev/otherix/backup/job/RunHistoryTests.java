package dev.otherix.backup.job;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import dev.otherix.backup.etcd.FakeMember;
import dev.otherix.backup.log.Written;
import dev.otherix.backup.snapshot.Consistency;
import dev.otherix.backup.snapshot.FaultyDisk;
import dev.otherix.backup.snapshot.LastRun;
import dev.otherix.backup.snapshot.Remembered;
import dev.otherix.backup.snapshot.SnapshotDirectory;
import dev.otherix.backup.snapshot.SnapshotRequest;
import dev.otherix.backup.snapshot.StateNotes;
import dev.otherix.backup.snapshot.Trigger;
import dev.otherix.backup.task.End;
import dev.otherix.backup.task.TaskFailure;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.api.io.TempDir;
import org.springframework.boot.test.system.CapturedOutput;
import org.springframework.boot.test.system.OutputCaptureExtension;

/** How the last run ended, before and after a restart. */
@ExtendWith(OutputCaptureExtension.class)
@Timeout(120)
class RunHistoryTests {

    private static final Instant BEGAN = Instant.parse("2026-06-06T12:00:00Z");
    private static final TaskFailure NO_SPACE = new TaskFailure(
            TaskFailure.Code.DIRECTORY_FAILED, "4096 bytes are missing", Map.of("missing_bytes", 4096L), null);

    @TempDir
    private Path temporary;

    private final FaultyDisk disk = new FaultyDisk();
    private SnapshotDirectory directory;
    private StateNotes notes;
    private RunHistory history;

    @BeforeEach
    void open() {
        directory = disk.open(temporary.resolve("snapshots"), 0L);
        notes = RunHistory.notes(directory, true);
        history = new RunHistory(notes);
    }

    @AfterEach
    void close() {
        disk.heal();
        notes.close();
        directory.close();
    }

    private void restart(boolean known) {
        notes.close();
        directory.close();
        directory = disk.open(directory.path(), 0L);
        notes = RunHistory.notes(directory, known);
        history = new RunHistory(notes);
    }

    private static BackupRun run(Outcome outcome) {
        return BackupRun.withoutPrune(Trigger.SCHEDULE, BEGAN, BEGAN.plusSeconds(30), outcome, List.of());
    }

    @Test
    void afterARestartAFailureIsWhatItWas() {
        assertThat(history.last()).isEmpty();
        history.ended(run(new Outcome.Failed(NO_SPACE)));
        var before = history.last();

        restart(true);

        assertThat(history.last()).isPresent().hasValueSatisfying(last -> {
            assertThat(last.startedAt()).isEqualTo(BEGAN);
            assertThat(last.trigger()).isEqualTo(Trigger.SCHEDULE);
            assertThat(last.outcome()).isEqualTo(LastRun.Outcome.FAILURE);
            assertThat(last.error().code()).isEqualTo("directory_failed");
            assertThat(last.error().message()).isEqualTo("4096 bytes are missing");
            assertThat(last.error().details()).hasToString("{missing_bytes=4096}");
        });
        assertThat(before).isPresent();
    }

    @Test
    void afterARestartALocalOneIsWhatItWas() {
        var local = Taken.local(directory, BEGAN);
        history.ended(run(new Outcome.Saved(local)));

        restart(true);

        assertThat(history.last()).hasValueSatisfying(last -> {
            assertThat(last.outcome()).isEqualTo(LastRun.Outcome.LOCAL);
            assertThat(last.name()).isEqualTo(local.name());
            assertThat(last.consistencyReason()).isEqualTo(Consistency.Reason.NO_QUORUM);
        });
    }

    @Test
    void aRunThatAStopCutShortChangesNothing() {
        history.ended(run(new Outcome.Failed(NO_SPACE)));
        var before = history.last();

        history.ended(run(new Outcome.Failed(new TaskFailure(TaskFailure.Code.SHUTTING_DOWN, "cancelled"))));

        assertThat(history.last()).isEqualTo(before);
        restart(true);
        assertThat(history.last().map(LastRun::outcome)).hasValue(LastRun.Outcome.FAILURE);
    }

    @Test
    void aGoodSnapshotThatCameLaterWithoutANoteSupersedesIt() {
        history.ended(run(new Outcome.Failed(NO_SPACE)));
        Taken.good(directory, BEGAN.minusSeconds(3600));
        restart(true);
        assertThat(history.last()).as("an earlier one does not").isPresent();

        Taken.local(directory, BEGAN.plusSeconds(1800));
        restart(true);
        assertThat(history.last()).as("nor does a local one").isPresent();

        // as a version does that keeps no notes
        Taken.good(directory, BEGAN.plusSeconds(3600));
        restart(true);
        assertThat(history.last()).isEmpty();
    }

    @Test
    void inADirectoryThatIsAnotherOneThanBeforeItsNotesDoNotCount() {
        history.ended(run(new Outcome.Saved(Taken.good(directory, BEGAN))));

        restart(false);

        assertThat(history.last()).isEmpty();
    }

    @Test
    void damagedNotesAreReportedAndRefuseNoStart(CapturedOutput output) throws IOException {
        Files.writeString(directory.path().resolve(".otherix-etcd-backup.state"), "{");

        restart(true);

        assertThat(history.last()).isEmpty();
        assertThat(Written.out(output))
                .contains("cannot read how the last run before this start ended: ", ".state is damaged");
    }

    @Test
    void whereItCannotBeNotedOneWarningSaysSo(CapturedOutput output) {
        disk.watchNotes(step -> {
            throw new IOException("Read-only file system");
        });
        for (int i = 0; i < 3; i++) {
            history.ended(run(new Outcome.Failed(NO_SPACE)));
        }
        restart(true);

        assertThat(history.last()).isEmpty();
        assertThat(Written.out(output).toString().split("cannot record how the last run ended", -1))
                .hasSize(2);
    }

    @Test
    void whatCouldNotBeNotedIsNotedWhenTheDiskTakesItAgain() {
        var refusals = new AtomicInteger();
        disk.watchNotes(_ -> {
            refusals.incrementAndGet();
            throw new IOException("Read-only file system");
        });
        var failed = LastRun.failed(
                BEGAN,
                BEGAN.plusSeconds(30),
                Trigger.SCHEDULE,
                new LastRun.Failure("directory_failed", "no answer", Map.of()));
        try (var retried =
                new StateNotes(directory.state(), Remembered.NOTHING, new NotesLog(), Duration.ofMillis(50))) {
            retried.note(before -> before.with(failed));
            await().until(() -> refusals.get() > 0);
            assertThat(directory.state().read().lastRun()).isNull();

            disk.watchNotes(_ -> {});

            await().until(() -> failed.equals(directory.state().read().lastRun()));
        }
    }

    @Test
    void aDiskThatHangsWhileItIsNotedHoldsUpNoRunAndNoStop() {
        var answers = new CountDownLatch(1);
        try (var member = new FakeMember();
                var parts = PartsOn.directory(
                        disk.open(temporary.resolve("other"), 0L),
                        new BackupProperties(false, Duration.ofHours(6), temporary.resolve("other"), 7),
                        member.clientUrl(),
                        new SettableClock("2026-06-06T12:00:00Z"))) {
            member.serve(SampleFile.good());
            member.revision(2);
            member.hash(_ -> FakeMember.Answer.of(SampleFile.HASH_KV, -1, 2));
            disk.watchNotes(_ -> await().atMost(Duration.ofMinutes(1)).until(() -> answers.getCount() == 0));

            for (int i = 0; i < 3; i++) {
                var request = new SnapshotRequest(null, null, null, BEGAN);
                assertThat(End.of(parts.job().request(new RunRequest(request, false, false)))
                                .succeeded())
                        .isTrue();
            }
            assertThat(parts.status().lastAttempt()).isPresent();

            var began = System.nanoTime();
            parts.ticks().stop();
            assertThat(Duration.ofNanos(System.nanoTime() - began)).isLessThan(Duration.ofSeconds(3));

            answers.countDown();
            var state = parts.directory().state();
            await().until(() -> state.read().lastRun() != null);
        } finally {
            answers.countDown();
        }
    }
}
