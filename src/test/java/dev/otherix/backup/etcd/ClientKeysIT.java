package dev.otherix.backup.etcd;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

import dev.otherix.backup.config.InvalidSetting;
import dev.otherix.backup.realetcd.EtcdHome;
import dev.otherix.backup.realetcd.EtcdLines;
import dev.otherix.backup.realetcd.EtcdProcess;
import dev.otherix.backup.realetcd.NeedsEtcd;
import dev.otherix.backup.realetcd.NeedsProgram;
import dev.otherix.backup.realetcd.OpensslKeys;
import dev.otherix.backup.realetcd.PrivateFile;
import dev.otherix.backup.realetcd.TestCertificates;
import java.io.IOException;
import java.net.URI;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;

/** Client keys as openssl makes them, against a member that wants a certificate. */
@NeedsProgram("openssl")
@Timeout(120)
class ClientKeysIT {

    @TempDir
    private static Path directory;

    private static TestCertificates certificates;
    private static OpensslKeys keys;

    @BeforeAll
    static void makeCertificates() {
        certificates = TestCertificates.in(directory.resolve("ca"));
        keys = new OpensslKeys(directory);
    }

    @ParameterizedTest
    @EtcdLines
    @NeedsEtcd
    void aKeyOfEveryFormOpensTheMember(EtcdHome home) {
        try (var etcd = EtcdProcess.builder(home).mutualTls(certificates).start()) {
            for (var form : OpensslKeys.Form.values()) {
                var client = keys.certified(keys.key(form), "backup", certificates);
                var properties = properties(etcd.clientUrl(), certificates.ca(), client.certificate(), client.key());
                try (var connection = new EtcdMember(properties).connect()) {
                    assertThat(connection.status(Duration.ofSeconds(10)).hasLeader())
                            .as(form.name())
                            .isTrue();
                }
            }
        }
    }

    @Test
    void aKeyThatCannotBeUsedStopsTheStart() throws IOException {
        var own = keys.certified(keys.key(OpensslKeys.Form.RSA_PKCS8), "backup", certificates);
        refusedKey(
                own,
                keys.rewritten(own.key(), "pkcs8.enc", "pkey", "-aes256", "-passout", "pass:secret"),
                "holds an encrypted private key",
                "openssl pkey -in ");
        refusedKey(
                own,
                keys.rewritten(own.key(), "pkcs1.enc", "rsa", "-traditional", "-aes256", "-passout", "pass:secret"),
                "holds an encrypted private key",
                "openssl pkey -in ");
        refusedKey(
                own,
                keys.rewritten(own.key(), "key.der", "pkey", "-outform", "der"),
                "is in DER form, not PEM",
                "openssl pkey -inform der -in ");
        refusedKey(own, PrivateFile.write(directory.resolve("empty.key"), "\n"), "is empty", "PEM");
        refusedKey(
                own,
                PrivateFile.write(directory.resolve("garbage.key"), "garbage"),
                "holds no private key in PEM form",
                "PEM");
        refusedKey(
                own,
                PrivateFile.write(
                        directory.resolve("broken.key"),
                        Files.readString(own.key()).substring(0, 200) + "\n-----END PRIVATE KEY-----\n"),
                "holds a private key that cannot be used",
                "openssl pkey -in ");
        refusedKey(
                own,
                keys.key(OpensslKeys.Form.EC_SEC1),
                "is not the key of the first certificate in etcd.cert_file",
                "belong together");
    }

    @Test
    void aKeyThatThisJavaCannotUseIsNotTakenForOneOfAnotherCertificate() {
        var key = keys.key("secp256k1.key", "ecparam", "-name", "secp256k1", "-genkey", "-noout");
        var own = keys.certified(key, "backup", certificates);

        refusedKey(
                own,
                key,
                "holds a private key of a kind that this Java cannot use",
                "RSA, EC (P-256, P-384, P-521) or Ed25519");
    }

    @Test
    void aCertificateThatCannotBeUsedStopsTheStart() throws IOException {
        var own = keys.certified(keys.key(OpensslKeys.Form.EC_PKCS8), "backup", certificates);
        var der = keys.rewritten(own.certificate(), "cert.der", "x509", "-outform", "der");
        var pem = Files.readString(own.certificate());
        var broken = Files.writeString(directory.resolve("broken.crt"), pem.replaceFirst("MII.{40}", ""));
        for (var key : new String[] {"etcd.ca_file", "etcd.cert_file"}) {
            refusedCertificate(key, own, der, "is in DER form, not PEM", "openssl x509 -inform der -in " + der);
            refusedCertificate(key, own, Files.writeString(directory.resolve("empty.crt"), ""), "is empty", "PEM");
            refusedCertificate(key, own, own.key(), "holds no certificate in PEM form", "PEM");
            refusedCertificate(key, own, broken, "holds a certificate that cannot be read", "PEM");
        }
    }

    private static void refusedCertificate(
            String setting, TestCertificates.Pair own, Path file, String problem, String fix) {
        var ca = setting.equals("etcd.ca_file");
        refused(setting, ca ? file : certificates.ca(), ca ? own.certificate() : file, own.key(), problem, fix);
    }

    private static void refusedKey(TestCertificates.Pair own, Path key, String problem, String fix) {
        refused("etcd.key_file", certificates.ca(), own.certificate(), key, problem, fix);
    }

    private static void refused(String setting, Path ca, Path certificate, Path key, String problem, String fix) {
        assertThatExceptionOfType(InvalidSetting.class)
                .isThrownBy(() -> properties("https://127.0.0.1:1", ca, certificate, key))
                .satisfies(refusal -> assertThat(refusal.key()).isEqualTo(setting))
                .satisfies(refusal -> assertThat(refusal.problem()).startsWith(problem))
                .satisfies(refusal -> assertThat(refusal.fix()).contains(fix));
    }

    private static EtcdProperties properties(String url, Path ca, Path certificate, Path key) {
        return new EtcdProperties(URI.create(url), ca, certificate, key, null, null);
    }
}
