package dev.otherix.backup.realetcd;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.awaitility.Awaitility.await;

import java.net.InetAddress;
import java.net.ServerSocket;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.api.parallel.Execution;
import org.junit.jupiter.api.parallel.ExecutionMode;
import org.junit.jupiter.params.ParameterizedTest;

@NeedsEtcd
class EtcdProcessIT {

    @TempDir
    private static Path authorities;

    private static TestCertificates certificates;

    @TempDir
    private Path temp;

    @BeforeAll
    static void makeAnAuthority() {
        certificates = TestCertificates.in(authorities.resolve("ours"));
    }

    @ParameterizedTest
    @EtcdLines
    @Execution(ExecutionMode.CONCURRENT)
    void aMemberOfEachLineKeepsItsDataOverARestartOnTheSamePorts(EtcdHome home) {
        try (var etcd = EtcdProcess.start(home)) {
            etcd.etcdctl("put", "/otherix/a", "1");
            var url = etcd.clientUrl();
            var pid = etcd.pid();

            etcd.restart();

            assertThat(etcd.clientUrl()).isEqualTo(url);
            assertThat(etcd.pid()).isNotEqualTo(pid);
            assertThat(value(etcd, "/otherix/a")).isEqualTo("1");
            assertThat(etcd.status().version()).isEqualTo(home.version());
            assertThat(etcd.status().isLeader()).isTrue();
        }
    }

    @ParameterizedTest
    @EtcdLines
    @Execution(ExecutionMode.CONCURRENT)
    void aMemberOfEachLineDemandsUsersWhenToldTo(EtcdHome home) {
        try (var etcd = EtcdProcess.start(home)) {
            etcd.enableAuth("secret");
            etcd.etcdctl("put", "/otherix/a", "1");

            assertThat(value(etcd, "/otherix/a")).isEqualTo("1");
            assertThatThrownBy(() -> etcd.etcdctl("get", "/otherix/a", "--user=root:wrong"))
                    .hasMessageContaining("authentication failed");
        }
    }

    @Test
    void aPausedMemberGivesNoAnswerUntilItIsResumed() {
        try (var etcd = EtcdProcess.start(EtcdHomes.first())) {
            etcd.pause();
            assertThatThrownBy(() -> etcd.etcdctl("--command-timeout=1s", "--dial-timeout=1s", "get", "/otherix/a"))
                    .hasMessageContaining("deadline exceeded");

            etcd.resume();
            assertThat(etcd.etcdctl("endpoint", "health", "-w", "json")).contains("\"health\":true");
        }
    }

    @Test
    void aPausedMemberCanBeEndedInEachWay() {
        try (var etcd = EtcdProcess.start(EtcdHomes.first())) {
            etcd.pause();
            etcd.terminate();
            assertThat(etcd.isRunning()).isFalse();
            assertThatThrownBy(etcd::pid).hasMessageContaining("does not run");

            etcd.restart();
            etcd.pause();
            etcd.kill();
            assertThat(etcd.isRunning()).isFalse();
        }
    }

    @ParameterizedTest
    @EtcdLines
    @Execution(ExecutionMode.CONCURRENT)
    void aMemberOfEachLineWithMutualTlsRefusesWhoHasNoCertificate(EtcdHome home) {
        try (var etcd = EtcdProcess.builder(home).mutualTls(certificates).start()) {
            etcd.etcdctl("put", "/otherix/a", "1");

            assertThat(etcd.clientUrl()).startsWith("https://127.0.0.1:");
            assertThat(value(etcd, "/otherix/a")).isEqualTo("1");
            var stranger = Command.of(
                    EtcdHomes.first().etcdctl().toString(),
                    "--endpoints=" + etcd.clientUrl(),
                    "--cacert=" + certificates.ca(),
                    "--command-timeout=2s",
                    "get",
                    "/otherix/a");
            assertThat(stranger.run().exitCode()).isNotZero();
        }
    }

    @Test
    void aClientOfAnotherAuthorityRefusesTheServer() {
        var other = TestCertificates.in(authorities.resolve("other"));
        try (var etcd = EtcdProcess.builder(EtcdHomes.first()).tls(certificates).start()) {
            assertThatThrownBy(
                            () -> etcd.etcdctl("--cacert=" + other.ca(), "--command-timeout=2s", "get", "/otherix/a"))
                    .hasMessageContaining("certificate signed by unknown authority");
        }
    }

    @Test
    void anExpiredServerCertificateIsRefusedByWhoLooksAtIt() {
        try (var etcd = EtcdProcess.builder(EtcdHomes.first())
                .tls(certificates, certificates.expiredServer())
                .start()) {
            assertThatThrownBy(() -> etcd.etcdctl(
                            "--insecure-skip-tls-verify=false",
                            "--cacert=" + certificates.ca(),
                            "--command-timeout=2s",
                            "get",
                            "/otherix/a"))
                    .hasMessageContaining("certificate has expired");
        }
    }

    @Test
    void aMemberStartsOnDataThatAreThere() {
        var home = EtcdHomes.first();
        var data = temp.resolve("data");
        try (var first = EtcdProcess.builder(home).dataDir(data).start()) {
            first.etcdctl("put", "/otherix/a", "1");
        }
        try (var second = EtcdProcess.builder(home).dataDir(data).start()) {
            assertThat(value(second, "/otherix/a")).isEqualTo("1");
        }
        assertThat(data).isDirectory();
    }

    @Test
    void flagsReachTheServer() {
        try (var etcd = EtcdProcess.start(EtcdHomes.first(), "--quota-backend-bytes=2097152")) {
            try {
                OtherixKeyspace.fill(etcd.clientUrl(), 4_000_000, 65_536);
            } catch (IllegalStateException full) {
                // on a slow machine it is full before the last write
                assertThat(full).hasMessageContaining("database space exceeded");
            }

            // the quota is compared with what is committed, which is a moment later
            await().untilAsserted(() -> assertThatThrownBy(() -> etcd.etcdctl("put", "/otherix/a", "1"))
                    .hasMessageContaining("database space exceeded"));
            assertThat(etcd.etcdctl("alarm", "list")).contains("NOSPACE");
        }
    }

    @Test
    void aServerThatEndsAtStartFailsWithTheEndOfItsLog() {
        assertThatThrownBy(() ->
                        EtcdProcess.start(EtcdHomes.first(), "--heartbeat-interval=100", "--election-timeout=150"))
                .isInstanceOf(IllegalStateException.class)
                .hasMessageContaining("should be at least as 5 times");
    }

    @Test
    void closingLeavesNoProcessAndNoFiles() {
        var etcd = EtcdProcess.start(EtcdHomes.first());
        var server = ProcessHandle.of(etcd.pid()).orElseThrow();
        var data = etcd.dataDir();
        assertThat(data).isDirectory();

        etcd.close();

        assertThat(server.isAlive()).isFalse();
        assertThat(data.getParent()).doesNotExist();
    }

    @Test
    void aPortThatAnotherProgramTookIsToldApart() throws Exception {
        var settings = EtcdProcess.builder(EtcdHomes.first())
                .startTimeout(Duration.ofSeconds(20))
                .settings();
        var ports = MemberPorts.take();
        var self = "--initial-cluster=default=" + ports.peer().url("http");
        try (var quicker = new ServerSocket(ports.client().number(), 1, InetAddress.getLoopbackAddress());
                var etcd = new EtcdProcess(settings, ports, List.of(self))) {
            assertThat(quicker.isBound()).isTrue();
            etcd.launch();
            assertThatThrownBy(etcd::awaitAnswer).isInstanceOf(PortInUseException.class);
            assertThat(Files.readString(etcd.log())).contains("address already in use");
        }
    }

    @Test
    void aReservedPortIsNotGivenTwice() {
        try (var one = ReservedPort.take()) {
            assertThat(ReservedPort.takeExactly(one.number())).isEmpty();
        }
    }

    private static String value(EtcdProcess etcd, String key) {
        return etcd.etcdctl("get", key, "--print-value-only").strip();
    }
}
