package dev.otherix.backup.job;

import static org.assertj.core.api.Assertions.assertThat;

import dev.otherix.backup.etcd.EtcdFailure;
import dev.otherix.backup.snapshot.Snapshot;
import dev.otherix.backup.snapshot.SnapshotDirectory;
import dev.otherix.backup.snapshot.Trigger;
import dev.otherix.backup.task.TaskFailure;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.FileTime;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.TimeoutException;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class BackupScheduleTests {

    private static final Instant NOON = Instant.parse("2026-06-06T12:00:00Z");

    @TempDir
    private Path temporary;

    private final SettableClock clock = new SettableClock(NOON.toString());
    private SnapshotDirectory directory;

    @BeforeEach
    void open() {
        directory = SnapshotDirectory.open(temporary.resolve("snapshots"), 0L);
    }

    @AfterEach
    void close() {
        directory.close();
    }

    private BackupSchedule every(Duration interval) {
        return schedule(true, interval, Duration.ofMinutes(1));
    }

    private BackupSchedule schedule(boolean enabled, Duration interval, Duration retryAfter) {
        return new BackupSchedule(
                new BackupProperties(enabled, interval, directory.path(), 7),
                new ScheduleProperties(retryAfter),
                directory,
                clock);
    }

    private BackupRun failed(Trigger trigger) {
        return run(
                trigger,
                new Outcome.Failed(new TaskFailure(TaskFailure.Code.ETCD_FAILED, "no answer", Map.of(), null)));
    }

    private BackupRun defragmented(Trigger trigger) {
        var cause = new EtcdFailure(EtcdFailure.Reason.DEFRAGMENTING, "is being defragmented", new TimeoutException());
        return run(
                trigger,
                new Outcome.Failed(
                        new TaskFailure(TaskFailure.Code.ETCD_FAILED, "is being defragmented", Map.of(), cause)));
    }

    private BackupRun saved(Snapshot snapshot) {
        return run(Trigger.SCHEDULE, new Outcome.Saved(snapshot));
    }

    private BackupRun run(Trigger trigger, Outcome outcome) {
        return new BackupRun(
                trigger, clock.instant(), clock.instant(), outcome, List.of(), List.of(), Optional.empty());
    }

    private Instant nextRunOf(BackupSchedule schedule) {
        for (int minute = 0; minute < 48 * 60; minute++) {
            if (schedule.next().isPresent()) {
                return clock.instant();
            }
            clock.advance(Duration.ofMinutes(1));
        }
        throw new AssertionError("no run within two days");
    }

    @Test
    void anEmptyDirectoryIsDueAtOnce() {
        assertThat(every(Duration.ofHours(6)).next()).contains(new BackupSchedule.Tick(Trigger.STARTUP, false));
    }

    @Test
    void theNextRunIsDueAnIntervalAfterTheNewestGoodSnapshotAndNotAfterTheStart() {
        Taken.good(directory, NOON.minus(Duration.ofHours(5)));

        var schedule = every(Duration.ofHours(6));

        assertThat(schedule.nextDueAt()).contains(NOON.plus(Duration.ofHours(1)));
        assertThat(nextRunOf(schedule)).isEqualTo(NOON.plus(Duration.ofHours(1)));
        assertThat(schedule.next()).map(BackupSchedule.Tick::trigger).contains(Trigger.SCHEDULE);
    }

    @Test
    void anOverdueOneRunsAtOnceAfterTheStart() {
        Taken.good(directory, NOON.minus(Duration.ofHours(7)));

        assertThat(every(Duration.ofHours(6)).next())
                .map(BackupSchedule.Tick::trigger)
                .contains(Trigger.STARTUP);
    }

    @Test
    void aRequestedSnapshotCountsForTheSchedule() {
        Taken.good(directory, NOON.minus(Duration.ofHours(7)));
        Taken.requested(directory, NOON.minus(Duration.ofHours(1)));

        assertThat(every(Duration.ofHours(6)).nextDueAt()).contains(NOON.plus(Duration.ofHours(5)));
    }

    @Test
    void nothingIsDueWhileThePeriodicJobIsOff() {
        var off = schedule(false, Duration.ofHours(6), Duration.ofMinutes(1));

        assertThat(off.next()).isEmpty();
        assertThat(off.nextDueAt()).isEmpty();
        clock.advance(Duration.ofDays(3));
        assertThat(off.overdue()).isFalse();
    }

    @Test
    void aFailedTickIsTriedAgainWithGrowingPauses() {
        var schedule = every(Duration.ofHours(6));

        for (var pause : new long[] {1, 2, 4, 8, 16, 32, 64}) {
            var failedAt = clock.instant();
            schedule.ended(failed(Trigger.SCHEDULE));
            assertThat(Duration.between(failedAt, nextRunOf(schedule))).isEqualTo(Duration.ofMinutes(pause));
        }
    }

    @Test
    void aTickDuringADefragmentationIsTriedAgainSoonAndItsPausesDoNotGrow() {
        var schedule = every(Duration.ofHours(6));

        for (int tick = 0; tick < 5; tick++) {
            schedule.ended(defragmented(Trigger.SCHEDULE));
            assertThat(schedule.nextAttemptAt()).contains(clock.instant().plusSeconds(10));
            clock.advance(Duration.ofSeconds(10));
            assertThat(schedule.next()).as("the retry").isPresent();
        }

        schedule.ended(failed(Trigger.SCHEDULE));
        assertThat(schedule.nextAttemptAt())
                .as("the first pause of another failure")
                .contains(clock.instant().plus(Duration.ofMinutes(1)));
    }

    @Test
    void aShorterPauseThanThatHoldsAlsoDuringADefragmentation() {
        var schedule = schedule(true, Duration.ofHours(6), Duration.ofSeconds(3));

        schedule.ended(defragmented(Trigger.STARTUP));
        schedule.ended(defragmented(Trigger.STARTUP));

        assertThat(schedule.nextAttemptAt()).contains(NOON.plusSeconds(3));
    }

    @Test
    void aRequestThatFailedForADefragmentationIsNotTriedAgain() {
        Taken.good(directory, NOON);
        var schedule = every(Duration.ofHours(6));

        schedule.ended(defragmented(Trigger.REQUEST));

        assertThat(schedule.nextAttemptAt()).isEmpty();
    }

    @Test
    void aRetryNeverWaitsPastTheNextTick() {
        Taken.good(directory, NOON.minus(Duration.ofHours(1)));
        var schedule = schedule(true, Duration.ofHours(1), Duration.ofMinutes(40));

        schedule.ended(failed(Trigger.SCHEDULE));
        assertThat(schedule.nextAttemptAt()).contains(NOON.plus(Duration.ofMinutes(40)));
        clock.set(NOON.plus(Duration.ofMinutes(40)));
        schedule.ended(failed(Trigger.SCHEDULE));

        assertThat(schedule.nextAttemptAt()).contains(NOON.plus(Duration.ofHours(1)));
    }

    @Test
    void manyFailuresDoNotOverflowThePause() {
        var schedule = every(Duration.ofHours(6));

        for (int i = 0; i < 100; i++) {
            schedule.ended(failed(Trigger.SCHEDULE));
        }

        assertThat(schedule.nextAttemptAt()).contains(NOON.plus(Duration.ofHours(6)));
    }

    @Test
    void aRetryMovesNotWhatIsDue() {
        Taken.good(directory, NOON.minus(Duration.ofHours(6)));
        var schedule = every(Duration.ofHours(6));

        schedule.ended(failed(Trigger.SCHEDULE));

        assertThat(schedule.nextDueAt()).contains(NOON);
        assertThat(schedule.next()).as("before the pause is over").isEmpty();
    }

    @Test
    void aSuccessEndsTheRetries() {
        var schedule = every(Duration.ofHours(6));
        schedule.ended(failed(Trigger.SCHEDULE));
        schedule.ended(failed(Trigger.SCHEDULE));

        schedule.ended(saved(Taken.good(directory, NOON)));

        assertThat(schedule.nextAttemptAt()).isEmpty();
        clock.advance(Duration.ofHours(6));
        schedule.ended(failed(Trigger.SCHEDULE));
        assertThat(schedule.nextAttemptAt())
                .as("the pauses begin anew")
                .contains(clock.instant().plus(Duration.ofMinutes(1)));
    }

    @Test
    void aFailedRequestIsNotTriedAgain() {
        Taken.good(directory, NOON);
        var schedule = every(Duration.ofHours(6));

        schedule.ended(failed(Trigger.REQUEST));

        assertThat(schedule.nextAttemptAt()).isEmpty();
        assertThat(nextRunOf(schedule)).isEqualTo(NOON.plus(Duration.ofHours(6)));
    }

    @Test
    void aLocalSnapshotIsNoSuccessAndItsRetriesAddNoSecondOne() {
        Taken.good(directory, NOON.minus(Duration.ofHours(6)));
        var schedule = every(Duration.ofHours(6));

        schedule.ended(saved(Taken.local(directory, NOON)));

        assertThat(schedule.nextDueAt()).contains(NOON);
        assertThat(nextRunOf(schedule)).isEqualTo(NOON.plus(Duration.ofMinutes(1)));
        assertThat(schedule.next()).contains(new BackupSchedule.Tick(Trigger.SCHEDULE, true));
    }

    @Test
    void theNextTickMayTakeALocalSnapshotAgain() {
        Taken.good(directory, NOON.minus(Duration.ofHours(6)));
        var schedule = every(Duration.ofHours(6));
        schedule.ended(saved(Taken.local(directory, NOON)));

        clock.advance(Duration.ofHours(6));

        assertThat(schedule.next()).contains(new BackupSchedule.Tick(Trigger.SCHEDULE, false));
    }

    @Test
    void aSnapshotDatedInTheFutureCountsAsTakenWhenItsFileWasWritten() throws IOException {
        var ahead = Taken.good(directory, NOON.plus(Duration.ofDays(400)));
        Files.setLastModifiedTime(
                directory.path().resolve(ahead.name().toString()), FileTime.from(NOON.minus(Duration.ofHours(2))));

        assertThat(every(Duration.ofHours(6)).nextDueAt()).contains(NOON.plus(Duration.ofHours(4)));
    }

    @Test
    void aRunIsDueWhereTheNewestSnapshotAndItsFileAreBothDatedInTheFuture() {
        Taken.good(directory, NOON.plus(Duration.ofDays(400)));
        var schedule = every(Duration.ofHours(6));

        assertThat(schedule.next()).isPresent();

        schedule.ended(saved(Taken.good(directory, NOON)));
        assertThat(schedule.nextDueAt()).as("once only").contains(NOON.plus(Duration.ofHours(6)));
    }

    @Test
    void aClockSetBackStopsNeitherRetriesNorTheFirstRun() {
        var schedule = every(Duration.ofHours(6));
        clock.set(NOON.minus(Duration.ofDays(100)));
        assertThat(schedule.next()).as("the first run").isPresent();
        clock.set(NOON);
        schedule.ended(failed(Trigger.SCHEDULE));
        assertThat(schedule.next()).isEmpty();

        clock.set(NOON.minus(Duration.ofDays(100)));

        assertThat(schedule.next()).as("the retry").isPresent();
    }

    @Test
    void aClockSetForwardMakesOneRunDue() {
        Taken.good(directory, NOON);
        var schedule = every(Duration.ofHours(6));
        clock.advance(Duration.ofDays(100));
        assertThat(schedule.next()).isPresent();

        schedule.ended(saved(Taken.good(directory, clock.instant())));

        assertThat(schedule.next()).isEmpty();
    }

    @Test
    void anUncheckedFileDoesNotCount() throws IOException {
        Files.write(directory.path().resolve("otherix-20260606T115900Z.db"), new byte[544]);

        assertThat(every(Duration.ofHours(6)).next()).isPresent();
    }

    @Test
    void itIsOverdueTenMinutesAfterAShortIntervalAndATenthAfterALongOne() {
        Taken.good(directory, NOON);
        var hourly = every(Duration.ofHours(1));
        var daily = every(Duration.ofDays(1));

        clock.set(NOON.plus(Duration.ofMinutes(70)));
        assertThat(hourly.overdue()).isFalse();
        clock.set(NOON.plus(Duration.ofMinutes(70)).plusSeconds(1));
        assertThat(hourly.overdue()).isTrue();

        clock.set(NOON.plus(Duration.ofMinutes(24 * 60 + 144)));
        assertThat(daily.overdue()).isFalse();
        clock.advance(Duration.ofSeconds(1));
        assertThat(daily.overdue()).isTrue();
    }

    @Test
    void whatWasDueStaysDueWhileTheDirectoryCannotBeRead() throws IOException {
        Taken.good(directory, NOON.minus(Duration.ofHours(5)));
        var schedule = every(Duration.ofHours(6));
        assertThat(schedule.nextDueAt()).contains(NOON.plus(Duration.ofHours(1)));

        Files.move(directory.path(), temporary.resolve("away"));

        assertThat(schedule.nextDueAt()).contains(NOON.plus(Duration.ofHours(1)));
        assertThat(nextRunOf(schedule)).isEqualTo(NOON.plus(Duration.ofHours(1)));
    }
}
