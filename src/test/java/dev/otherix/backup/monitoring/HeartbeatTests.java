package dev.otherix.backup.monitoring;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import dev.otherix.backup.job.BackupRun;
import dev.otherix.backup.job.DirectoryStatus;
import dev.otherix.backup.job.SettableClock;
import dev.otherix.backup.job.Taken;
import dev.otherix.backup.snapshot.Checked;
import dev.otherix.backup.snapshot.Copy;
import dev.otherix.backup.snapshot.LoudNotes;
import dev.otherix.backup.snapshot.Remembered;
import dev.otherix.backup.snapshot.Snapshot;
import dev.otherix.backup.snapshot.SnapshotDirectory;
import dev.otherix.backup.snapshot.SnapshotInterval;
import dev.otherix.backup.snapshot.SnapshotName;
import dev.otherix.backup.snapshot.StateNotes;
import dev.otherix.backup.snapshot.Target;
import dev.otherix.backup.snapshot.Trigger;
import dev.otherix.backup.snapshot.Verification;
import dev.otherix.backup.task.TaskFailure;
import io.micrometer.core.instrument.simple.SimpleMeterRegistry;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Set;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.atomic.AtomicReference;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Which runs and snapshots are a sign of life, and which of a failure. Calls come in the order of the runs. */
class HeartbeatTests {

    private static final String OK = "GET /ok";
    private static final String FAIL = "GET /fail";
    private static final Duration INTERVAL = Duration.ofHours(6);
    private static final Instant TAKEN = Situation.NOW.minusSeconds(3600);

    @TempDir
    private Path temporary;

    private DeadManSwitch receiver = DeadManSwitch.start();
    private SnapshotDirectory directory;
    private StateNotes notes;
    private Heartbeat heartbeat;
    private final SettableClock clock = new SettableClock(Situation.NOW.toString());
    private final AtomicReference<Situation> now =
            new AtomicReference<>(Situation.beforeFirstRun(DirectoryStatus.NONE));

    @BeforeEach
    void open() {
        directory = SnapshotDirectory.open(temporary.resolve("snapshots"), 0L);
        notes = new StateNotes(directory.state(), Remembered.NOTHING, new LoudNotes());
    }

    @AfterEach
    void close() {
        heartbeat.close();
        notes.close();
        directory.close();
        receiver.close();
    }

    private void start(Target... targets) {
        var settings = new HeartbeatProperties(receiver.url("/ok"), receiver.url("/fail"), null, null, null);
        heartbeat = new Heartbeat(
                settings,
                new HeartbeatCall(settings, List.of(), Duration.ofSeconds(10)),
                new SignsOfLife(directory, Set.of(targets), new SnapshotInterval(INTERVAL), clock),
                () -> now.get().state(),
                notes,
                new SimpleMeterRegistry());
    }

    private void restart() {
        heartbeat.close();
        start();
    }

    private void ended(BackupRun run) {
        now.set(now.get().after(run));
        heartbeat.ended(run);
    }

    private void tick() {
        heartbeat.ticked();
    }

    private void requireCalls(String... calls) {
        await().until(() -> receiver.calls().size() >= calls.length);
        assertThat(receiver.calls()).containsExactly(calls);
    }

    /** The next call after all that came of what was done until now. */
    private void fail() {
        heartbeat.ended(failed(Trigger.SCHEDULE, TaskFailure.Code.ETCD_FAILED));
    }

    private Snapshot scheduled(Instant at) {
        var snapshot = Taken.good(directory, at);
        ended(Situation.saved(snapshot));
        tick();
        return snapshot;
    }

    private Snapshot requested(Instant at) {
        var snapshot = Taken.requested(directory, at);
        ended(Situation.requested(snapshot));
        tick();
        return snapshot;
    }

    private static BackupRun failed(Trigger trigger, TaskFailure.Code code) {
        return Situation.failed(trigger, code, "it did not work");
    }

    private Snapshot unverified(Instant at) {
        var taken = Taken.good(directory, at);
        directory.adopt(taken.withFound(
                taken.file(),
                taken.content(),
                new Checked(null, new Verification(Verification.State.UNVERIFIED, null, List.of()))));
        return taken;
    }

    @Test
    void onlyAVerifiedSnapshotWithEveryWriteIsASignOfLife() {
        start();
        ended(Situation.saved(unverified(TAKEN.plusSeconds(2))));
        tick();
        Taken.local(directory, TAKEN.plusSeconds(3));
        tick();
        fail();
        requireCalls(FAIL);

        scheduled(TAKEN.plusSeconds(5));

        requireCalls(FAIL, OK);
    }

    @Test
    void eachSnapshotIsReportedOnce() {
        start();
        scheduled(TAKEN);
        tick();
        fail();
        tick();
        heartbeat.ended(failed(Trigger.STARTUP, TaskFailure.Code.ETCD_FAILED));

        requireCalls(OK, FAIL, FAIL);
    }

    @Test
    void aRequestedSnapshotCountsWhenAnIntervalHasPassedSinceTheLastCall() {
        start();
        scheduled(TAKEN);
        requireCalls(OK);
        clock.advance(INTERVAL);
        requested(TAKEN.plus(INTERVAL));
        requireCalls(OK, OK);

        clock.advance(INTERVAL.minusSeconds(1));
        requested(TAKEN.plus(INTERVAL.multipliedBy(2)));
        fail();
        requireCalls(OK, OK, FAIL);
    }

    /** The clock's part is to call: it may stand still while requests are served. */
    @Test
    void withoutATickNothingIsCalledForASuccess() {
        start();
        ended(Situation.saved(Taken.good(directory, TAKEN)));
        ended(Situation.requested(Taken.requested(directory, TAKEN.plusSeconds(1))));
        fail();

        requireCalls(FAIL);
    }

    @Test
    void afterAFailureTheNextSuccessCountsWhateverAskedForIt() {
        start();
        scheduled(TAKEN);
        requireCalls(OK);
        ended(failed(Trigger.SCHEDULE, TaskFailure.Code.ETCD_FAILED));
        requested(TAKEN.plusSeconds(1));
        requireCalls(OK, FAIL, OK);

        requested(TAKEN.plusSeconds(2));
        fail();
        requireCalls(OK, FAIL, OK, FAIL);
    }

    @Test
    void whileTheLastRunFailedOrOneIsOverdueAProvenCopyIsNoSignOfLife() {
        start(Target.S3);
        var snapshot = scheduled(TAKEN);
        ended(failed(Trigger.REQUEST, TaskFailure.Code.ETCD_FAILED));
        copied(snapshot, Target.S3, Copy.State.COPIED);
        tick();
        fail();
        requireCalls(FAIL);

        ended(Situation.saved(snapshot));
        var well = now.getAndSet(now.get().overdueSince(TAKEN));
        tick();
        fail();
        requireCalls(FAIL, FAIL);

        now.set(well);
        tick();
        requireCalls(FAIL, FAIL, OK);
    }

    @Test
    void aCopyThatIsLateIsNoSignOfLife() {
        start(Target.S3);
        copied(
                Taken.good(
                        directory, Situation.NOW.minus(INTERVAL.multipliedBy(3)).minusSeconds(1)),
                Target.S3,
                Copy.State.COPIED);
        tick();
        fail();
        requireCalls(FAIL);

        copied(scheduled(Situation.NOW.minus(INTERVAL.multipliedBy(3))), Target.S3, Copy.State.COPIED);
        tick();
        requireCalls(FAIL, OK);
    }

    @Test
    void whilePeriodicBackupsAreOffNothingIsASignOfLife() {
        now.set(now.get().off());
        start();
        requested(TAKEN);
        fail();

        requireCalls(FAIL);
    }

    @Test
    void aCallThatWasNotDeliveredIsNotNotedAndComesAgainAfterARestart() {
        receiver.close();
        receiver = DeadManSwitch.answering(() -> 500);
        start();
        var snapshot = scheduled(TAKEN);
        tick();
        fail();
        requireCalls(OK, FAIL);
        assertThat(notes.now().heartbeat()).isNull();

        receiver.close();
        receiver = DeadManSwitch.start();
        restart();
        tick();
        requireCalls(OK);
        await().untilAsserted(() -> assertThat(notes.now().heartbeat()).isEqualTo(snapshot.name()));
    }

    @Test
    void aCallThatAStopCutOffIsNotNoted() {
        var answers = new CountDownLatch(1);
        receiver.close();
        receiver = DeadManSwitch.waitingFor(answers);
        start();
        scheduled(TAKEN);
        requireCalls(OK);

        heartbeat.close();
        await().until(() -> Thread.getAllStackTraces().keySet().stream()
                .noneMatch(thread -> thread.getName().equals("heartbeat")));
        answers.countDown();

        assertThat(notes.now().heartbeat()).isNull();
    }

    @Test
    void aNoteFromAClockThatWasAheadIsDropped() {
        notes.note(before -> before.with(new SnapshotName(Situation.NOW.plus(Duration.ofDays(3650)))));
        start();
        scheduled(TAKEN);
        requireCalls(OK);

        scheduled(TAKEN.plusSeconds(1));
        requireCalls(OK, OK);
    }

    @Test
    void withTargetsItWaitsForTheCopyAtEachAndReportsTheNewestThatIsAtAll() {
        start(Target.S3, Target.FILESYSTEM);
        var first = Taken.good(directory, TAKEN);
        var second = Taken.good(directory, TAKEN.plusSeconds(1));
        copied(first, Target.S3, Copy.State.COPIED);
        copied(first, Target.FILESYSTEM, Copy.State.MISSING);
        copied(second, Target.S3, Copy.State.COPIED);
        ended(Situation.saved(second));
        tick();
        fail();
        requireCalls(FAIL);

        copied(first, Target.FILESYSTEM, Copy.State.COPIED);
        tick();
        requireCalls(FAIL, OK);
        await().untilAsserted(() -> assertThat(notes.now().heartbeat()).isEqualTo(first.name()));

        copied(second, Target.FILESYSTEM, Copy.State.COPIED);
        tick();
        requireCalls(FAIL, OK, OK);
    }

    private void copied(Snapshot snapshot, Target target, Copy.State state) {
        assertThat(directory.note(
                        snapshot.name(), new Copy(target, "key", TAKEN.plusSeconds(9), 64, "00", null, null, state)))
                .isPresent();
    }

    @Test
    void aFailureOfTheClockIsReportedAndNeitherOneOfARequestNorOneByAStop() {
        start();
        heartbeat.ended(failed(Trigger.REQUEST, TaskFailure.Code.ETCD_FAILED));
        heartbeat.ended(failed(Trigger.SCHEDULE, TaskFailure.Code.SHUTTING_DOWN));
        scheduled(TAKEN);
        heartbeat.ended(failed(Trigger.STARTUP, TaskFailure.Code.DIRECTORY_FAILED));

        requireCalls(OK, FAIL);
    }

    /** It may miss the last writes, so it is no sign that backups are well. */
    @Test
    void aSnapshotOfAMemberWithoutQuorumIsReportedAsAFailure() {
        start();
        ended(Situation.saved(Taken.local(directory, TAKEN)));
        tick();

        requireCalls(FAIL);
    }

    @Test
    void atAStartASnapshotThatIsNotOverdueIsReportedAndOneThatIsIsNot() {
        Taken.good(directory, TAKEN);
        var well = now.getAndSet(now.get().overdueSince(TAKEN));
        start();
        tick();
        fail();
        requireCalls(FAIL);

        now.set(well);
        restart();
        tick();
        requireCalls(FAIL, OK);
    }
}
