package dev.otherix.backup.monitoring;

import static org.assertj.core.api.Assertions.assertThat;

import dev.otherix.backup.drill.DrillStatus;
import dev.otherix.backup.etcd.MemberWatch;
import dev.otherix.backup.job.DirectoryStatus;
import dev.otherix.backup.job.Reason;
import dev.otherix.backup.job.Taken;
import dev.otherix.backup.offsite.OffsiteStatus;
import dev.otherix.backup.snapshot.Consistency;
import dev.otherix.backup.snapshot.Content;
import dev.otherix.backup.snapshot.DrillSkip;
import dev.otherix.backup.snapshot.Drilled;
import dev.otherix.backup.snapshot.MemberFacts;
import dev.otherix.backup.snapshot.Origin;
import dev.otherix.backup.snapshot.Snapshot;
import dev.otherix.backup.snapshot.SnapshotDirectory;
import dev.otherix.backup.snapshot.SnapshotName;
import dev.otherix.backup.snapshot.Target;
import dev.otherix.backup.snapshot.Trigger;
import dev.otherix.backup.snapshot.Verification;
import dev.otherix.backup.task.TaskFailure;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.springframework.boot.health.contributor.Health;
import org.springframework.boot.health.contributor.Status;

class BackupHealthIndicatorTests {

    private static final Instant TAKEN = Situation.NOW.minusSeconds(30);

    @TempDir
    private Path parent;

    private Path path;
    private SnapshotDirectory directory;

    @BeforeEach
    void open() {
        path = parent.resolve("snapshots");
        directory = SnapshotDirectory.open(path, null);
    }

    @AfterEach
    void close() {
        directory.close();
    }

    @Test
    void afterAGoodRunItIsUp() {
        var health = health(succeeded());

        assertThat(health.getStatus()).isEqualTo(Status.UP);
        assertThat(reason(health)).contains("succeeded", "2026-06-06T13:00:00Z");
    }

    @Test
    void withoutARunThatIsKnownItSaysNoMoreThanTheNewestVerifiedSnapshotDoes() {
        Taken.good(directory, TAKEN);
        var health = health(beforeFirstRun());

        assertThat(health.getStatus()).isEqualTo(Status.UP);
        assertThat(reason(health))
                .isEqualTo("no later run is known than that of the newest verified snapshot, taken at"
                        + " 2026-06-06T11:59:30Z; nothing to do, the next is due at 2026-06-06T13:00:00Z");
    }

    @Test
    void whileBackupsAreOffItIsUnknownAndSaysHowToTurnThemOn() {
        var health = health(beforeFirstRun().off());

        assertThat(health.getStatus()).isEqualTo(Status.UNKNOWN);
        assertThat(reason(health))
                .contains("off", "set workers.backup.enabled to true")
                .doesNotContain("workers.backup.dir");
        assertThat(codes(health)).containsExactly("disabled");
    }

    @Test
    void withoutADirectoryItIsUnknownAndAsksForOne() {
        var health = health(beforeFirstRun().in(DirectoryStatus.NONE).withoutDir());

        assertThat(health.getStatus()).isEqualTo(Status.UNKNOWN);
        assertThat(reason(health)).contains("workers.backup.dir");
        assertThat(health.getDetails()).doesNotContainKey("dir");
    }

    @Test
    void whileBackupsAreOffAGoodRequestDoesNotMakeItUp() {
        assertThat(health(succeeded().off()).getStatus()).isEqualTo(Status.UNKNOWN);
    }

    @Test
    void beforeTheFirstRunIsDueItIsUnknown() {
        var health = health(beforeFirstRun());

        assertThat(health.getStatus()).isEqualTo(Status.UNKNOWN);
        assertThat(reason(health)).contains("2026-06-06T13:00:00Z", "the first is due");
        assertThat(codes(health)).containsExactly("not_due_yet");
    }

    @Test
    void afterARestartTheGoodSnapshotThatIsThereMakesItUp() {
        Taken.good(directory, TAKEN);

        assertThat(health(beforeFirstRun()).getStatus()).isEqualTo(Status.UP);
    }

    @Test
    void duringTheFirstRunItIsUnknown() {
        var health = health(beforeFirstRun().running());

        assertThat(health.getStatus()).isEqualTo(Status.UNKNOWN);
        assertThat(reason(health)).contains("one is running");
    }

    @ParameterizedTest
    @CsvSource({"SCHEDULE", "STARTUP", "REQUEST"})
    void afterAFailedAttemptItIsDown(Trigger trigger) {
        var run = Situation.failed(trigger, TaskFailure.Code.ETCD_FAILED, "etcd at 127.0.0.1:2379 does not answer");

        var health = health(beforeFirstRun().after(run).retryAt(Situation.NOW.plusSeconds(120)));

        assertThat(health.getStatus()).isEqualTo(Status.DOWN);
        assertThat(reason(health))
                .contains(
                        "trigger " + trigger.word(),
                        "etcd at 127.0.0.1:2379 does not answer",
                        "the next try is at 2026-06-06T12:02:00Z");
        assertThat(health.getDetails().get("last_attempt"))
                .isEqualTo(Map.of(
                        "started_at",
                        "2026-06-06T11:59:00Z",
                        "trigger",
                        trigger.word(),
                        "outcome",
                        "failure",
                        "error",
                        "etcd at 127.0.0.1:2379 does not answer"));
    }

    @Test
    void aFailedRequestIsDownAlsoWhileBackupsAreOff() {
        var run = Situation.failed(Trigger.REQUEST, TaskFailure.Code.ETCD_FAILED, "no answer");

        var health = health(beforeFirstRun().after(run).off());

        assertThat(health.getStatus()).isEqualTo(Status.DOWN);
        assertThat(reason(health)).contains("request a snapshot, no retry is planned");
    }

    @ParameterizedTest
    @CsvSource({"NO_QUORUM, bring its members back", "LEARNER, promote it", "TIMEOUT, did not catch up in time"})
    void whileOnlyLocalSnapshotsSucceedItIsDown(Consistency.Reason why, String advice) {
        var local = Taken.local(directory, TAKEN);
        var member = local.etcd();
        var snapshot = new Snapshot(
                local.name(),
                local.createdAt(),
                local.file(),
                local.content(),
                new Origin(
                        new MemberFacts(
                                member.version(),
                                member.clusterId(),
                                member.memberId(),
                                member.role(),
                                Consistency.LOCAL,
                                why,
                                List.of(),
                                List.of()),
                        local.trigger(),
                        List.of(),
                        null),
                local.keeping(),
                local.checked(),
                local.copies());

        var health = health(beforeFirstRun().after(Situation.saved(snapshot)));

        assertThat(health.getStatus()).isEqualTo(Status.DOWN);
        assertThat(reason(health))
                .contains("only local snapshots succeed", local.name().toString(), advice);
        assertThat(codes(health)).containsExactly("local_only");
    }

    @Test
    void whatIsOverdueIsDown() {
        var health = health(succeeded().overdueSince(Instant.parse("2026-06-06T08:00:00Z")));

        assertThat(health.getStatus()).isEqualTo(Status.DOWN);
        assertThat(reason(health)).contains("overdue", "2026-06-06T08:00:00Z").doesNotContain("the current run");
        assertThat(health.getDetails()).containsEntry("overdue", true);
    }

    @Test
    void anEndlessRunIsDownWhenOverdue() {
        var health = health(beforeFirstRun().running().overdueSince(Instant.parse("2026-06-06T08:00:00Z")));

        assertThat(health.getStatus()).isEqualTo(Status.DOWN);
        assertThat(reason(health)).contains("the current run has not ended");
    }

    @Test
    void aDirectoryThatIsGoneIsDownAndTheFirstReason() throws IOException {
        Files.move(path, parent.resolve("elsewhere"));

        var health = health(beforeFirstRun()
                .after(Situation.failed(Trigger.SCHEDULE, TaskFailure.Code.DIRECTORY_FAILED, "it is gone"))
                .overdueSince(Instant.parse("2026-06-06T08:00:00Z")));

        assertThat(health.getStatus()).isEqualTo(Status.DOWN);
        assertThat(reason(health)).contains("no snapshot can be kept", "does not exist", "restart the service");
        assertThat(codes(health)).containsExactly("directory_gone", "last_run_failed", "overdue");
        assertThat(reasons(health).getFirst().message()).isEqualTo(reason(health));
        assertThat(health.getDetails()).doesNotContainKey("last_success");
    }

    @Test
    void aDirectoryThatIsGoneIsDownAlsoWhileBackupsAreOff() throws IOException {
        Files.move(path, parent.resolve("elsewhere"));

        assertThat(health(beforeFirstRun().off()).getStatus()).isEqualTo(Status.DOWN);
    }

    @Test
    void aDirectoryThatCannotBeWrittenIsDown() {
        var readOnly = new DirectoryStatus(
                List.of(),
                DirectoryStatus.Bad.NONE,
                0,
                0,
                1,
                1,
                Optional.of(new Reason(Reason.Code.DIRECTORY_NOT_WRITABLE, "/backups is not writable")));

        var health = health(succeeded().in(readOnly));

        assertThat(health.getStatus()).isEqualTo(Status.DOWN);
        assertThat(reason(health)).contains("/backups is not writable");
        assertThat(codes(health)).containsExactly("directory_not_writable");
    }

    @Test
    void aCorruptSnapshotIsDownUntilSomebodyTakesItAway() throws IOException {
        var name = Taken.good(directory, TAKEN.minusSeconds(60)).name();
        directory.setCorrupt(name);

        var health = health(succeeded());

        assertThat(health.getStatus()).isEqualTo(Status.DOWN);
        assertThat(reason(health)).contains("1 snapshot(s) were found corrupt", "check the disk");
        assertThat(codes(health)).containsExactly("snapshot_corrupt");

        Files.delete(path.resolve(name + ".corrupt"));

        assertThat(health(succeeded()).getStatus()).isEqualTo(Status.UP);
    }

    @Test
    void aSnapshotThatCannotBeReadIsDownAndSaysWhatToDo() {
        Taken.good(directory, TAKEN);
        var unreadable = new DirectoryStatus(
                directory.list(),
                new DirectoryStatus.Bad(0, List.of("cannot read x.json: chown it", "y")),
                0,
                0,
                1,
                1,
                Optional.empty());

        var health = health(succeeded().in(unreadable));

        assertThat(health.getStatus()).isEqualTo(Status.DOWN);
        assertThat(reason(health))
                .contains("2 snapshot(s) cannot be read", "do not count as backups", "cannot read x.json: chown it");
        assertThat(codes(health)).containsExactly("snapshot_unreadable");
    }

    @Test
    void aClusterCaThatIsNotTheOneOnDiskIsToldButNotDown() {
        var good = succeeded();
        assertThat(health(good).getDetails()).doesNotContainKey("ca_mismatch");
        var newest = directory.latest().orElseThrow();
        Taken.found(directory, newest, new Content(812L, 640L, 301L, 377L, 5L), Verification.Outcome.FAILED);

        var health = health(good.in(DirectoryStatus.read(directory)));

        assertThat(health.getStatus()).isEqualTo(Status.UP);
        assertThat(health.getDetails().get("ca_mismatch"))
                .asString()
                .contains("in words", "a restore needs the CA of the snapshot");
    }

    @Test
    void theAlarmCorruptIsDown() {
        var health = health(succeeded()
                .seeing(new MemberWatch.Sight(Optional.of(Situation.member("3.6.14", "CORRUPT")), Optional.empty())));

        assertThat(health.getStatus()).isEqualTo(Status.DOWN);
        assertThat(reason(health)).contains("alarm CORRUPT", "etcdctl alarm list");
        assertThat(codes(health)).containsExactly("etcd_corrupt");
    }

    @Test
    void theAlarmNospaceIsToldButNotDown() {
        var health = health(succeeded()
                .seeing(new MemberWatch.Sight(Optional.of(Situation.member("3.6.14", "NOSPACE")), Optional.empty())));

        assertThat(health.getStatus()).isEqualTo(Status.UP);
        assertThat(health.getDetails()).containsEntry("etcd_alarms", List.of("NOSPACE"));
    }

    @Test
    void anEtcdThatDoesNotAnswerIsToldButNotDownBeforeARunHasFailed() {
        var health = health(
                succeeded().seeing(new MemberWatch.Sight(Optional.of(Situation.MEMBER), Optional.of("no answer"))));

        assertThat(health.getStatus()).isEqualTo(Status.UP);
        assertThat(health.getDetails()).containsEntry("etcd_error", "no answer");
    }

    @Test
    void anUnseenMemberHasNoAlarms() {
        assertThat(health(succeeded().seeingNothingYet()).getDetails()).containsEntry("etcd_alarms", List.of());
    }

    @Test
    void theDetailsSayWhatIsAndWhatComes() {
        var health = health(succeeded().shared("api.yaml has it enabled too"));

        assertThat(health.getDetails())
                .containsEntry("dir", Situation.DIR.toString())
                .containsEntry("last_success", "2026-06-06T11:59:30Z")
                .containsEntry("next_due_at", "2026-06-06T13:00:00Z")
                .containsEntry("overdue", false)
                .containsEntry("running", false)
                .containsEntry("shared_directory", "api.yaml has it enabled too")
                .containsEntry(
                        "last_attempt",
                        Map.of("started_at", "2026-06-06T11:59:00Z", "trigger", "schedule", "outcome", "success"))
                .doesNotContainKeys("next_attempt_at", "etcd_error");
        assertThat(reasons(health)).as("nothing is wrong").isEmpty();
    }

    @Test
    void withoutASuccessTheLastOneIsNever() {
        assertThat(health(beforeFirstRun()).getDetails()).containsEntry("last_success", "never");
    }

    private Situation beforeFirstRun() {
        return Situation.beforeFirstRun(DirectoryStatus.read(directory));
    }

    private Situation succeeded() {
        var snapshot = directory.latest().orElseGet(() -> Taken.good(directory, TAKEN));
        return Situation.beforeFirstRun(DirectoryStatus.read(directory)).after(Situation.saved(snapshot));
    }

    @Test
    void aDirectoryThatIsNotTheOneOfBeforeIsDownAlsoAfterAGoodRun() {
        var health = new BackupHealthIndicator(
                        succeeded()::state,
                        () -> Optional.of("it is another one"),
                        Optional::empty,
                        () -> DrillStatus.NONE)
                .health();

        assertThat(health.getStatus()).isEqualTo(Status.DOWN);
        assertThat(reason(health)).isEqualTo("it is another one");
        assertThat(codes(health)).containsExactly("directory_gone");
    }

    private static Health health(Situation situation) {
        return new BackupHealthIndicator(situation::state, Optional::empty, Optional::empty, () -> DrillStatus.NONE)
                .health();
    }

    @Test
    void aFailedDrillIsShownAndDoesNotMakeItDown() {
        var failed = new Drilled(
                Instant.parse("2026-06-06T12:00:00.5Z"), Drilled.Outcome.FAILED, 1, null, "etcd did not serve");
        var status = new DrillStatus(
                true,
                Optional.of(failed),
                SnapshotName.parse("otherix-20260606T031500Z.db"),
                Optional.empty(),
                Optional.empty(),
                Optional.of(Instant.parse("2026-06-09T12:00:00Z")),
                false,
                Optional.empty(),
                Map.of(),
                Duration.ZERO);

        var health =
                new BackupHealthIndicator(succeeded()::state, Optional::empty, Optional::empty, () -> status).health();

        assertThat(health.getStatus()).isEqualTo(Status.UP);
        assertThat(health.getDetails())
                .containsEntry(
                        "drill",
                        Map.of(
                                "finished_at", "2026-06-06T12:00:00Z",
                                "outcome", "failed",
                                "detail", "etcd did not serve",
                                "snapshot", "otherix-20260606T031500Z.db"));
    }

    @Test
    void drillsThatAreMissingAreShownWithTheReasonAndDoNotMakeItDown() {
        var status = new DrillStatus(
                true,
                Optional.empty(),
                Optional.empty(),
                Optional.empty(),
                Optional.empty(),
                Optional.of(Instant.parse("2026-06-06T12:00:00.5Z")),
                true,
                Optional.of(new DrillSkip(Instant.parse("2026-06-06T11:00:00.5Z"), "there is no etcd to start", false)),
                Map.of(),
                Duration.ZERO);

        var health =
                new BackupHealthIndicator(succeeded()::state, Optional::empty, Optional::empty, () -> status).health();

        assertThat(health.getStatus()).isEqualTo(Status.UP);
        assertThat(health.getDetails())
                .containsEntry(
                        "drill",
                        Map.of(
                                "missing_since",
                                "2026-06-06T12:00:00Z",
                                "skipped",
                                Map.of("at", "2026-06-06T11:00:00Z", "reason", "there is no etcd to start")));
    }

    @Test
    void whatIsFoundOffsiteMakesItDownAndAFailingStoreAloneDoesNot() {
        var failing = copies(Optional.of("s3: no such bucket: backups"), List.of());
        var up = new BackupHealthIndicator(
                        succeeded()::state, Optional::empty, () -> Optional.of(failing), () -> DrillStatus.NONE)
                .health();

        assertThat(up.getStatus()).isEqualTo(Status.UP);
        assertThat(up.getDetails())
                .containsEntry("offsite_remarks", List.of("there is one recipient only"))
                .containsEntry(
                        "offsite",
                        List.of(Map.of(
                                "target",
                                "s3",
                                "last_success",
                                "2026-06-06T03:15:00Z",
                                "pending",
                                2,
                                "error",
                                "s3: no such bucket: backups")));

        var found = copies(
                Optional.empty(),
                List.of(
                        new OffsiteStatus.Finding(OffsiteStatus.Code.OFFSITE_LATE, "late"),
                        new OffsiteStatus.Finding(OffsiteStatus.Code.OFFSITE_MISSING, "gone")));
        var down = new BackupHealthIndicator(
                        succeeded()::state, Optional::empty, () -> Optional.of(found), () -> DrillStatus.NONE)
                .health();

        assertThat(down.getStatus()).isEqualTo(Status.DOWN);
        assertThat(codes(down)).containsExactly("offsite_missing", "offsite_late");
        assertThat(reason(down)).isEqualTo("gone");
    }

    private static OffsiteStatus copies(Optional<String> error, List<OffsiteStatus.Finding> findings) {
        return new OffsiteStatus(
                List.of(new OffsiteStatus.OfTarget(
                        Target.S3,
                        Optional.of(Instant.parse("2026-06-06T03:15:00Z")),
                        2,
                        Optional.of(Instant.parse("2026-06-06T03:20:00Z")),
                        7,
                        Optional.of(Instant.parse("2026-06-01T03:15:00Z")),
                        1234,
                        Optional.empty(),
                        error,
                        findings,
                        new OffsiteStatus.Counts(Map.of(), Map.of(), 0))),
                List.of("there is one recipient only"));
    }

    private static List<String> codes(Health health) {
        return reasons(health).stream().map(Reason::code).toList();
    }

    @SuppressWarnings("unchecked")
    private static List<Reason> reasons(Health health) {
        return (List<Reason>) health.getDetails().get("reasons");
    }

    private static String reason(Health health) {
        return String.valueOf(health.getDetails().get("reason"));
    }
}
