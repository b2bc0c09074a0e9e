package dev.otherix.backup.job;

import static org.assertj.core.api.Assertions.assertThat;

import dev.otherix.backup.check.CaCheck;
import dev.otherix.backup.check.ClusterCaProperties;
import dev.otherix.backup.check.FileCheck;
import dev.otherix.backup.check.HashComparison;
import dev.otherix.backup.check.VerificationProperties;
import dev.otherix.backup.etcd.EtcdFailure;
import dev.otherix.backup.etcd.EtcdMember;
import dev.otherix.backup.etcd.EtcdProperties;
import dev.otherix.backup.etcd.FakeMember;
import dev.otherix.backup.etcd.Forwarder;
import dev.otherix.backup.etcd.StreamProperties;
import dev.otherix.backup.snapshot.Consistency;
import dev.otherix.backup.snapshot.FaultyDisk;
import dev.otherix.backup.snapshot.KeptBecause;
import dev.otherix.backup.snapshot.MemberFacts;
import dev.otherix.backup.snapshot.RetentionPolicy;
import dev.otherix.backup.snapshot.Snapshot;
import dev.otherix.backup.snapshot.SnapshotDirectory;
import dev.otherix.backup.snapshot.SnapshotRequest;
import dev.otherix.backup.snapshot.Trigger;
import dev.otherix.backup.task.TaskFailure;
import io.etcd.jetcd.api.ClusterGrpc;
import io.etcd.jetcd.api.KVGrpc;
import io.etcd.jetcd.api.MaintenanceGrpc;
import io.grpc.MethodDescriptor;
import io.grpc.Status;
import java.io.IOException;
import java.net.URI;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Queue;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Named;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;
import org.junit.jupiter.params.provider.ValueSource;

/**
 * One run: its steps in their order, and what a failure of each leaves in the directory and reports. The member is a
 * fake one, for no real one fails at a step that a test chooses.
 */
@Timeout(60)
class BackupStepsTests {

    private static final byte[] FILE = SampleFile.good();
    private static final int DATA = FILE.length - 32;
    private static final long REVISION = 2;
    private static final String NAME = "otherix-20260606T120000Z";
    private static final Status TIMED_OUT = Status.UNAVAILABLE.withDescription("etcdserver: request timed out");
    private static final List<Phase> ALL = List.of(Phase.values());

    @TempDir
    private Path temporary;

    private final SettableClock clock = new SettableClock("2026-06-06T12:00:00Z");
    private final FaultyDisk disk = new FaultyDisk();
    private final Queue<String> steps = new ConcurrentLinkedQueue<>();
    private final RunProgress progress = new RunProgress();
    private int keep = 2;
    private FakeMember member;
    private Forwarder connection;
    private SnapshotDirectory directory;

    @BeforeEach
    void open() throws IOException {
        member = new FakeMember();
        member.serve(FILE);
        member.revision(REVISION);
        member.hash(_ -> FakeMember.Answer.of(SampleFile.HASH_KV, -1, REVISION));
        connection = new Forwarder("127.0.0.1", URI.create(member.clientUrl()).getPort());
        connection.answerPages("etcd_disk_defrag_inflight 0");
        directory = disk.open(temporary.resolve("snapshots"), 0L);
        member.listen(steps::add);
        disk.watch(steps::add);
    }

    @AfterEach
    void close() throws IOException {
        disk.heal();
        directory.close();
        connection.close();
        member.close();
    }

    private BackupRun run(BackupSteps.Purpose purpose) {
        var url = URI.create("http://127.0.0.1:" + connection.port());
        var files = new FileCheck(new CaCheck(new ClusterCaProperties(temporary.resolve("no-ca.crt"))), clock);
        return new BackupSteps(
                        new EtcdMember(new EtcdProperties(url, null, null, null, null, null)),
                        new StreamProperties(Duration.ofSeconds(30), null, null),
                        directory,
                        files,
                        new HashComparison(VerificationProperties.HashKv.AUTO),
                        new Retention(new RetentionPolicy(keep, keep), directory),
                        new Timeline(null, _ -> {}, clock))
                .run(purpose, progress);
    }

    private BackupRun scheduled() {
        return run(new BackupSteps.Purpose(Trigger.SCHEDULE, List.of(), false));
    }

    /** A run of a tick that has a local snapshot already. */
    private BackupRun goodOnly() {
        return run(new BackupSteps.Purpose(Trigger.SCHEDULE, List.of(), true));
    }

    private BackupRun requested(RunRequest... requests) {
        return run(new BackupSteps.Purpose(Trigger.REQUEST, List.of(requests), false));
    }

    private RunRequest request(boolean pinned) {
        return new RunRequest(
                new SnapshotRequest(null, null, null, clock.instant()), pinned, false, Duration.ofMinutes(1));
    }

    private static Snapshot saved(BackupRun run) {
        assertThat(run.outcome()).isInstanceOf(Outcome.Saved.class);
        return ((Outcome.Saved) run.outcome()).snapshot();
    }

    private static TaskFailure failure(BackupRun run) {
        assertThat(run.outcome()).isInstanceOf(Outcome.Failed.class);
        return ((Outcome.Failed) run.outcome()).failure();
    }

    /** It ended in {@code phase}, which failed after those before it had succeeded. */
    private static void assertEndedIn(Phase phase, BackupRun run) {
        var before = ALL.subList(0, ALL.indexOf(phase));
        assertThat(run.phases())
                .extracting(BackupRun.PhaseTime::phase)
                .containsExactlyElementsOf(ALL.subList(0, before.size() + 1));
        assertThat(run.phases().subList(0, before.size())).allMatch(BackupRun.PhaseTime::succeeded);
        assertThat(run.phases().getLast().succeeded()).isFalse();
        assertThat(run.pruned()).isEmpty();
        assertThat(run.pruneFailure()).isEmpty();
    }

    private List<String> files() throws IOException {
        try (var files = Files.list(directory.path())) {
            return files.map(file -> file.getFileName().toString())
                    .filter(name -> name.startsWith("otherix-"))
                    .sorted()
                    .toList();
        }
    }

    /** Puts as many good snapshots there, an hour apart, the last one an hour ago. */
    private List<Snapshot> earlier(int count) {
        var taken = Stream.iterate(count, left -> left > 0, left -> left - 1)
                .map(hours -> Taken.good(directory, clock.instant().minus(Duration.ofHours(hours))))
                .toList();
        steps.clear();
        return taken;
    }

    private void failOn(String wanted) {
        disk.watch(step -> {
            steps.add(step);
            if (step.contains(wanted)) {
                throw new IOException("broken on purpose: " + step);
            }
        });
    }

    @Test
    void theStepsComeInTheirOrder() {
        var oldest = earlier(2).getFirst();

        var run = scheduled();

        var order = List.of(
                "measure what is free",
                "Status",
                "Range",
                "MemberList",
                "create ." + NAME + ".db.tmp",
                "Snapshot",
                "write ." + NAME + ".db.tmp",
                "HashKV",
                "sync ." + NAME + ".db.tmp",
                "rename to " + NAME + ".json",
                "link " + NAME + ".db",
                "delete " + oldest.name());
        assertThat(steps.stream().filter(order::contains).distinct()).containsExactlyElementsOf(order);
        assertThat(run.phases()).extracting(BackupRun.PhaseTime::phase).containsExactlyElementsOf(ALL);
        assertThat(run.phases()).allMatch(BackupRun.PhaseTime::succeeded);
        assertThat(run.pruned()).containsExactly(oldest.name());
        assertThat(run.pruneFailure()).isEmpty();
        assertThat(run.startedAt()).isEqualTo(clock.instant());
    }

    @Test
    void whatIsSavedIsTheMembersFileAndSaysWhyItIsKept() throws IOException {
        var snapshot = saved(scheduled());

        assertThat(directory.path().resolve(snapshot.name().toString())).hasBinaryContent(FILE);
        assertThat(snapshot.name()).hasToString(NAME + ".db");
        assertThat(snapshot.createdAt()).isEqualTo(clock.instant());
        assertThat(snapshot.linearizable()).isTrue();
        assertThat(snapshot.trigger()).isEqualTo(Trigger.SCHEDULE);
        assertThat(snapshot.keptBecause()).contains(KeptBecause.NEWEST, KeptBecause.LATEST);
        assertThat(directory.list()).containsExactly(snapshot);
        assertThat(files()).containsExactly(NAME + ".db", NAME + ".json");
    }

    @Test
    void oneRunAnswersAllItsRequestsAndIsPinnedWhereOneOfThemWantsThat() {
        var snapshot = saved(requested(request(false), request(true)));

        assertThat(snapshot.origin().requests()).hasSize(2);
        assertThat(snapshot.pinned()).isTrue();
        assertThat(snapshot.trigger()).isEqualTo(Trigger.REQUEST);
    }

    @Test
    void aSecondRunInTheSameSecondGetsTheNextOne() {
        clock.advance(Duration.ofMillis(900));
        saved(scheduled());

        assertThat(saved(scheduled()).name()).hasToString("otherix-20260606T120001Z.db");
    }

    @Test
    void aFullDiskIsReportedBeforeTheMemberIsAsked() throws IOException {
        disk.free(_ -> -1);

        var run = scheduled();

        assertThat(failure(run).code()).isEqualTo(TaskFailure.Code.DIRECTORY_FAILED);
        assertThat(failure(run).details()).isEqualTo(Map.of("missing_bytes", 1L));
        assertThat(steps).doesNotContain("Status");
        assertEndedIn(Phase.BARRIER, run);
        assertThat(files()).isEmpty();
    }

    @Test
    void aDatabaseThatDoesNotFitIsNotStreamed() throws IOException {
        disk.free(_ -> 1000);

        var run = scheduled();

        assertThat(failure(run).code()).isEqualTo(TaskFailure.Code.DIRECTORY_FAILED);
        assertThat(failure(run).details()).isEqualTo(Map.of("missing_bytes", DATA - 1000L));
        assertThat(steps).contains("Status").doesNotContain("Range", "Snapshot");
        assertEndedIn(Phase.BARRIER, run);
        assertThat(files()).isEmpty();
    }

    @Test
    void whatIsNotKeptGoesFirstWhereThatMakesRoom() {
        var first = saved(scheduled()).name();
        clock.advance(Duration.ofHours(1));
        var second = saved(scheduled()).name();
        clock.advance(Duration.ofHours(1));
        keep = 1;
        disk.free(_ -> Files.exists(directory.path().resolve(first.toString())) ? 1000 : 1 << 30);

        var run = scheduled();

        saved(run);
        assertThat(run.pruned()).as("to make room, and after the run").containsExactly(first, second);
    }

    @Test
    void aDirectoryThatIsGoneFailsTheRunBeforeTheMemberIsAsked() throws IOException {
        Files.move(directory.path(), temporary.resolve("away"));

        var run = scheduled();

        assertThat(failure(run).code()).isEqualTo(TaskFailure.Code.DIRECTORY_FAILED);
        assertThat(failure(run).message()).contains("does not exist");
        assertThat(failure(run).details()).isEmpty();
        assertThat(steps).doesNotContain("Status");
    }

    static Stream<Named<MethodDescriptor<?, ?>>> beforeTheStream() {
        return Stream.<MethodDescriptor<?, ?>>of(
                        MaintenanceGrpc.getStatusMethod(), KVGrpc.getRangeMethod(), ClusterGrpc.getMemberListMethod())
                .map(method -> Named.of(method.getBareMethodName(), method));
    }

    @ParameterizedTest
    @MethodSource("beforeTheStream")
    void aMemberThatRefusesBeforeTheStreamFailsTheRunInTheBarrier(MethodDescriptor<?, ?> method) throws IOException {
        var earlier = earlier(3);
        member.refuse(method, Status.UNAVAILABLE.withDescription("etcdserver: broken on purpose"));

        var run = scheduled();

        assertThat(failure(run).code()).isEqualTo(TaskFailure.Code.ETCD_FAILED);
        assertThat(failure(run).message()).contains("broken on purpose");
        assertThat(failure(run).cause()).isInstanceOf(EtcdFailure.class);
        assertThat(steps).doesNotContain("Snapshot");
        assertEndedIn(Phase.BARRIER, run);
        assertThat(files()).as("nothing came, and nothing went").hasSize(2 * earlier.size());
    }

    @Test
    void whatTheClusterCannotConfirmIsKeptAsLocal() {
        member.refuse(KVGrpc.getRangeMethod(), TIMED_OUT);
        // no promise was made that it could break
        member.revision(REVISION + 1);

        var run = scheduled();

        var snapshot = saved(run);
        assertThat(snapshot.linearizable()).isFalse();
        assertThat(snapshot.etcd()).extracting(MemberFacts::consistencyReason).isEqualTo(Consistency.Reason.TIMEOUT);
        assertThat(run.outcome().word()).isEqualTo("local");
    }

    @Test
    void aLocalOneIsNotAddedWhereOneIsThereAlready() throws IOException {
        member.refuse(KVGrpc.getRangeMethod(), TIMED_OUT);

        var run = goodOnly();

        assertThat(failure(run).code()).isEqualTo(TaskFailure.Code.NO_QUORUM);
        assertThat(failure(run).message()).contains("(timeout)", "none is added");
        assertThat(steps).doesNotContain("Snapshot");
        assertEndedIn(Phase.BARRIER, run);
        assertThat(files()).isEmpty();
    }

    @Test
    void aGoodOneIsAddedWhereALocalOneIsThereAlready() {
        assertThat(saved(goodOnly()).linearizable()).isTrue();
    }

    @Test
    void aStreamThatBreaksOffLeavesNothing() throws IOException {
        var earlier = earlier(3);
        member.tell((client, truth) -> {
            client.onNext(truth.getFirst());
            client.onError(Status.DATA_LOSS.withDescription("page 7 is gone").asRuntimeException());
        });

        var run = scheduled();

        assertThat(failure(run).code()).isEqualTo(TaskFailure.Code.ETCD_FAILED);
        assertThat(failure(run).message()).contains("page 7 is gone");
        assertEndedIn(Phase.STREAM, run);
        assertThat(files()).as("nothing came, and nothing went").hasSize(2 * earlier.size());
    }

    @Test
    void aDiskThatFillsUpEndsTheStreamAndSaysHowMuchIsMissing() throws IOException {
        // what the status told has room, what comes does not
        disk.free(_ -> steps.contains("Snapshot") ? 0 : 1 << 30);
        var stopped = member.tell((client, truth) -> client.onNext(truth.getFirst()));

        var run = scheduled();

        assertThat(failure(run).code()).isEqualTo(TaskFailure.Code.DIRECTORY_FAILED);
        assertThat(failure(run).details()).isEqualTo(Map.of("missing_bytes", (long) FILE.length));
        assertThat(stopped).as("the member is told to stop").succeedsWithin(10, TimeUnit.SECONDS);
        assertEndedIn(Phase.STREAM, run);
        assertThat(files()).isEmpty();
    }

    @Test
    void aWriteThatFailsEndsTheStreamAndLeavesNothing() throws IOException {
        failOn("write ." + NAME + ".db.tmp");

        var run = scheduled();

        assertThat(failure(run).code()).isEqualTo(TaskFailure.Code.DIRECTORY_FAILED);
        assertThat(failure(run).message()).contains("broken on purpose");
        assertEndedIn(Phase.STREAM, run);
        assertThat(files()).isEmpty();
    }

    @Test
    void aDamagedFileIsSetAsideAndNothingIsPruned() throws IOException {
        var earlier = earlier(3);
        member.serve(SampleFile.withABrokenPage());

        var run = scheduled();

        assertThat(failure(run).code()).isEqualTo(TaskFailure.Code.VERIFICATION_FAILED);
        assertThat(failure(run).message()).contains("kept as " + NAME + ".db.rejected");
        assertThat(failure(run).details()).containsKeys("findings", "finding_count");
        assertEndedIn(Phase.VERIFY, run);
        assertThat(steps).as("what is rotten is not compared").doesNotContain("HashKV");
        assertThat(files()).contains(NAME + ".db.rejected").doesNotContain(NAME + ".db");
        assertThat(directory.list()).hasSize(earlier.size());
    }

    @Test
    void aDamagedFileThatCannotBeSetAsideLeavesNothing() throws IOException {
        member.serve(SampleFile.withABrokenPage());
        failOn(NAME + ".db.rejected");

        var run = scheduled();

        assertThat(failure(run).code()).isEqualTo(TaskFailure.Code.VERIFICATION_FAILED);
        assertThat(failure(run).message()).contains("could not be kept", "broken on purpose");
        assertThat(files()).noneMatch(name -> name.contains(".db"));
    }

    @Test
    void aFileThatIsNotTheMembersKeySpaceIsSetAside() throws IOException {
        member.hash(_ -> FakeMember.Answer.of(4711, -1, REVISION));

        var run = scheduled();

        assertThat(failure(run).code()).isEqualTo(TaskFailure.Code.VERIFICATION_FAILED);
        assertThat(failure(run).message()).contains("4711", String.valueOf(SampleFile.HASH_KV));
        assertEndedIn(Phase.VERIFY, run);
        assertThat(files()).contains(NAME + ".db.rejected").doesNotContain(NAME + ".db");
    }

    @Test
    void aFileThatEndsBeforeWhatTheMemberConfirmedIsSetAside() throws IOException {
        member.revision(REVISION + 1);

        var run = scheduled();

        assertThat(failure(run).code()).isEqualTo(TaskFailure.Code.VERIFICATION_FAILED);
        assertThat(failure(run).message()).contains("ends at revision 2", "confirmed revision 3");
        assertEndedIn(Phase.VERIFY, run);
        assertThat(files()).contains(NAME + ".db.rejected").doesNotContain(NAME + ".db");
    }

    @ParameterizedTest
    @ValueSource(strings = {"sync .NAME.db.tmp", "rename to NAME.json", "link NAME.db", "delete .NAME.db.tmp"})
    void aCommitThatFailsLeavesNothingAndPrunesNothing(String step) throws IOException {
        var earlier = earlier(3);
        var failedOnce = new AtomicBoolean();
        disk.watch(now -> {
            if (now.equals(step.replace("NAME", NAME)) && failedOnce.compareAndSet(false, true)) {
                throw new IOException("broken on purpose: " + now);
            }
        });

        var run = scheduled();

        assertThat(failure(run).code()).isEqualTo(TaskFailure.Code.DIRECTORY_FAILED);
        assertThat(failure(run).message()).contains("broken on purpose");
        assertEndedIn(Phase.COMMIT, run);
        assertThat(files()).hasSize(2 * earlier.size()).noneMatch(name -> name.startsWith(NAME));
    }

    @Test
    void aPruneThatFailsIsReportedAndTheSnapshotStays() throws IOException {
        var oldest = earlier(2).getFirst();
        failOn("delete " + oldest.name());

        var run = scheduled();

        saved(run);
        assertThat(run.pruneFailure()).hasValueSatisfying(why -> assertThat(why).contains("broken on purpose"));
        assertThat(run.pruned()).isEmpty();
        assertThat(run.phases().getLast().phase()).isEqualTo(Phase.PRUNE);
        assertThat(run.phases().getLast().succeeded()).isFalse();
        assertThat(directory.list()).hasSize(3);
    }

    @Test
    void aRecordThatCannotBeReadAfterwardsDoesNotUndoWhatWasProven() {
        // the record is written, and its file system fails from then on
        disk.watch(step -> {
            steps.add(step);
            if (steps.contains("link " + NAME + ".db") && step.equals("list")) {
                throw new IOException("broken on purpose: " + step);
            }
        });

        assertThat(saved(scheduled()).name()).hasToString(NAME + ".db");
    }

    /** The member answers no read and says why, until it has been asked so often. */
    private AtomicInteger defragmentsUntilAskedFor(int reads, Runnable atEach) {
        connection.answerPages("etcd_disk_defrag_inflight 1");
        member.refuse(KVGrpc.getRangeMethod(), TIMED_OUT);
        var asked = new AtomicInteger();
        member.listen(method -> {
            if (method.equals("Range")) {
                atEach.run();
                if (asked.incrementAndGet() == reads) {
                    member.tellTheTruth();
                }
            }
        });
        return asked;
    }

    @Test
    void aMemberThatIsBeingDefragmentedIsAskedAgainWhileSomebodyWaits() {
        var asked = defragmentsUntilAskedFor(3, () -> {});

        saved(requested(request(false)));

        assertThat(asked).hasValue(3);
    }

    @Test
    void itIsAskedOnceWhereNobodyWaits() {
        var asked = defragmentsUntilAskedFor(3, () -> {});

        assertThat(failure(scheduled()).message()).contains("is being defragmented");
        assertThat(asked).hasValue(1);
    }

    @Test
    void itIsNotAskedAgainWhenTheLastOneHasGivenUp() {
        var asked = defragmentsUntilAskedFor(5, () -> clock.advance(Duration.ofSeconds(31)));

        assertThat(failure(requested(request(false))).message()).contains("is being defragmented");
        assertThat(asked).as("at 31 s, and at 62 s of a minute").hasValue(2);
    }

    @Test
    void whatDoesNotPassByItselfIsNotTriedAgain() {
        member.refuse(KVGrpc.getRangeMethod(), Status.UNAVAILABLE.withDescription("etcdserver: broken on purpose"));
        // a run that tried again all the same would end too
        member.listen(method -> {
            steps.add(method);
            clock.advance(Duration.ofSeconds(10));
        });

        failure(requested(request(false)));

        assertThat(steps.stream().filter("Range"::equals)).hasSize(1);
    }

    @Test
    void aRunThatIsCancelledInItsStreamStopsTheMemberAndLeavesNothing() throws IOException {
        var stopped = member.tell((client, truth) -> {
            client.onNext(truth.getFirst());
            progress.cancel();
        });

        var run = requested(request(false));

        assertThat(Thread.interrupted()).as("who cancels interrupts").isTrue();
        assertThat(failure(run).code()).isEqualTo(TaskFailure.Code.SHUTTING_DOWN);
        assertThat(failure(run).message()).contains("nothing was kept");
        assertThat(stopped).as("the member is told to stop").succeedsWithin(10, TimeUnit.SECONDS);
        assertEndedIn(Phase.STREAM, run);
        assertThat(files()).isEmpty();
    }

    @Test
    void aRunThatIsCancelledBeforeItBeginsAsksNobody() {
        progress.cancel();

        assertThat(failure(scheduled()).code()).isEqualTo(TaskFailure.Code.SHUTTING_DOWN);
        assertThat(steps).isEmpty();
    }

    @Test
    void aRunThatGivesTheFileItsNameIsNotCancelled() {
        disk.watch(step -> {
            if (step.equals("link " + NAME + ".db")) {
                progress.cancel();
            }
        });

        assertThat(saved(scheduled()).name()).hasToString(NAME + ".db");
    }
}
