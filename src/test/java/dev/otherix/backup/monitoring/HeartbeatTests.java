package dev.otherix.backup.monitoring;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import dev.otherix.backup.job.BackupRun;
import dev.otherix.backup.job.Taken;
import dev.otherix.backup.snapshot.Checked;
import dev.otherix.backup.snapshot.Copy;
import dev.otherix.backup.snapshot.DirectoryFailure;
import dev.otherix.backup.snapshot.Remembered;
import dev.otherix.backup.snapshot.Snapshot;
import dev.otherix.backup.snapshot.SnapshotDirectory;
import dev.otherix.backup.snapshot.StateFile;
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
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Which runs and snapshots are a sign of life, and which of a failure. Calls come in the order of the runs. */
class HeartbeatTests {

    private static final String OK = "GET /ok";
    private static final String FAIL = "GET /fail";
    private static final Instant TAKEN = Situation.NOW.minusSeconds(3600);

    @TempDir
    private Path temporary;

    private final DeadManSwitch receiver = DeadManSwitch.start();
    private SnapshotDirectory directory;
    private StateNotes notes;
    private Heartbeat heartbeat;

    @BeforeEach
    void open() {
        directory = SnapshotDirectory.open(temporary.resolve("snapshots"), 0L);
        notes = new StateNotes(directory.state(), Remembered.NOTHING, new Loud());
    }

    @AfterEach
    void close() {
        heartbeat.close();
        notes.close();
        directory.close();
        receiver.close();
    }

    private void start(boolean overdue, Target... targets) {
        var settings = new HeartbeatProperties(receiver.url("/ok"), receiver.url("/fail"), null, null, null);
        heartbeat = new Heartbeat(
                settings,
                new HeartbeatCall(settings, List.of(), Duration.ofSeconds(10)),
                directory,
                Set.of(targets),
                notes,
                new SimpleMeterRegistry(),
                () -> overdue);
        heartbeat.start();
    }

    private void requireCalls(String... calls) {
        await().until(() -> receiver.calls().size() >= calls.length);
        assertThat(receiver.calls()).containsExactly(calls);
    }

    /** The next call after all that came of what was done until now. */
    private void fail() {
        heartbeat.ended(failed(Trigger.SCHEDULE, TaskFailure.Code.ETCD_FAILED));
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
    void onlyAVerifiedSnapshotOfTheClockWithEveryWriteIsASignOfLife() {
        start(false);
        heartbeat.ended(Situation.saved(Taken.requested(directory, TAKEN.plusSeconds(1))));
        heartbeat.ended(Situation.saved(unverified(TAKEN.plusSeconds(2))));
        Taken.local(directory, TAKEN.plusSeconds(3));
        heartbeat.ended(Situation.saved(Taken.requested(directory, TAKEN.plusSeconds(4))));
        fail();
        requireCalls(FAIL);

        heartbeat.ended(Situation.saved(Taken.good(directory, TAKEN.plusSeconds(5))));

        requireCalls(FAIL, OK);
    }

    @Test
    void eachSnapshotIsReportedOnce() {
        start(false);
        var snapshot = Situation.saved(Taken.good(directory, TAKEN));
        heartbeat.ended(snapshot);
        heartbeat.ended(snapshot);
        fail();

        requireCalls(OK, FAIL);
    }

    @Test
    void withTargetsItWaitsForTheCopyAtEachAndReportsTheNewestThatIsAtAll() {
        start(false, Target.S3, Target.FILESYSTEM);
        var first = Taken.good(directory, TAKEN);
        var second = Taken.good(directory, TAKEN.plusSeconds(1));
        copied(first, Target.S3, Copy.State.COPIED);
        copied(first, Target.FILESYSTEM, Copy.State.MISSING);
        copied(second, Target.S3, Copy.State.COPIED);
        heartbeat.ended(Situation.saved(second));
        fail();
        requireCalls(FAIL);

        copied(first, Target.FILESYSTEM, Copy.State.COPIED);
        requireCalls(FAIL, OK);
        assertThat(notes.now().heartbeat()).isEqualTo(first.name());

        copied(second, Target.FILESYSTEM, Copy.State.COPIED);
        requireCalls(FAIL, OK, OK);
    }

    private void copied(Snapshot snapshot, Target target, Copy.State state) {
        assertThat(directory.note(
                        snapshot.name(), new Copy(target, "key", TAKEN.plusSeconds(9), 64, "00", null, null, state)))
                .isPresent();
    }

    @Test
    void aFailureOfTheClockIsReportedAndNeitherOneOfARequestNorOneByAStop() {
        start(false);
        heartbeat.ended(failed(Trigger.REQUEST, TaskFailure.Code.ETCD_FAILED));
        heartbeat.ended(failed(Trigger.SCHEDULE, TaskFailure.Code.SHUTTING_DOWN));
        heartbeat.ended(Situation.saved(Taken.good(directory, TAKEN)));
        heartbeat.ended(failed(Trigger.STARTUP, TaskFailure.Code.DIRECTORY_FAILED));

        requireCalls(OK, FAIL);
    }

    /** It may miss the last writes, so it is no sign that backups are well. */
    @Test
    void aSnapshotOfAMemberWithoutQuorumIsReportedAsAFailure() {
        start(false);
        heartbeat.ended(Situation.saved(Taken.local(directory, TAKEN)));

        requireCalls(FAIL);
    }

    @Test
    void atAStartASnapshotThatIsNotOverdueIsReportedAndOneThatIsIsNot() {
        Taken.good(directory, TAKEN);
        start(true);
        fail();
        requireCalls(FAIL);
        heartbeat.close();

        start(false);
        requireCalls(FAIL, OK);
    }

    /** Notes that cannot be written fail the test. */
    private static final class Loud implements StateNotes.Trouble {

        @Override
        public void refused(DirectoryFailure why) {
            throw new AssertionError(why);
        }

        @Override
        public void unforeseen(Throwable why) {
            throw new AssertionError(why);
        }

        @Override
        public void late(StateFile file, Duration limit) {
            throw new AssertionError(file.path() + " was not written within " + limit);
        }
    }
}
