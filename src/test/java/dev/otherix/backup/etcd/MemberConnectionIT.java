package dev.otherix.backup.etcd;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;
import static org.assertj.core.api.Assertions.assertThatIllegalStateException;

import dev.otherix.backup.Secrets;
import dev.otherix.backup.etcd.EtcdFailure.Reason;
import dev.otherix.backup.realetcd.EtcdHome;
import dev.otherix.backup.realetcd.EtcdHomes;
import dev.otherix.backup.realetcd.EtcdLines;
import dev.otherix.backup.realetcd.EtcdProcess;
import dev.otherix.backup.realetcd.NeedsEtcd;
import dev.otherix.backup.realetcd.PrivateFile;
import dev.otherix.backup.realetcd.TestCertificates;
import dev.otherix.backup.snapshot.MemberFacts.Member;
import dev.otherix.backup.snapshot.MemberFacts.Role;
import java.io.IOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.URI;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import org.awaitility.Awaitility;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.api.parallel.Execution;
import org.junit.jupiter.api.parallel.ExecutionMode;
import org.junit.jupiter.params.ParameterizedTest;

@NeedsEtcd
@Timeout(120)
class MemberConnectionIT {

    private static final Duration LIMIT = Duration.ofSeconds(10);
    private static final String SECRET = Secrets.PASSWORD + "correct horse";

    private static TestCertificates certificates;
    private static TestCertificates others;

    @TempDir
    private Path directory;

    @BeforeAll
    static void makeCertificates(@TempDir Path keys) {
        certificates = TestCertificates.in(keys.resolve("good"));
        others = TestCertificates.in(keys.resolve("others"));
    }

    @ParameterizedTest
    @EtcdLines
    @Execution(ExecutionMode.CONCURRENT)
    void aMemberTellsWhoItIs(EtcdHome home) {
        try (var etcd = EtcdProcess.start(home);
                var connection = Members.at(etcd).connect()) {
            var status = connection.status(LIMIT);
            assertThat(status.version()).isEqualTo(home.version());
            assertThat(status.role()).isEqualTo(Role.LEADER);
            assertThat(status.hasLeader()).isTrue();
            assertThat(status.alarms()).isEmpty();
            assertThat(status.revision()).isEqualTo(etcd.status().revision());
            assertThat(status.dbSizeBytes()).isEqualTo(etcd.status().sizeBytes());
            assertThat(etcd.etcdctl("member", "list")).startsWith(status.memberId() + ", started, default");
            assertThat(status.clusterId())
                    .isEqualTo(Long.toHexString(etcd.status().clusterId()));
            assertThat(connection.members(LIMIT))
                    .contains(List.of(new Member(status.memberId(), "default", List.of(etcd.peerUrl()), false)));
        }
    }

    @ParameterizedTest
    @EtcdLines
    @Execution(ExecutionMode.CONCURRENT)
    void aFullDatabaseIsAnAlarm(EtcdHome home) {
        try (var etcd = EtcdProcess.start(home, "--quota-backend-bytes=65536");
                var connection = Members.at(etcd).connect()) {
            assertThatIllegalStateException()
                    .isThrownBy(() -> {
                        for (int write = 0; write < 100; write++) {
                            etcd.etcdctl("put", "/otherix/a", "x".repeat(60_000));
                        }
                    })
                    .withMessageContaining("database space exceeded");
            assertThat(connection.status(LIMIT).alarms()).containsExactly("NOSPACE");
        }
    }

    @Test
    void aMemberByNameAndByIpVersion6IsReachedToo() {
        try (var etcd = EtcdProcess.start(EtcdHomes.first())) {
            var port = URI.create(etcd.clientUrl()).getPort();
            try (var connection =
                    Members.at(URI.create("http://localhost:" + port)).connect()) {
                assertThat(connection.status(LIMIT).hasLeader()).isTrue();
            }
            fails(
                    new EtcdProperties(URI.create("http://[::1]:" + port), null, null, null, null, null),
                    Reason.UNREACHABLE,
                    "http://[::1]:" + port,
                    "Connection refused");
        }
    }

    @ParameterizedTest
    @EtcdLines
    @Execution(ExecutionMode.CONCURRENT)
    void aMemberWithTlsIsReachedWithItsAuthorityOnly(EtcdHome home) {
        try (var etcd = EtcdProcess.builder(home).tls(certificates).start()) {
            streams(tls(etcd, certificates.ca(), null));
            fails(tls(etcd, others.ca(), null), Reason.TLS, etcd.clientUrl(), "check etcd.ca_file");
            fails(tls(etcd, null, null), Reason.TLS, etcd.clientUrl(), "check etcd.ca_file");
            var plain = URI.create(etcd.clientUrl().replace("https", "http"));
            fails(
                    new EtcdProperties(plain, null, null, null, null, null),
                    Reason.UNREACHABLE,
                    plain.toString(),
                    "http and https");
        }
    }

    @Test
    void aCertificateForAnotherHostOrOutOfDateIsRefused() throws IOException {
        try (var etcd = EtcdProcess.builder(EtcdHomes.first())
                .tls(certificates, certificates.expiredServer())
                .start()) {
            fails(tls(etcd, certificates.ca(), null), Reason.TLS, etcd.clientUrl(), "check etcd.ca_file");
        }
        try (var etcd = EtcdProcess.builder(EtcdHomes.first()).tls(certificates).start();
                var otherHost =
                        new Forwarder("127.0.0.2", URI.create(etcd.clientUrl()).getPort())) {
            var url = URI.create("https://127.0.0.2:" + otherHost.port());
            fails(
                    new EtcdProperties(url, certificates.ca(), null, null, null, null),
                    Reason.TLS,
                    url.toString(),
                    "127.0.0.2 found",
                    "valid for the host");
        }
    }

    @ParameterizedTest
    @EtcdLines
    @Execution(ExecutionMode.CONCURRENT)
    void aMemberThatWantsAClientCertificateIsReachedWithOneOnly(EtcdHome home) {
        try (var etcd = EtcdProcess.builder(home).mutualTls(certificates).start()) {
            streams(tls(etcd, certificates.ca(), certificates.client("backup")));
            fails(tls(etcd, certificates.ca(), null), Reason.TLS, etcd.clientUrl(), "etcd.cert_file");
            fails(
                    tls(etcd, certificates.ca(), others.client("backup")),
                    Reason.TLS,
                    etcd.clientUrl(),
                    "etcd.cert_file");
        }
    }

    @Test
    void rotatedCertificatesAreReadByTheNextConnection() throws IOException {
        var ca = Files.copy(others.ca(), directory.resolve("ca.crt"));
        try (var etcd = EtcdProcess.builder(EtcdHomes.first()).tls(certificates).start()) {
            var member = new EtcdMember(tls(etcd, ca, null));
            assertThatExceptionOfType(EtcdFailure.class).isThrownBy(member::connect);
            Files.write(ca, Files.readAllBytes(certificates.ca()));
            member.connect().close();
        }
    }

    @Test
    void whatBecomesOfNoUseWhileTheServiceRunsIsToldWithItsFile() throws IOException {
        var key = PrivateFile.write(
                directory.resolve("client.key"),
                Files.readString(certificates.client("backup").key()));
        var ca = Files.copy(certificates.ca(), directory.resolve("ca.crt"));
        var properties = new EtcdProperties(
                URI.create("https://127.0.0.1:1"),
                ca,
                certificates.client("backup").certificate(),
                key,
                null,
                null);
        PrivateFile.write(key, Files.readString(others.client("backup").key()));
        fails(properties, Reason.TLS, "etcd.key_file = " + key, "is not the key of");
        Files.delete(ca);
        fails(properties, Reason.TLS, "etcd.ca_file = " + ca, "does not exist");
    }

    @ParameterizedTest
    @EtcdLines
    @Execution(ExecutionMode.CONCURRENT)
    void aMemberThatWantsALoginIsReachedByItsRootOnly(EtcdHome home) throws IOException {
        try (var etcd = EtcdProcess.start(home)) {
            var right = user(etcd, "root", SECRET + "\n");
            streams(right);
            etcd.enableAuth(SECRET);
            streams(right);
            fails(user(etcd, "root", "wrong"), Reason.UNAUTHENTICATED, etcd.clientUrl(), "etcd.password_file");
            fails(user(etcd, "nobody", SECRET), Reason.UNAUTHENTICATED, etcd.clientUrl(), "logging in as nobody");
            failsToStream(
                    new EtcdProperties(URI.create(etcd.clientUrl()), null, null, null, null, null),
                    Reason.UNAUTHENTICATED,
                    "set etcd.username and etcd.password_file");
            etcd.etcdctl("user", "add", "reader:" + SECRET);
            failsToStream(user(etcd, "reader", SECRET), Reason.PERMISSION_DENIED, "needs the role root");
        }
    }

    @ParameterizedTest
    @EtcdLines
    @Execution(ExecutionMode.CONCURRENT)
    void aTokenOutlivesItselfByANewLogin(EtcdHome home) throws IOException {
        try (var etcd = EtcdProcess.start(home, "--auth-token-ttl=1")) {
            etcd.enableAuth(SECRET);
            var member = new EtcdMember(user(etcd, "root", SECRET));
            try (var connection = member.connect()) {
                var connected = System.nanoTime();
                Awaitility.await()
                        .pollInterval(Duration.ofMillis(100))
                        .until(() -> System.nanoTime() - connected
                                > Duration.ofSeconds(4).toNanos());
                assertThat(connection.barrier(LIMIT)).isInstanceOf(ReadBarrier.Linearizable.class);
                streams(connection);
            }
            streams(user(etcd, "root", SECRET));
        }
    }

    @Test
    void aPasswordIsReadAnewForEachConnection() throws IOException {
        try (var etcd = EtcdProcess.start(EtcdHomes.first())) {
            etcd.enableAuth(SECRET);
            var properties = user(etcd, "root", "old");
            var member = new EtcdMember(properties);
            assertThatExceptionOfType(EtcdFailure.class).isThrownBy(member::connect);
            Files.writeString(properties.passwordFile(), SECRET);
            member.connect().close();
            Files.delete(properties.passwordFile());
            assertThatExceptionOfType(EtcdFailure.class)
                    .isThrownBy(member::connect)
                    .returns(Reason.UNAUTHENTICATED, EtcdFailure::reason)
                    .withMessageContaining(properties.passwordFile().toString());
        }
    }

    @Test
    void aPortWhereNothingListensIsUnreachable() throws IOException {
        int port;
        try (var socket = new ServerSocket(0, 1, InetAddress.getLoopbackAddress())) {
            port = socket.getLocalPort();
        }
        var url = "http://127.0.0.1:" + port;
        fails(
                new EtcdProperties(URI.create(url), null, null, null, null, null),
                Reason.UNREACHABLE,
                url,
                "Connection refused");
    }

    @Test
    void aPortThatAcceptsAndNeverAnswersIsUnreachable() throws IOException {
        try (var socket = new ServerSocket(0, 1, InetAddress.getLoopbackAddress())) {
            var at = "://127.0.0.1:" + socket.getLocalPort();
            fails(
                    new EtcdProperties(URI.create("http" + at), null, null, null, null, null),
                    Reason.UNREACHABLE,
                    "http" + at,
                    "check that otherix-api runs");
            fails(
                    new EtcdProperties(URI.create("https" + at), null, null, null, null, null),
                    Reason.UNREACHABLE,
                    "https" + at,
                    "check that otherix-api runs");
        }
    }

    @Test
    void aPlainMemberAskedByTlsIsUnreachableWithAHint() {
        try (var etcd = EtcdProcess.start(EtcdHomes.first())) {
            var url = URI.create(etcd.clientUrl().replace("http", "https"));
            fails(
                    new EtcdProperties(url, null, null, null, null, null),
                    Reason.UNREACHABLE,
                    url.toString(),
                    "the right one of http and https");
        }
    }

    private EtcdProperties user(EtcdProcess etcd, String name, String password) throws IOException {
        var file = Files.writeString(Files.createTempFile(directory, "password", ""), password);
        return new EtcdProperties(URI.create(etcd.clientUrl()), null, null, null, name, file);
    }

    private static EtcdProperties tls(EtcdProcess etcd, @Nullable Path ca, TestCertificates.@Nullable Pair client) {
        return new EtcdProperties(
                URI.create(etcd.clientUrl()),
                ca,
                client == null ? null : client.certificate(),
                client == null ? null : client.key(),
                null,
                null);
    }

    private static void streams(EtcdProperties properties) {
        try (var connection = new EtcdMember(properties).connect()) {
            streams(connection);
        }
    }

    private static void streams(MemberConnection connection) {
        connection.stream(new RecordingSink(), new StreamLimits(LIMIT, null, 0, 1 << 20));
    }

    private static void fails(EtcdProperties properties, Reason reason, String... words) {
        var member = new EtcdMember(properties);
        var start = System.nanoTime();
        assertThatExceptionOfType(EtcdFailure.class)
                .isThrownBy(member::connect)
                .returns(reason, EtcdFailure::reason)
                .satisfies(failure -> assertThat(failure.getMessage()).contains(words))
                .satisfies(MemberConnectionIT::holdsNoSecret);
        assertThat(Duration.ofNanos(System.nanoTime() - start)).isLessThan(Duration.ofSeconds(30));
    }

    private static void failsToStream(EtcdProperties properties, Reason reason, String... words) {
        assertThatExceptionOfType(EtcdFailure.class)
                .isThrownBy(() -> streams(properties))
                .returns(reason, EtcdFailure::reason)
                .satisfies(failure -> assertThat(failure.getMessage()).contains(words))
                .satisfies(MemberConnectionIT::holdsNoSecret);
    }

    private static void holdsNoSecret(EtcdFailure failure) {
        var said = new ArrayList<String>();
        for (Throwable thrown = failure; thrown != null; thrown = thrown.getCause()) {
            said.add(thrown.toString());
        }
        assertThat(said).noneMatch(text -> text.contains(SECRET));
    }
}
