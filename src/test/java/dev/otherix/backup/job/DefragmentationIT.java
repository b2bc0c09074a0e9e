package dev.otherix.backup.job;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

import dev.otherix.backup.check.CaCheck;
import dev.otherix.backup.check.ClusterCaProperties;
import dev.otherix.backup.check.FileCheck;
import dev.otherix.backup.check.HashComparison;
import dev.otherix.backup.check.VerificationProperties;
import dev.otherix.backup.etcd.EtcdFailure;
import dev.otherix.backup.etcd.EtcdMember;
import dev.otherix.backup.etcd.EtcdProperties;
import dev.otherix.backup.etcd.SnapshotSink;
import dev.otherix.backup.etcd.StreamLimits;
import dev.otherix.backup.etcd.StreamProperties;
import dev.otherix.backup.realetcd.EtcdHome;
import dev.otherix.backup.realetcd.EtcdHomes;
import dev.otherix.backup.realetcd.EtcdLines;
import dev.otherix.backup.realetcd.EtcdProcess;
import dev.otherix.backup.realetcd.NeedsEtcd;
import dev.otherix.backup.realetcd.OtherixKeyspace;
import dev.otherix.backup.realetcd.TestCertificates;
import dev.otherix.backup.snapshot.RetentionPolicy;
import dev.otherix.backup.snapshot.SnapshotDirectory;
import dev.otherix.backup.snapshot.SnapshotRequest;
import dev.otherix.backup.snapshot.Trigger;
import java.net.URI;
import java.nio.ByteBuffer;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Clock;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CountDownLatch;
import java.util.regex.Pattern;
import org.awaitility.Awaitility;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.api.parallel.Execution;
import org.junit.jupiter.api.parallel.ExecutionMode;
import org.junit.jupiter.params.ParameterizedTest;

/**
 * A defragmentation lasts as long as a read transaction is open: a snapshot stream that nobody takes from holds it for
 * as long as a test wants, whatever the size of the database.
 */
@NeedsEtcd
@Timeout(180)
class DefragmentationIT {

    // 3.4 has a sentence of its own
    private static final Pattern BEGUN = Pattern.compile("starting (to )?defragment|defragmenting");

    @TempDir
    private Path dir;

    @ParameterizedTest
    @EtcdLines
    @Execution(ExecutionMode.CONCURRENT)
    void aDefragmentationIsNamedAndWhoeverWaitsGetsTheSnapshot(EtcdHome home) throws Exception {
        try (var etcd = EtcdProcess.start(home)) {
            OtherixKeyspace.fill(etcd.clientUrl(), 20_000_000, 500_000);
            aDefragmentationIsNamed(
                    etcd, new EtcdProperties(URI.create(etcd.clientUrl()), null, null, null, null, null));
        }
    }

    @Test
    @Execution(ExecutionMode.CONCURRENT)
    void itIsNamedOverMutualTlsToo() throws Exception {
        var certificates = TestCertificates.in(dir.resolve("ca"));
        var client = certificates.client("backup");
        var data = dir.resolve("data");
        try (var filled = EtcdProcess.builder(EtcdHomes.first()).dataDir(data).start()) {
            OtherixKeyspace.fill(filled.clientUrl(), 20_000_000, 500_000);
        }
        try (var etcd = EtcdProcess.builder(EtcdHomes.first())
                .dataDir(data)
                .mutualTls(certificates)
                .start()) {
            aDefragmentationIsNamed(
                    etcd,
                    new EtcdProperties(
                            URI.create(etcd.clientUrl()),
                            certificates.ca(),
                            client.certificate(),
                            client.key(),
                            null,
                            null));
        }
    }

    private void aDefragmentationIsNamed(EtcdProcess etcd, EtcdProperties properties) throws Exception {
        var member = new EtcdMember(properties);
        var release = new CountDownLatch(1);
        try (var directory = SnapshotDirectory.open(dir.resolve("snapshots"), 0L);
                var reader = member.connect()) {
            var reading = new CountDownLatch(1);
            var limits = StreamLimits.of(new StreamProperties(Duration.ofMinutes(2), null, null), 1 << 25);
            var stream = CompletableFuture.runAsync(() -> reader.stream(new Stuck(reading, release), limits));
            reading.await();
            var defrag = CompletableFuture.supplyAsync(() -> etcd.etcdctl("--command-timeout=2m", "defrag"));
            Awaitility.await()
                    .until(() -> BEGUN.matcher(Files.readString(etcd.log())).find());

            var scheduled = steps(member, directory)
                    .run(new BackupSteps.Purpose(Trigger.SCHEDULE, List.of(), false), new RunProgress());
            assertThat(scheduled.outcome()).isInstanceOfSatisfying(Outcome.Failed.class, failed -> {
                assertThat(failed.failure().message())
                        .startsWith("etcd at " + etcd.clientUrl() + " is being defragmented");
                assertThat(failed.passesSoon()).isTrue();
            });
            var request = new RunRequest(
                    new SnapshotRequest(null, null, null, Clock.systemUTC().instant()), false, false);
            var requested = CompletableFuture.supplyAsync(() -> steps(member, directory)
                    .run(new BackupSteps.Purpose(Trigger.REQUEST, List.of(request), false), new RunProgress()));
            assertThatExceptionOfType(EtcdFailure.class)
                    .isThrownBy(member::connect)
                    .returns(EtcdFailure.Reason.DEFRAGMENTING, EtcdFailure::reason);
            assertThat(requested).isNotDone();

            release.countDown();
            assertThat(requested.join().outcome().good())
                    .as(() -> requested.join().outcome().toString())
                    .isTrue();
            defrag.join();
            stream.join();
        } finally {
            release.countDown();
        }
    }

    private BackupSteps steps(EtcdMember member, SnapshotDirectory directory) {
        var clock = Clock.systemUTC();
        return new BackupSteps(
                member,
                new StreamProperties(Duration.ofSeconds(30), null, null),
                directory,
                new FileCheck(new CaCheck(new ClusterCaProperties(dir.resolve("no-ca.crt"))), clock),
                new HashComparison(VerificationProperties.HashKv.NEVER),
                new Retention(new RetentionPolicy(7, 7), directory),
                new Timeline(null, _ -> {}, clock));
    }

    /** Takes the first bytes, and the rest when it may. */
    private record Stuck(CountDownLatch reading, CountDownLatch release) implements SnapshotSink {

        @Override
        public void begin(long fileBytes) {
            // none is wanted
        }

        @Override
        public void write(ByteBuffer bytes) {
            reading.countDown();
            try {
                release.await();
            } catch (InterruptedException interrupted) {
                Thread.currentThread().interrupt();
            }
        }
    }
}
