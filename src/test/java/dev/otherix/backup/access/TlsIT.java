package dev.otherix.backup.access;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;
import static org.awaitility.Awaitility.await;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import dev.otherix.backup.RunningService;
import dev.otherix.backup.cli.Commands;
import dev.otherix.backup.cli.OffsitePlaces;
import dev.otherix.backup.cli.Service;
import dev.otherix.backup.config.ListenAddress;
import dev.otherix.backup.monitoring.MonitoringPort;
import dev.otherix.backup.realetcd.Command;
import dev.otherix.backup.realetcd.NeedsProgram;
import dev.otherix.backup.realetcd.PrivateFile;
import dev.otherix.backup.realetcd.TestCertificates;
import java.io.IOException;
import java.io.PrintWriter;
import java.io.StringWriter;
import java.io.UncheckedIOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.security.GeneralSecurityException;
import java.security.KeyStore;
import java.security.cert.X509Certificate;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import java.util.Optional;
import java.util.stream.Stream;
import javax.net.ssl.KeyManager;
import javax.net.ssl.KeyManagerFactory;
import javax.net.ssl.SSLContext;
import javax.net.ssl.TrustManagerFactory;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.springframework.boot.ssl.pem.PemContent;

/** The API with TLS, and with certificates of its callers; no etcd is needed. */
class TlsIT {

    private static final String NOWHERE = "http://127.0.0.1:9";

    @TempDir
    private static Path temporary;

    private static TestCertificates first;
    private static TestCertificates second;

    @BeforeAll
    static void certificates() {
        first = TestCertificates.in(temporary.resolve("first"));
        second = TestCertificates.in(temporary.resolve("second"));
    }

    private static RunningService start(Path dir, TlsProperties tls, String... more) {
        var args = new ArrayList<>(List.of(
                "--api.tls.cert_file=" + tls.certFile(),
                "--api.tls.key_file=" + tls.keyFile(),
                "--monitoring.listen=127.0.0.1:0"));
        if (tls.clientCaFile() != null) {
            args.add("--api.tls.client_ca_file=" + tls.clientCaFile());
        }
        args.addAll(List.of(more));
        return RunningService.start(NOWHERE, dir, args.toArray(String[]::new));
    }

    private static TlsProperties files(Path directory, TestCertificates.Pair pair, @Nullable Path clientCa)
            throws IOException {
        PrivateFile.write(Files.createDirectories(directory).resolve("tls.key"), Files.readString(pair.key()));
        Files.copy(pair.certificate(), directory.resolve("tls.crt"), StandardCopyOption.REPLACE_EXISTING);
        return new TlsProperties(directory.resolve("tls.crt"), directory.resolve("tls.key"), clientCa);
    }

    @Test
    void overTlsATokenIsAskedForTooAndTheCertificateIsReplacedWithoutARestart(@TempDir Path dir) throws Exception {
        var files = files(dir.resolve("tls"), first.server(), null);
        try (var service = start(dir.resolve("snapshots"), files)) {
            var url = https(service, "/v1/status");
            assertThat(get(url, service.token(), first, null).statusCode()).isEqualTo(200);
            assertThat(get(url, null, first, null).statusCode()).isEqualTo(401);
            assertThat(get(url, service.token(), first, null).headers().firstValue("Strict-Transport-Security"))
                    .isPresent();
            assertThatExceptionOfType(IOException.class).isThrownBy(() -> get(url, service.token(), second, null));
            assertThat(plain(service)).as("plain HTTP on the same port").isEqualTo(400);
            assertThat(monitoring(service)).as("monitoring stays plain").isEqualTo(200);

            // a certificate without its key changes nothing, for the command neither
            Files.copy(second.server().certificate(), dir.resolve("tls/tls.crt"), StandardCopyOption.REPLACE_EXISTING);
            assertThat(command(service, files)).startsWith("otherix-etcd-backup: no snapshot: etcd_failed");
            assertThat(get(url, service.token(), first, null).statusCode()).isEqualTo(200);

            // a directory that takes the place of the old one
            files(dir.resolve("new"), second.server(), null);
            Files.move(dir.resolve("tls"), dir.resolve("old"));
            Files.move(dir.resolve("new"), dir.resolve("tls"));
            assertThat(command(service, files)).startsWith("otherix-etcd-backup: no snapshot: etcd_failed");

            await().ignoreExceptionsInstanceOf(IOException.class)
                    .until(() -> get(url, service.token(), second, null).statusCode() == 200);
            assertThat(command(service, files)).startsWith("otherix-etcd-backup: no snapshot: etcd_failed");
        }
    }

    @Test
    void withAClientCaACertificateAndATokenAreAskedFor(@TempDir Path dir) throws Exception {
        var files = files(dir.resolve("tls"), first.server(), first.ca());
        try (var service = start(dir.resolve("snapshots"), files)) {
            var url = https(service, "/v1/status");
            assertThatExceptionOfType(IOException.class)
                    .as("no certificate")
                    .isThrownBy(() -> get(url, service.token(), first, null));
            assertThatExceptionOfType(IOException.class)
                    .as("of a stranger")
                    .isThrownBy(() -> get(url, service.token(), first, second.client("stranger")));
            assertThat(get(url, service.token(), first, first.client("deploy")).statusCode())
                    .isEqualTo(200);
            assertThat(get(url, null, first, first.client("deploy")).statusCode())
                    .as("no token")
                    .isEqualTo(401);
            assertThat(monitoring(service)).isEqualTo(200);

            // etcd is not there, and only the service can know
            assertThat(command(service, files)).startsWith("otherix-etcd-backup: no snapshot: etcd_failed");
            var elsewhere = PrivateFile.write(
                    Files.createTempDirectory(temporary, "token").resolve("token"), service.token());
            assertThat(command(service, files, elsewhere)).startsWith("otherix-etcd-backup: no snapshot: etcd_failed");
            assertThat(command(
                            service,
                            new TlsProperties(
                                    second.server().certificate(),
                                    second.server().key(),
                                    null),
                            elsewhere))
                    .contains("no TLS connection")
                    .contains("a certificate other than the first one");
        }
    }

    @Test
    @NeedsProgram("unshare")
    void noInotifyIsNeeded(@TempDir Path dir) throws Exception {
        var files = files(dir.resolve("tls"), first.server(), null);
        var none = List.of(
                "unshare",
                "--user",
                "--map-root-user",
                "sh",
                "-c",
                "echo 0 >/proc/sys/user/max_inotify_instances && exec \"$@\"",
                "sh");
        assumeTrue(
                Command.of(Stream.concat(none.stream(), Stream.of("true")).toArray(String[]::new))
                                .run()
                                .exitCode()
                        == 0,
                "this user may not make a user namespace");
        var line = new ArrayList<>(none);
        line.addAll(List.of(
                Path.of(System.getProperty("java.home"), "bin", "java").toString(),
                "-XX:TieredStopAtLevel=1",
                "-XX:+UseSerialGC",
                "-Dotherix.etc=" + dir,
                "-cp",
                System.getProperty("surefire.test.class.path", System.getProperty("java.class.path")),
                "dev.otherix.backup.OtherixEtcdBackup",
                "--api.listen=127.0.0.1:0",
                "--api.token_file=" + dir.resolve("api-token"),
                "--api.tls.cert_file=" + files.certFile(),
                "--api.tls.key_file=" + files.keyFile()));
        var log = dir.resolve("log");
        var process = new ProcessBuilder(line)
                .redirectErrorStream(true)
                .redirectOutput(log.toFile())
                .start();
        try {
            await().until(() -> !process.isAlive() || Files.readString(log).contains("Started OtherixEtcdBackup"));
            assertThat(process.isAlive()).as(() -> read(log)).isTrue();
            files(dir.resolve("tls"), second.server(), null);
            await().until(() ->
                    Files.readString(log).contains("the API now serves the certificate in " + files.certFile()));
            assertThat(log).content().doesNotContain("\tat ");
        } finally {
            process.destroyForcibly().waitFor();
        }
    }

    private static String read(Path log) {
        try {
            return Files.readString(log);
        } catch (IOException cause) {
            throw new UncheckedIOException(cause);
        }
    }

    private static String command(RunningService service, TlsProperties tls) {
        return command(service, tls, service.tokenFile());
    }

    private static String command(RunningService service, TlsProperties tls, Path token) {
        var err = new StringWriter();
        var found = new Service(new ListenAddress("0.0.0.0", service.url("/").getPort()), token, tls);
        assertThat(new Commands(
                                _ -> found,
                                _ -> Optional.empty(),
                                _ -> {
                                    throw new AssertionError("no member is needed");
                                },
                                OffsitePlaces.NONE,
                                new PrintWriter(new StringWriter()),
                                new PrintWriter(err))
                        .run("snapshot"))
                .isEqualTo(1);
        return err.toString();
    }

    private static URI https(RunningService service, String path) {
        return URI.create("https://127.0.0.1:" + service.url("/").getPort() + path);
    }

    private static int plain(RunningService service) {
        return service.sendAsItIs(
                        HttpRequest.newBuilder(service.url("/healthz")).build())
                .statusCode();
    }

    private static int monitoring(RunningService service) {
        var port = MonitoringPort.of(service).orElseThrow();
        return service.sendAsItIs(HttpRequest.newBuilder(URI.create("http://127.0.0.1:" + port + "/healthz"))
                        .build())
                .statusCode();
    }

    private static HttpResponse<String> get(
            URI url, @Nullable String token, TestCertificates trusted, TestCertificates.@Nullable Pair own)
            throws IOException, InterruptedException, GeneralSecurityException {
        var request = HttpRequest.newBuilder(url).timeout(Duration.ofSeconds(10));
        if (token != null) {
            request.header("Authorization", "Bearer " + token);
        }
        try (var http =
                HttpClient.newBuilder().sslContext(context(trusted, own)).build()) {
            return http.send(request.build(), HttpResponse.BodyHandlers.ofString());
        }
    }

    private static SSLContext context(TestCertificates trusted, TestCertificates.@Nullable Pair own)
            throws IOException, GeneralSecurityException {
        var store = KeyStore.getInstance("PKCS12");
        store.load(null, null);
        store.setCertificateEntry(
                "ca",
                PemContent.of(Files.readString(trusted.ca())).getCertificates().getFirst());
        var trust = TrustManagerFactory.getInstance(TrustManagerFactory.getDefaultAlgorithm());
        trust.init(store);
        var context = SSLContext.getInstance("TLS");
        context.init(own == null ? new KeyManager[0] : keys(own), trust.getTrustManagers(), null);
        return context;
    }

    private static KeyManager[] keys(TestCertificates.Pair own) throws IOException, GeneralSecurityException {
        var store = KeyStore.getInstance("PKCS12");
        store.load(null, null);
        var chain = PemContent.of(Files.readString(own.certificate()))
                .getCertificates()
                .toArray(X509Certificate[]::new);
        store.setKeyEntry(
                "own",
                Objects.requireNonNull(
                        PemContent.of(Files.readString(own.key())).getPrivateKey()),
                new char[0],
                chain);
        var keys = KeyManagerFactory.getInstance(KeyManagerFactory.getDefaultAlgorithm());
        keys.init(store, new char[0]);
        return keys.getKeyManagers();
    }
}
