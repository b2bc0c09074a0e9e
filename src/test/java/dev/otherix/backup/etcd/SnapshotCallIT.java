package dev.otherix.backup.etcd;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.otherix.backup.etcd.EtcdFailure.Reason;
import dev.otherix.backup.realetcd.EtcdCluster;
import dev.otherix.backup.realetcd.EtcdHome;
import dev.otherix.backup.realetcd.EtcdHomes;
import dev.otherix.backup.realetcd.EtcdLines;
import dev.otherix.backup.realetcd.EtcdProcess;
import dev.otherix.backup.realetcd.NeedsEtcd;
import dev.otherix.backup.realetcd.OtherixKeyspace;
import java.io.IOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse.BodyHandlers;
import java.nio.ByteBuffer;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Arrays;
import java.util.List;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.FutureTask;
import java.util.concurrent.TimeUnit;
import org.awaitility.Awaitility;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;

@NeedsEtcd
@Timeout(180)
class SnapshotCallIT {

    private static final long MEBIBYTE = 1 << 20;
    private static final Duration LIMIT = Duration.ofSeconds(10);

    @TempDir
    private Path directory;

    @ParameterizedTest
    @EtcdLines
    void aSnapshotIsTheFileThatEtcdsOwnToolsRestore(EtcdHome home) throws Exception {
        try (var etcd = EtcdProcess.start(home);
                var connection = Members.at(etcd).connect()) {
            var seeded = OtherixKeyspace.seed(etcd.clientUrl(), 20);
            var sink = new RecordingSink();
            var status = connection.status(LIMIT);
            connection.stream(sink, limits(status, LIMIT, 0));

            var file = sink.bytes();
            var data = Arrays.copyOf(file, file.length - 32);
            var footer = Arrays.copyOfRange(file, data.length, file.length);
            assertThat(file.length % 512).isEqualTo(32);
            assertThat(footer).isEqualTo(SnapshotMessages.sha256(data));
            assertThat(sink.begun).containsExactly((long) file.length);

            var saved = Files.write(directory.resolve("snapshot.db"), file);
            var restored = directory.resolve("restored");
            restore(home, saved, restored);
            try (var again = EtcdProcess.builder(home)
                    .dataDir(restored)
                    .flags("--force-new-cluster")
                    .start()) {
                assertThat(again.status().revision()).isEqualTo(seeded.revision());
            }
        }
    }

    @ParameterizedTest
    @EtcdLines
    void aLearnerAndAMemberWithoutQuorumStreamToo(EtcdHome home) {
        try (var cluster = EtcdCluster.start(home, 2)) {
            var survivor = cluster.leader();
            if (!home.line().equals("3.4")) {
                // a 3.4 serves learners from 3.4.28 on only
                assertThat(stream(cluster.addLearner())).isPositive();
            }
            cluster.killAllBut(survivor);
            assertThat(stream(survivor)).isPositive();
        }
    }

    @Test
    void aMemberThatIsStoppedMidStreamHasStalled() throws Exception {
        try (var etcd = filled(64);
                var connection = Members.at(etcd).connect()) {
            var sink = new GatedSink();
            var job = start(connection, sink, Duration.ofSeconds(2));
            assertThat(sink.reached.await(20, TimeUnit.SECONDS)).isTrue();
            etcd.pause();
            var paused = System.nanoTime();
            sink.gate.countDown();
            assertThatThrownBy(() -> job.get(30, TimeUnit.SECONDS))
                    .cause()
                    .isInstanceOfSatisfying(
                            EtcdFailure.class,
                            failure -> assertThat(failure.reason()).isEqualTo(Reason.STALLED))
                    .hasMessageMatching(".*sent nothing for 2s, at [1-9]\\d* of [1-9]\\d* bytes.*");
            assertThat(Duration.ofNanos(System.nanoTime() - paused)).isLessThan(Duration.ofSeconds(6));
        }
    }

    @Test
    void aMemberThatIsKilledMidStreamBreaksIt() throws Exception {
        try (var etcd = filled(64);
                var connection = Members.at(etcd).connect()) {
            var sink = new GatedSink();
            var job = start(connection, sink, LIMIT);
            assertThat(sink.reached.await(20, TimeUnit.SECONDS)).isTrue();
            etcd.kill();
            sink.gate.countDown();
            assertThatThrownBy(() -> job.get(30, TimeUnit.SECONDS))
                    .cause()
                    .isInstanceOfSatisfying(
                            EtcdFailure.class,
                            failure -> assertThat(failure.reason()).isEqualTo(Reason.BROKEN_STREAM))
                    .hasMessageContaining("broke off after ");
        }
    }

    @Test
    void aStreamThatIsGivenUpDoesNotLingerOnTheMember() throws Exception {
        try (var etcd = filled(64);
                var connection = Members.at(etcd).connect()) {
            RecordingSink failing = new RecordingSink() {
                @Override
                public void write(ByteBuffer part) {
                    throw new IllegalStateException("full");
                }
            };
            assertThatThrownBy(() -> connection.stream(failing, limits(connection.status(LIMIT), LIMIT, 0)))
                    .isInstanceOf(IllegalStateException.class)
                    .hasMessage("full");
            awaitNoStreamOn(etcd);
        }
    }

    @Test
    void aSinkThatHangsDoesNotHoldTheMember() throws Exception {
        try (var etcd = filled(64);
                var connection = Members.at(etcd).connect()) {
            var sink = new GatedSink();
            var job = start(connection, sink, Duration.ofSeconds(1));
            assertThatThrownBy(() -> job.get(30, TimeUnit.SECONDS))
                    .cause()
                    .isInstanceOfSatisfying(
                            EtcdFailure.class,
                            failure -> assertThat(failure.reason()).isEqualTo(Reason.SINK_STALLED));
            awaitNoStreamOn(etcd);
            sink.gate.countDown();
        }
    }

    @Test
    void anInterruptEndsTheStream() throws Exception {
        try (var etcd = filled(64);
                var connection = Members.at(etcd).connect()) {
            var slow = limits(connection.status(LIMIT), LIMIT, MEBIBYTE);
            var under = new CountDownLatch(1);
            var sink = new RecordingSink() {
                @Override
                public void write(ByteBuffer part) {
                    super.write(part);
                    under.countDown();
                }
            };
            var job = new FutureTask<Boolean>(() -> {
                assertThatExceptionOfType(EtcdFailure.class)
                        .isThrownBy(() -> connection.stream(sink, slow))
                        .returns(Reason.CANCELLED, EtcdFailure::reason);
                return Thread.currentThread().isInterrupted();
            });
            var thread = Thread.ofPlatform().start(job);
            assertThat(under.await(20, TimeUnit.SECONDS)).isTrue();
            thread.interrupt();
            assertThat(job.get(10, TimeUnit.SECONDS)).isTrue();
            awaitNoStreamOn(etcd);
        }
    }

    @Test
    void aRateLimitIsKept() {
        try (var etcd = filled(64);
                var connection = Members.at(etcd).connect()) {
            var status = connection.status(LIMIT);
            var sink = new RecordingSink();
            var began = System.nanoTime();
            connection.stream(sink, limits(status, LIMIT, 16 * MEBIBYTE));
            var rate = sink.bytes().length * 1e9 / (System.nanoTime() - began);
            assertThat(rate)
                    .as("never faster; slower only on a busy machine")
                    .isBetween(2.0 * MEBIBYTE, 17.6 * MEBIBYTE);
        }
    }

    private FutureTask<Void> start(MemberConnection connection, SnapshotSink sink, Duration stallTimeout) {
        var limits = limits(connection.status(LIMIT), stallTimeout, 0);
        var job = new FutureTask<Void>(() -> connection.stream(sink, limits), null);
        Thread.startVirtualThread(job);
        return job;
    }

    private long stream(EtcdProcess member) {
        try (var connection = Members.at(member).connect()) {
            var status = connection.status(LIMIT);
            var sink = new RecordingSink();
            connection.stream(sink, limits(status, LIMIT, 0));
            return sink.bytes().length;
        }
    }

    private static StreamLimits limits(MemberStatus status, Duration stallTimeout, long rate) {
        return new StreamLimits(stallTimeout, null, rate, status.dbSizeBytes());
    }

    private static EtcdProcess filled(int mebibytes) {
        var etcd = EtcdProcess.start(EtcdHomes.first());
        OtherixKeyspace.fill(etcd.clientUrl(), mebibytes * MEBIBYTE, 256 * 1024);
        return etcd;
    }

    // the member counts a stream as handled when it has let go of the read transaction behind it
    private static void awaitNoStreamOn(EtcdProcess etcd) {
        try (var client = HttpClient.newHttpClient()) {
            var request = HttpRequest.newBuilder(URI.create(etcd.clientUrl() + "/metrics"))
                    .build();
            Awaitility.await().untilAsserted(() -> {
                var metrics = client.send(request, BodyHandlers.ofString())
                        .body()
                        .lines()
                        .filter(line -> line.contains("grpc_method=\"Snapshot\""))
                        .toList();
                assertThat(sum(metrics, "grpc_server_started_total")).isEqualTo(1);
                assertThat(sum(metrics, "grpc_server_handled_total")).isEqualTo(1);
            });
        }
    }

    private static double sum(List<String> metrics, String name) {
        return metrics.stream()
                .filter(line -> line.startsWith(name + "{"))
                .mapToDouble(line -> Double.parseDouble(line.substring(line.lastIndexOf(' ') + 1)))
                .sum();
    }

    private static void restore(EtcdHome home, Path snapshot, Path dataDir) throws IOException, InterruptedException {
        var tool = home.hasEtcdutl() ? home.etcdutl() : home.etcdctl();
        var builder = new ProcessBuilder(
                        tool.toString(), "snapshot", "restore", snapshot.toString(), "--data-dir=" + dataDir)
                .redirectErrorStream(true);
        builder.environment().put("ETCDCTL_API", "3");
        var process = builder.start();
        var said = new String(process.getInputStream().readAllBytes());
        assertThat(process.waitFor()).as(said).isZero();
    }

    /** Waits at a gate once some megabytes have gone through. */
    private static final class GatedSink implements SnapshotSink {

        private final CountDownLatch reached = new CountDownLatch(1);
        private final CountDownLatch gate = new CountDownLatch(1);
        private long bytes;

        @Override
        public void begin(long fileBytes) {}

        @Override
        public void write(ByteBuffer part) {
            bytes += part.remaining();
            if (bytes > 4 * MEBIBYTE) {
                reached.countDown();
                try {
                    gate.await();
                } catch (InterruptedException interrupted) {
                    throw new IllegalStateException(interrupted);
                }
            }
        }
    }
}
