package dev.otherix.backup.drill;

import static org.assertj.core.api.Assertions.assertThat;

import dev.otherix.backup.job.SettableClock;
import dev.otherix.backup.job.Taken;
import dev.otherix.backup.snapshot.DrillSkip;
import dev.otherix.backup.snapshot.Drilled;
import dev.otherix.backup.snapshot.LoudNotes;
import dev.otherix.backup.snapshot.Snapshot;
import dev.otherix.backup.snapshot.SnapshotDirectory;
import dev.otherix.backup.snapshot.SnapshotName;
import dev.otherix.backup.snapshot.StateNotes;
import dev.otherix.backup.snapshot.Target;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class DrillScheduleTests {

    private static final Instant NOON = Instant.parse("2026-06-06T12:00:00Z");
    private static final SnapshotName NAME =
            SnapshotName.parse("otherix-20260606T120000Z.db").orElseThrow();
    private static final Duration DAY = Duration.ofDays(1);

    @TempDir
    private Path temporary;

    private final SettableClock clock = new SettableClock(NOON.toString());
    private SnapshotDirectory directory;
    private StateNotes notes;
    private DrillSchedule schedule;

    @BeforeEach
    void open() {
        directory = SnapshotDirectory.open(temporary.resolve("snapshots"), 0L);
        start(DAY);
    }

    @AfterEach
    void close() {
        notes.close();
        directory.close();
    }

    private void start(Duration interval) {
        notes = new StateNotes(directory.state(), directory.state().read(), new LoudNotes());
        schedule = new DrillSchedule(new DrillProperties(interval, null), directory, notes, clock);
    }

    /** The service stops and starts; what was noted is written meanwhile. */
    private void restart(Duration interval) {
        close();
        directory = SnapshotDirectory.open(temporary.resolve("snapshots"), 0L);
        start(interval);
    }

    private Drilled result(Drilled.Outcome outcome) {
        return new Drilled(clock.instant(), outcome, 1.5, null, null);
    }

    private boolean dueAfter(Duration pause) {
        clock.advance(pause);
        return schedule.next().isPresent();
    }

    /** How long from now until it is due, looked at every second. */
    private Duration pause() {
        var pause = Duration.ZERO;
        while (schedule.next().isEmpty()) {
            clock.advance(Duration.ofSeconds(1));
            pause = pause.plusSeconds(1);
        }
        return pause;
    }

    @Test
    void theNewestVerifiedIsDueAMinuteAfterTheStartAndAnIntervalAfterEachResult() {
        Taken.good(directory, NOON.minusSeconds(7200));
        var newest = Taken.local(directory, NOON.minusSeconds(3600));
        assertThat(schedule.next()).isEmpty();
        assertThat(dueAfter(Duration.ofSeconds(59))).isFalse();
        assertThat(dueAfter(Duration.ofSeconds(1))).isTrue();
        assertThat(schedule.next()).map(Snapshot::name).contains(newest.name());

        for (var outcome : Drilled.Outcome.values()) {
            schedule.begins();
            schedule.ended(notes -> notes.withScheduled(NAME, result(outcome)));

            assertThat(schedule.last()).map(Drilled::outcome).contains(outcome);
            assertThat(schedule.nextDueAt()).contains(clock.instant().plus(DAY));
            assertThat(dueAfter(DAY.minusSeconds(1))).isFalse();
            assertThat(dueAfter(Duration.ofSeconds(1))).isTrue();
        }
    }

    @Test
    void withoutAVerifiedSnapshotNothingIsDueOrMissing() throws IOException {
        Files.write(directory.path().resolve("otherix-20260606T031500Z.db"), new byte[64]);

        assertThat(dueAfter(DAY)).isFalse();

        assertThat(schedule.nextDueAt()).isEmpty();
        assertThat(schedule.missingAfter()).isEmpty();
        Taken.good(directory, clock.instant());
        assertThat(schedule.next()).isPresent();
        assertThat(schedule.nextDueAt()).contains(clock.instant());
        assertThat(schedule.missingAfter()).contains(clock.instant().plus(DAY.multipliedBy(3)));
    }

    @Test
    void aDrillWithoutAResultIsTriedAgainWithGrowingPauses() {
        Taken.good(directory, NOON);
        clock.advance(Duration.ofMinutes(1));
        var pauses = new ArrayList<Long>();
        for (var i = 0; i < 10; i++) {
            schedule.begins();
            pauses.add(pause().toMinutes());
        }
        assertThat(pauses).isEqualTo(List.of(1L, 2L, 4L, 8L, 16L, 32L, 60L, 60L, 60L, 60L));
        assertThat(schedule.nextDueAt()).as("not moved by retries").contains(NOON.plus(Duration.ofMinutes(1)));

        schedule.ended(notes -> notes.withScheduled(NAME, result(Drilled.Outcome.PASSED)));
        clock.advance(DAY);
        schedule.begins();
        assertThat(pause()).as("a result begins anew").isEqualTo(Duration.ofMinutes(1));
    }

    @Test
    void aShortIntervalIsNoLongerPause() {
        restart(Duration.ofSeconds(2));
        Taken.good(directory, NOON);
        assertThat(pause()).isEqualTo(Duration.ofSeconds(2));
        schedule.begins();
        schedule.begins();
        assertThat(pause()).isEqualTo(Duration.ofSeconds(2));
    }

    @Test
    void aRestartNeitherLosesNorRepeatsADrill() {
        Taken.good(directory, NOON);
        schedule.begins();
        schedule.ended(notes -> notes.withScheduled(NAME, result(Drilled.Outcome.PASSED)));
        var due = NOON.plus(DAY);

        clock.set(due.minusSeconds(3600));
        restart(DAY);
        assertThat(schedule.next()).isEmpty();
        assertThat(schedule.nextDueAt()).contains(due);
        assertThat(schedule.passedAt()).contains(NOON);
        assertThat(dueAfter(Duration.ofSeconds(3599))).isFalse();
        assertThat(dueAfter(Duration.ofSeconds(1))).isTrue();

        restart(DAY);
        assertThat(dueAfter(Duration.ofMinutes(1))).isTrue();
    }

    @Test
    void aProcessThatDiesInEachDrillDoesNotBeginItAtOnceAgain() {
        Taken.good(directory, NOON);
        for (var i = 0; i < 6; i++) {
            schedule.next();
            schedule.begins();
            restart(DAY);
        }
        assertThat(pause()).isEqualTo(Duration.ofMinutes(32));
    }

    @Test
    void theRecordsAreEnoughIfTheNotesAreLost() throws IOException {
        var older = Taken.good(directory, NOON.minus(DAY));
        clock.advance(Duration.ofHours(1));
        var passed = result(Drilled.Outcome.PASSED);
        directory.note(older.name(), passed);
        clock.advance(Duration.ofHours(1));
        var newer = Taken.good(directory, clock.instant());
        clock.advance(Duration.ofHours(1));
        var failed = result(Drilled.Outcome.FAILED);
        directory.note(newer.name(), failed);
        loseNotes();

        assertThat(dueAfter(Duration.ofMinutes(2))).isFalse();
        assertThat(schedule.last()).contains(failed);
        assertThat(schedule.lastSnapshot()).contains(newer.name());
        assertThat(schedule.passedAt()).contains(passed.finishedAt());
        assertThat(schedule.nextDueAt()).contains(failed.finishedAt().plus(DAY));
    }

    private void loseNotes() throws IOException {
        close();
        Files.deleteIfExists(directory.state().path());
        directory = SnapshotDirectory.open(temporary.resolve("snapshots"), 0L);
        start(DAY);
    }

    @Test
    void theRecordOfADrillOfAnOlderSnapshotIsTheLastOneAndDoesNotCount() throws IOException {
        var older = Taken.good(directory, NOON.minus(DAY));
        Taken.good(directory, NOON);
        clock.advance(Duration.ofHours(1));
        var passed = result(Drilled.Outcome.PASSED);
        directory.note(older.name(), passed);
        loseNotes();

        assertThat(dueAfter(Duration.ofMinutes(2))).isTrue();
        assertThat(schedule.last()).contains(passed);
        assertThat(schedule.passedAt()).isEmpty();
    }

    @Test
    void aClockThatWasWrongDelaysNoDrill() {
        Taken.good(directory, NOON);
        clock.set(NOON.plus(Duration.ofDays(400)));
        schedule.begins();
        schedule.ended(notes -> notes.withScheduled(NAME, result(Drilled.Outcome.PASSED)));
        schedule.begins();

        clock.set(NOON.plus(Duration.ofMinutes(1)));

        assertThat(schedule.next()).isPresent();
    }

    @Test
    void aClockThatWasAheadAtTheFirstSnapshotHidesNoMissingDrill() {
        Taken.good(directory, NOON);
        clock.set(NOON.plus(Duration.ofDays(400)));
        schedule.next();

        clock.set(NOON);

        requireCountedFrom(NOON);
        clock.advance(Duration.ofHours(1));
        schedule.next();
        clock.advance(DAY);
        restart(DAY);
        requireCountedFrom(NOON.plus(Duration.ofHours(1)));
    }

    private void requireCountedFrom(Instant since) {
        assertThat(schedule.nextDueAt()).contains(since);
        assertThat(schedule.missingAfter()).contains(since.plus(DAY.multipliedBy(3)));
    }

    @Test
    void aDrillThatPassedWhileTheClockWasAheadHidesNoMissingDrill() {
        Taken.good(directory, NOON);
        schedule.next();
        clock.set(NOON.plus(Duration.ofDays(400)));
        schedule.ended(notes -> notes.withScheduled(NAME, result(Drilled.Outcome.PASSED)));
        var ahead = schedule.last();

        clock.set(NOON.plus(DAY));
        schedule.next();

        requireCountedFrom(NOON.plus(DAY));
        assertThat(schedule.passedAt()).isEmpty();
        assertThat(schedule.last()).isEqualTo(ahead);
    }

    @Test
    void aResultOfAClockThatWasAheadDoesNotHideALaterOneAfterARestart() throws IOException {
        var older = Taken.good(directory, NOON.minus(DAY));
        var newer = Taken.good(directory, NOON);
        clock.set(NOON.plus(Duration.ofDays(400)));
        var ahead = result(Drilled.Outcome.PASSED);
        directory.note(older.name(), ahead);
        schedule.ended(notes -> notes.withScheduled(older.name(), ahead));
        restart(DAY);
        clock.set(NOON.plus(DAY));
        var failed = result(Drilled.Outcome.FAILED);
        directory.note(newer.name(), failed);

        schedule.next();
        assertThat(schedule.last())
                .as("the notes are of the clock that was ahead")
                .contains(failed);
        restart(DAY);
        schedule.next();
        assertThat(schedule.last()).contains(failed);
        loseNotes();
        schedule.next();
        assertThat(schedule.last()).contains(failed);
    }

    @Test
    void aFailureOfAClockThatWasAheadIsKeptUntilTheNextResult() {
        var older = Taken.good(directory, NOON.minus(DAY));
        directory.note(older.name(), result(Drilled.Outcome.PASSED));
        clock.set(NOON.plus(Duration.ofDays(400)));
        var failed = result(Drilled.Outcome.FAILED);
        schedule.ended(notes -> notes.withScheduled(NAME, failed));
        clock.set(NOON.plus(DAY));
        restart(DAY);
        schedule.next();

        assertThat(schedule.last()).contains(failed);
    }

    @Test
    void aDrillThatIsNotPossibleIsTriedFourTimesADayAtLast() {
        Taken.good(directory, NOON);
        clock.advance(Duration.ofMinutes(1));
        var pauses = new ArrayList<Long>();
        for (var i = 0; i < 10; i++) {
            schedule.begins();
            schedule.skipped("not enough memory", false);
            pauses.add(pause().toMinutes());
        }
        assertThat(pauses).isEqualTo(List.of(1L, 2L, 4L, 8L, 16L, 32L, 64L, 128L, 256L, 360L));

        restart(Duration.ofHours(2));
        schedule.begins();
        assertThat(pause()).as("no longer than the interval").isEqualTo(Duration.ofHours(2));
    }

    @Test
    void whatEndsADrillIsAReasonOnlyIfNothingElseIsKnown() {
        schedule.skipped("ended by a run", true);
        clock.advance(DAY);
        schedule.skipped("ended by a run", true);
        assertThat(schedule.skipped()).contains(new DrillSkip(clock.instant(), "ended by a run", true));

        schedule.skipped("not enough memory", false);
        var known = schedule.skipped();
        schedule.skipped("ended by a run", true);
        assertThat(schedule.skipped()).isEqualTo(known);
        restart(DAY);
        assertThat(schedule.skipped()).isEqualTo(known);

        schedule.ended(notes -> notes.withScheduled(NAME, result(Drilled.Outcome.FAILED)));
        assertThat(schedule.skipped()).isEmpty();
    }

    @Test
    void offMeansThatNothingIsDueOrMissingAndSwitchingOnBeginsAnew() {
        Taken.good(directory, NOON);
        schedule.next();
        schedule.begins();
        schedule.ended(notes -> notes.withScheduled(NAME, result(Drilled.Outcome.PASSED)));
        restart(Duration.ZERO);
        assertThat(dueAfter(DAY.multipliedBy(30))).isFalse();
        assertThat(schedule.nextDueAt()).isEmpty();
        assertThat(schedule.missingAfter()).isEmpty();
        assertThat(schedule.last()).isPresent();

        restart(DAY);
        assertThat(dueAfter(Duration.ofMinutes(1))).isTrue();
        assertThat(schedule.missingAfter()).contains(clock.instant().plus(DAY.multipliedBy(3)));
    }

    @Test
    void threeIntervalsAfterTheLastThatPassedOneIsMissing() {
        Taken.good(directory, NOON);
        schedule.next();
        clock.advance(DAY);
        schedule.ended(notes -> notes.withScheduled(NAME, result(Drilled.Outcome.PASSED)));
        var passed = clock.instant();
        clock.advance(DAY);
        schedule.ended(notes -> notes.withScheduled(NAME, result(Drilled.Outcome.FAILED)));

        assertThat(schedule.missingAfter()).isEqualTo(Optional.of(passed.plus(DAY.multipliedBy(3))));
    }

    private void scheduled(int times) {
        for (var i = 0; i < times; i++) {
            schedule.begins();
            schedule.ended(notes -> notes.withScheduled(NAME, result(Drilled.Outcome.PASSED)));
        }
    }

    @Test
    void theSeventhScheduledDrillTakesACopyAndARestartNeitherLosesNorRepeatsIt() {
        Taken.good(directory, NOON);
        scheduled(3);
        restart(DAY);
        scheduled(2);
        assertThat(schedule.takesCopy()).isFalse();
        schedule.ended(notes -> notes.withScheduled(NAME, result(Drilled.Outcome.FAILED)));
        restart(DAY);
        assertThat(schedule.takesCopy()).isTrue();
        schedule.begins();
        restart(DAY);
        assertThat(schedule.takesCopy()).as("the process ended in it").isTrue();

        schedule.ended(notes -> notes.withCopy(NAME, result(Drilled.Outcome.FAILED), Target.FILESYSTEM));
        restart(DAY);

        assertThat(schedule.takesCopy()).isFalse();
        assertThat(schedule.lastCopy()).contains(Target.FILESYSTEM);
        scheduled(6);
        assertThat(schedule.takesCopy()).isTrue();
    }

    @Test
    void requestedDrillsDoNotCount() {
        scheduled(5);
        schedule.ended(notes -> notes.with(NAME, result(Drilled.Outcome.PASSED)));
        schedule.ended(notes -> notes.with(NAME, result(Drilled.Outcome.PASSED)));
        assertThat(schedule.takesCopy()).isFalse();
        scheduled(1);
        schedule.ended(notes -> notes.with(NAME, result(Drilled.Outcome.PASSED)));
        assertThat(schedule.takesCopy()).isTrue();
    }

    @Test
    void aCopyThatCannotBeHadComesAfterTheNextResultAlsoAfterARestart() {
        scheduled(6);
        schedule.begins();
        schedule.missesCopy();
        assertThat(schedule.takesCopy()).isFalse();
        restart(DAY);
        assertThat(schedule.takesCopy()).isFalse();
        schedule.begins();
        assertThat(schedule.takesCopy()).as("the next one had no result either").isFalse();

        scheduled(1);

        assertThat(schedule.takesCopy()).isTrue();
    }

    @Test
    void aCopyIsTriedThreeTimesInARow() {
        scheduled(6);
        for (var i = 0; i < 3; i++) {
            assertThat(schedule.takesCopy()).isTrue();
            schedule.begins();
        }
        assertThat(schedule.takesCopy()).isFalse();
        scheduled(1);
        assertThat(schedule.takesCopy()).isTrue();
    }
}
