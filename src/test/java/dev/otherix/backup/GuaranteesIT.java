package dev.otherix.backup;

import static org.assertj.core.api.Assertions.assertThat;

import dev.otherix.backup.job.BackupJob;
import dev.otherix.backup.job.RunRequest;
import dev.otherix.backup.realetcd.EtcdCluster;
import dev.otherix.backup.realetcd.EtcdHome;
import dev.otherix.backup.realetcd.EtcdHomes;
import dev.otherix.backup.realetcd.EtcdLines;
import dev.otherix.backup.realetcd.EtcdProcess;
import dev.otherix.backup.realetcd.OtherixKeyspace;
import dev.otherix.backup.snapshot.Consistency;
import dev.otherix.backup.snapshot.KeptBecause;
import dev.otherix.backup.snapshot.Snapshot;
import dev.otherix.backup.snapshot.SnapshotDirectory;
import dev.otherix.backup.snapshot.SnapshotRequest;
import dev.otherix.backup.snapshot.Trigger;
import dev.otherix.backup.task.End;
import dev.otherix.backup.task.Task;
import dev.otherix.backup.task.TaskFailure;
import dev.otherix.backup.verify.IntegrityFooter;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.time.Instant;
import java.util.List;
import java.util.stream.IntStream;
import org.awaitility.Awaitility;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Nested;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;

/**
 * What the service guarantees, against real members: a nested class for each guarantee, in the order of the page
 * guarantees.md.
 */
class GuaranteesIT {

    private static final long MIB = 1L << 20;

    private static EtcdProcess etcd;

    @TempDir
    private Path temporary;

    @BeforeAll
    static void startEtcd() {
        etcd = EtcdProcess.start(EtcdHomes.first());
        OtherixKeyspace.seed(etcd.clientUrl(), 50);
        OtherixKeyspace.fill(etcd.clientUrl(), 16 * MIB, 8192);
    }

    @AfterAll
    static void stopEtcd() {
        etcd.close();
    }

    private Path dir() {
        return temporary.resolve("snapshots");
    }

    private static Task<Snapshot> request(RunningService service, boolean pinned, boolean localIsEnough) {
        return service.bean(BackupJob.class)
                .request(new RunRequest(new SnapshotRequest(null, "test", null, Instant.now()), pinned, localIsEnough));
    }

    private static End<Snapshot> ended(Task<Snapshot> task) {
        return End.of(task);
    }

    private static Snapshot taken(RunningService service) {
        return ended(request(service, false, false)).result();
    }

    private static boolean holds(RunningService service, Snapshot snapshot, String value) throws IOException {
        var bytes = new String(
                Files.readAllBytes(service.bean(SnapshotDirectory.class)
                        .path()
                        .resolve(snapshot.name().toString())),
                StandardCharsets.ISO_8859_1);
        return bytes.contains(value);
    }

    @Nested
    class ASnapshotUnderItsNameIsProven {

        @Test
        void itsFileIsWhatTheMemberSentAndItsRecordTellsItsHash() throws IOException {
            try (var service = RunningService.start(etcd.clientUrl(), dir())) {
                var snapshot = taken(service);

                var file = service.bean(SnapshotDirectory.class)
                        .path()
                        .resolve(snapshot.name().toString());
                var footer = IntegrityFooter.check(file);
                assertThat(footer.passed()).isTrue();
                assertThat(footer.fileSha256()).isEqualTo(snapshot.sha256());
                assertThat(Files.size(file)).isEqualTo(snapshot.sizeBytes());
                assertThat(service.bean(SnapshotDirectory.class).latest())
                        .map(Snapshot::name)
                        .contains(snapshot.name());
            }
        }

        @ParameterizedTest
        @EtcdLines({"3.4", "3.5", "3.6"})
        void theToolsOfEachLineReadIt(EtcdHome home) {
            try (var member = EtcdProcess.start(home)) {
                var seeded = OtherixKeyspace.seed(member.clientUrl(), 20);
                try (var service = RunningService.start(member.clientUrl(), dir().resolve(home.line()))) {
                    var snapshot = taken(service);

                    assertThat(snapshot.etcd().version()).isEqualTo(home.version());
                    var status = home.snapshotStatus(service.bean(SnapshotDirectory.class)
                            .path()
                            .resolve(snapshot.name().toString()));
                    assertThat(status)
                            .contains("\"revision\":" + seeded.revision())
                            .contains("\"totalSize\":" + (snapshot.sizeBytes() - 32));
                }
            }
        }

        @Test
        void filesAreForTheOwnerOnly() throws IOException {
            try (var service = RunningService.start(etcd.clientUrl(), dir())) {
                taken(service);
                assertThat(PosixFilePermissions.toString(Files.getPosixFilePermissions(dir())))
                        .isEqualTo("rwx------");
                // how the run ended is noted beside it
                Awaitility.await().until(() -> Files.exists(dir().resolve(".otherix-etcd-backup.state")));
                try (var files = Files.list(dir())) {
                    assertThat(files)
                            .hasSize(4)
                            .allSatisfy(file -> assertThat(
                                            PosixFilePermissions.toString(Files.getPosixFilePermissions(file)))
                                    .isEqualTo("rw-------"));
                }
            }
        }
    }

    @Nested
    class OnDemandMeansNow {

        @Test
        void theSnapshotHoldsWhatALaggingFollowerHadNotAppliedWhenItWasAskedFor() throws IOException {
            try (var cluster = EtcdCluster.start(EtcdHomes.first(), 3)) {
                var leader = cluster.leader();
                var follower = cluster.followers().getFirst();
                try (var service = RunningService.start(follower.clientUrl(), dir())) {
                    follower.pause();
                    OtherixKeyspace.fill(leader.clientUrl(), 32 * MIB, 8192);
                    leader.etcdctl("put", "/otherix/last", "acknowledged-before-the-request");
                    follower.resume();

                    var snapshot = taken(service);

                    assertThat(snapshot.linearizable()).isTrue();
                    assertThat(snapshot.etcd().role().word()).isEqualTo("follower");
                    assertThat(snapshot.etcd().members()).hasSize(3);
                    assertThat(holds(service, snapshot, "acknowledged-before-the-request"))
                            .isTrue();
                }
            }
        }

        @Test
        void withoutQuorumTheLocalSnapshotIsKeptAndOnlyWhoAskedForLocalIsToldSuccess() {
            try (var cluster = EtcdCluster.start(EtcdHomes.first(), 3)) {
                var survivor = cluster.followers().getFirst();
                try (var service = RunningService.start(survivor.clientUrl(), dir())) {
                    cluster.killAllBut(survivor);

                    var refused = ended(request(service, false, false));
                    var satisfied = ended(request(service, false, true));

                    assertThat(refused.error().code()).isEqualTo(TaskFailure.Code.NO_QUORUM);
                    var kept = service.bean(SnapshotDirectory.class).list();
                    assertThat(kept).hasSize(2).allMatch(Snapshot::local).allMatch(Snapshot::verified);
                    assertThat(refused.error().details())
                            .containsEntry("name", kept.getLast().name().toString());
                    assertThat(satisfied.result().etcd().consistencyReason()).isEqualTo(Consistency.Reason.NO_QUORUM);
                }
            }
        }
    }

    @Nested
    class NeverTwoSnapshotsAtATime {

        @Test
        void requestsThatArriveDuringARunShareOneNextRunAndEachIsListed() {
            try (var service = RunningService.start(etcd.clientUrl(), dir(), "--stream.rate_limit=8MB")) {
                var first = request(service, false, false);
                Awaitility.await().until(() -> first.progress().bytes() > 0);

                var later = IntStream.range(0, 20)
                        .mapToObj(i -> request(service, i == 7, false))
                        .toList();

                var snapshots = later.stream()
                        .map(task -> ended(task).result())
                        .distinct()
                        .toList();
                assertThat(snapshots).as("one run for all that came later").hasSize(1);
                var shared = snapshots.getFirst();
                assertThat(shared.name()).isNotEqualTo(ended(first).result().name());
                assertThat(shared.origin().requests()).hasSize(20);
                assertThat(shared.pinned()).as("one of them asked for it").isTrue();
                assertThat(shared.createdAt()).isAfter(later.getFirst().createdAt());
                assertThat(service.bean(SnapshotDirectory.class).list()).hasSize(2);
            }
        }

        @Test
        void aRunInTheSecondOfTheLastOneGetsTheNextSecondsName() {
            try (var small = EtcdProcess.start(EtcdHomes.first());
                    var service = RunningService.start(small.clientUrl(), dir())) {
                var names = IntStream.range(0, 3)
                        .mapToObj(i -> taken(service).name())
                        .toList();

                assertThat(names).doesNotHaveDuplicates().isSorted();
                assertThat(names.getLast().second()).isBeforeOrEqualTo(Instant.now());
            }
        }
    }

    @Nested
    class RetentionKeepsWhatMatters {

        @Test
        void requestsDoNotPushOutTheScheduledHistory() {
            try (var service = RunningService.start(
                    etcd.clientUrl(),
                    dir(),
                    "--workers.backup.enabled=true",
                    "--workers.backup.retention=2",
                    "--retention.on_demand=1")) {
                Awaitility.await()
                        .until(() ->
                                !service.bean(SnapshotDirectory.class).list().isEmpty());
                var scheduled = service.bean(SnapshotDirectory.class).list().getFirst();

                var requested = List.of(taken(service), taken(service), taken(service));

                assertThat(service.bean(SnapshotDirectory.class).list())
                        .extracting(Snapshot::name)
                        .containsExactly(requested.getLast().name(), scheduled.name());
                assertThat(scheduled.trigger()).isEqualTo(Trigger.STARTUP);
                assertThat(service.bean(SnapshotDirectory.class)
                                .find(scheduled.name())
                                .orElseThrow()
                                .keptBecause())
                        .containsExactly(KeptBecause.NEWEST);
            }
        }

        @Test
        void aReinstalledClusterDoesNotRotateTheRealBackupsAway() {
            Snapshot real;
            try (var service = RunningService.start(etcd.clientUrl(), dir())) {
                real = taken(service);
            }
            try (var reinstalled = EtcdProcess.start(EtcdHomes.first());
                    var service = RunningService.start(reinstalled.clientUrl(), dir(), "--retention.on_demand=1")) {
                for (int i = 0; i < 3; i++) {
                    taken(service);
                }
                var held = service.bean(SnapshotDirectory.class).list();
                assertThat(held).hasSize(2);
                assertThat(held.getLast().name()).isEqualTo(real.name());
                assertThat(held.getLast().keptBecause()).contains(KeptBecause.LINEAGE);
                assertThat(held.getFirst().lineage()).isNotEqualTo(real.lineage());
            }
        }

        @Test
        void filesOfTheBuiltInWorkerAreAdoptedAndForeignOnesAreLeftAlone() throws IOException {
            byte[] bytes;
            try (var service = RunningService.start(etcd.clientUrl(), dir())) {
                bytes = Files.readAllBytes(service.bean(SnapshotDirectory.class)
                        .path()
                        .resolve(taken(service).name().toString()));
            }
            var old = Files.createDirectory(temporary.resolve("old"));
            Files.write(old.resolve("otherix-20260101T000000Z.db"), bytes);
            Files.write(old.resolve("otherix-20260101T000000Z.db.tmp"), new byte[10]);
            Files.writeString(old.resolve("notes.txt"), "mine");
            Files.createDirectory(old.resolve("otherix-20260102T000000Z.db"));
            Files.createSymbolicLink(
                    old.resolve("otherix-20260103T000000Z.db"), old.resolve("otherix-20260101T000000Z.db"));

            try (var service = RunningService.start(
                    etcd.clientUrl(), old, "--retention.on_demand=1", "--workers.backup.retention=1")) {
                // once it is verified retention sees it
                Awaitility.await()
                        .until(() -> !service.bean(SnapshotDirectory.class)
                                .list()
                                .getFirst()
                                .keptBecause()
                                .isEmpty());
                var adopted = service.bean(SnapshotDirectory.class).list();
                assertThat(adopted).singleElement().satisfies(snapshot -> {
                    assertThat(snapshot.sha256())
                            .isEqualTo(IntegrityFooter.check(
                                            old.resolve(snapshot.name().toString()))
                                    .fileSha256());
                    assertThat(snapshot.trigger()).isNull();
                    assertThat(snapshot.keptBecause()).contains(KeptBecause.NEWEST, KeptBecause.LATEST);
                });
                taken(service);
                taken(service);
                assertThat(old.resolve("otherix-20260101T000000Z.db.tmp")).exists();
                assertThat(old.resolve("notes.txt")).exists();
                assertThat(old.resolve("otherix-20260102T000000Z.db")).isDirectory();
                assertThat(old.resolve("otherix-20260103T000000Z.db")).isSymbolicLink();
                assertThat(service.bean(SnapshotDirectory.class).list()).hasSize(2);
            }
        }
    }

    @Nested
    class AHangIsAFailure {

        @Test
        void aMemberStoppedMidStreamFailsTheRunAndTheNextOneWorks() throws IOException {
            try (var stopped = EtcdProcess.start(EtcdHomes.first())) {
                OtherixKeyspace.fill(stopped.clientUrl(), 16 * MIB, 8192);
                try (var service = RunningService.start(
                        stopped.clientUrl(), dir(), "--stream.stall_timeout=2s", "--stream.rate_limit=4MB")) {
                    var task = request(service, false, false);
                    Awaitility.await().until(() -> task.progress().bytes() > MIB);
                    stopped.pause();

                    var failed = ended(task);
                    stopped.resume();

                    assertThat(failed.error().code()).isEqualTo(TaskFailure.Code.ETCD_FAILED);
                    assertThat(failed.error().message()).contains("stall_timeout");
                    assertThat(service.bean(SnapshotDirectory.class).list()).isEmpty();
                    assertThat(PackagedService.files(dir())).as("the lock only").hasSize(1);
                    taken(service);
                }
            }
        }

        @Test
        void aMemberKilledMidStreamFailsTheRun() {
            try (var killed = EtcdProcess.start(EtcdHomes.first())) {
                OtherixKeyspace.fill(killed.clientUrl(), 16 * MIB, 8192);
                try (var service = RunningService.start(killed.clientUrl(), dir(), "--stream.rate_limit=4MB")) {
                    var task = request(service, false, false);
                    Awaitility.await().until(() -> task.progress().bytes() > MIB);
                    killed.kill();

                    assertThat(ended(task).error().code()).isEqualTo(TaskFailure.Code.ETCD_FAILED);
                    assertThat(service.bean(SnapshotDirectory.class).list()).isEmpty();

                    killed.restart();
                    taken(service);
                }
            }
        }
    }

    @Nested
    class TheMembersSpaceIsNotEaten {

        @Test
        void aRunThatWouldTouchTheReserveIsRefusedWithTheMissingBytes() {
            try (var service = RunningService.start(etcd.clientUrl(), dir(), "--directory.reserve=900TB")) {
                var failed = ended(request(service, false, false));

                assertThat(failed.error().code()).isEqualTo(TaskFailure.Code.DIRECTORY_FAILED);
                assertThat(failed.error().message()).contains("directory.reserve");
                assertThat((Long) failed.error().details().get("missing_bytes")).isPositive();
            }
        }

        @Test
        void aDirectoryRemovedWhileRunningIsNotMadeAgain() throws IOException {
            try (var service = RunningService.start(etcd.clientUrl(), dir())) {
                Files.move(dir(), temporary.resolve("away"));

                var failed = ended(request(service, false, false));

                assertThat(failed.error().code()).isEqualTo(TaskFailure.Code.DIRECTORY_FAILED);
                assertThat(dir()).doesNotExist();

                Files.move(temporary.resolve("away"), dir());
                taken(service);
            }
        }
    }

    @Nested
    class AStoppingServiceTellsWhoWaits {

        @Test
        void theRunUnderWayIsCancelledAndAllThatWaitAreTold() throws IOException {
            Task<Snapshot> running;
            Task<Snapshot> waiting;
            try (var service = RunningService.start(etcd.clientUrl(), dir(), "--stream.rate_limit=1MB")) {
                running = request(service, false, false);
                var streaming = running;
                Awaitility.await().until(() -> streaming.progress().bytes() > 0);
                waiting = request(service, false, false);
            }
            assertThat(ended(running).error().code()).isEqualTo(TaskFailure.Code.SHUTTING_DOWN);
            assertThat(ended(waiting).error().code()).isEqualTo(TaskFailure.Code.SHUTTING_DOWN);
            assertThat(PackagedService.files(dir())).as("the lock only").hasSize(1);
        }
    }
}
