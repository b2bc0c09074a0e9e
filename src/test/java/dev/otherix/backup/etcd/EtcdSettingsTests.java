package dev.otherix.backup.etcd;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatCode;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;
import static org.junit.jupiter.api.Assumptions.assumeFalse;

import dev.otherix.backup.config.InvalidSetting;
import dev.otherix.backup.realetcd.ClusterCa;
import dev.otherix.backup.realetcd.PrivateFile;
import java.io.IOException;
import java.net.URI;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.time.Duration;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;
import org.springframework.util.unit.DataSize;

class EtcdSettingsTests {

    private static final String TLS = "https://etcd.example.com:2379";
    // certificate and key in one file, as some keep them
    private static final String PEM = pem(ClusterCa.generate());

    @TempDir
    private Path files;

    private Path file;

    @BeforeEach
    void aFile() throws IOException {
        file = PrivateFile.write(files.resolve("some.pem"), PEM);
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "http://127.0.0.1:2379",
                "http://127.8.8.8:2379",
                "http://localhost:2379/",
                "http://[::1]:2379",
                "https://10.0.0.7:2379",
                "https://etcd.example.com:2379",
                "HTTP://127.0.0.1:2379"
            })
    void oneUrlOfALocalMemberOrAnyWithTlsIsTaken(String url) {
        assertThatCode(() -> etcd(url, null, null, null, null, null)).doesNotThrowAnyException();
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "http://127.0.0.1:2379,http://127.0.0.1:22379 | names more than one URL",
                "unix:///run/etcd.sock | is neither an http nor an https URL",
                "http://127.0.0.1 | has no valid port",
                "http://127.0.0.1:0 | has no valid port",
                "http://127.0.0.1:65536 | has no valid port",
                "http://:2379 | has no valid host",
                "https://etcd_0.local:2379 | has an underscore in its host name, which no name of a host may have",
                "http:///x | has no valid host",
                "http://127.0.0.1:2379/v3 | has more than host and port",
                "http://127.0.0.1:2379?a=b | has more than host and port",
                "http://127.0.0.1:2379#a | has more than host and port",
                "http://10.0.0.7:2379 | is plain http to a host that is not loopback",
                "http://etcd:2379 | is plain http to a host that is not loopback"
            })
    void anyOtherUrlIsRefused(String url, String problem) {
        refused("etcd.client_url", problem, () -> etcd(url, null, null, null, null, null));
    }

    @Test
    void aPasswordInTheUrlIsRefusedAndNotRepeated() {
        assertThatExceptionOfType(InvalidSetting.class)
                .isThrownBy(() -> etcd("http://root:s3cret@127.0.0.1:2379", null, null, null, null, null))
                .withMessageContaining("http://***@127.0.0.1:2379")
                .withMessageNotContaining("s3cret");
    }

    @Test
    void certificateAndKeyComeTogether() {
        refused("etcd.cert_file", "is set without etcd.key_file", () -> etcd(TLS, null, file, null, null, null));
        refused("etcd.key_file", "is set without etcd.cert_file", () -> etcd(TLS, null, null, file, null, null));
        assertThatCode(() -> etcd(TLS, file, file, file, null, null)).doesNotThrowAnyException();
    }

    @Test
    void userAndPasswordComeTogether() {
        refused("etcd.username", "is set without etcd.password_file", () -> etcd(TLS, null, null, null, "root", null));
        refused("etcd.password_file", "is set without etcd.username", () -> etcd(TLS, null, null, null, null, file));
        assertThatCode(() -> etcd("http://127.0.0.1:2379", null, null, null, "root", file))
                .doesNotThrowAnyException();
    }

    @Test
    void certificatesNeedHttps() {
        var plain = "http://127.0.0.1:2379";
        refused(
                "etcd.ca_file",
                "has no effect with the plain etcd.client_url " + plain,
                () -> etcd(plain, file, null, null, null, null));
        refused(
                "etcd.cert_file",
                "has no effect with the plain etcd.client_url " + plain,
                () -> etcd(plain, null, file, file, null, null));
    }

    @Test
    void aNamedFileThatIsMissingIsRefused() {
        var missing = files.resolve("missing.pem");
        var problem = "does not exist";
        refused("etcd.ca_file", problem, () -> etcd(TLS, missing, null, null, null, null));
        refused("etcd.cert_file", problem, () -> etcd(TLS, null, missing, file, null, null));
        refused("etcd.key_file", problem, () -> etcd(TLS, null, file, missing, null, null));
        refused("etcd.password_file", problem, () -> etcd(TLS, null, null, null, "root", missing));
    }

    @Test
    void aSecretThatOthersCanReadIsRefusedAndACertificateIsNot() throws IOException {
        var open = Files.setPosixFilePermissions(
                PrivateFile.write(files.resolve("open"), PEM), PosixFilePermissions.fromString("rw-r--r--"));
        var problem = "has mode 0644 and holds a secret: every user of this machine may use it";
        refused("etcd.key_file", problem, () -> etcd(TLS, null, file, open, null, null));
        refused("etcd.password_file", problem, () -> etcd(TLS, null, null, null, "root", open));
        assertThatCode(() -> etcd(TLS, open, open, file, null, null)).doesNotThrowAnyException();
    }

    @Test
    void aDirectoryIsNoFile() {
        refused("etcd.ca_file", "is a directory", () -> etcd(TLS, files, null, null, null, null));
    }

    @Test
    void aFileOfSomebodyElseIsRefused() throws IOException {
        Files.setPosixFilePermissions(file, PosixFilePermissions.fromString("---------"));
        assumeFalse(Files.isReadable(file), "this user reads everything");
        assertThatExceptionOfType(InvalidSetting.class)
                .isThrownBy(() -> etcd(TLS, file, null, null, null, null))
                .withMessageStartingWith("etcd.ca_file = " + file + " is there, but " + System.getProperty("user.name")
                        + " may not read it");
    }

    @Test
    void limitsOfTheStreamAreAboveZero() {
        var fine = Duration.ofSeconds(30);
        refused("stream.stall_timeout", "is not above zero", () -> new StreamProperties(Duration.ZERO, null, null));
        refused("stream.timeout", "is not above zero", () -> new StreamProperties(fine, fine.negated(), null));
        refused("stream.timeout", "is not above zero", () -> new StreamProperties(fine, Duration.ZERO, null));
        assertThat(new StreamProperties(fine, null, null).timeout()).isNull();
    }

    @Test
    void theSlowestRateIsOneMegabytePerSecond() {
        var fine = Duration.ofSeconds(30);
        refused(
                "stream.rate_limit",
                "is below 1MB per second",
                () -> new StreamProperties(fine, null, DataSize.ofBytes(1024 * 1024 - 1)));
        assertThat(new StreamProperties(fine, null, DataSize.ofMegabytes(1)).rateLimit())
                .isEqualTo(DataSize.ofMegabytes(1));
    }

    private static String pem(ClusterCa pair) {
        return pair.certificatePem() + pair.keyPem();
    }

    private static EtcdProperties etcd(
            String url,
            @Nullable Path ca,
            @Nullable Path cert,
            @Nullable Path key,
            @Nullable String user,
            @Nullable Path password) {
        return new EtcdProperties(URI.create(url), ca, cert, key, user, password);
    }

    private static void refused(String key, String problem, Runnable maker) {
        assertThatExceptionOfType(InvalidSetting.class)
                .isThrownBy(maker::run)
                .satisfies(e -> assertThat(e.key()).isEqualTo(key))
                .satisfies(e -> assertThat(e.problem()).isEqualTo(problem))
                .satisfies(e -> assertThat(e.fix()).isNotBlank());
    }
}
