package dev.otherix.backup.check;

import static org.assertj.core.api.Assertions.assertThat;

import dev.otherix.backup.realetcd.ClusterCa;
import dev.otherix.backup.snapshot.Verification.Outcome;
import dev.otherix.backup.verify.ActiveCa;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class CaCheckTests {

    private static ClusterCa ca;
    private static ClusterCa other;

    @TempDir
    private Path directory;

    @BeforeAll
    static void makeTwo() {
        ca = ClusterCa.generate();
        other = ClusterCa.generate();
    }

    private Path certFile() {
        return directory.resolve("cluster-ca.crt");
    }

    private Comparison check(@Nullable String inSnapshot) {
        return new CaCheck(new ClusterCaProperties(certFile()))
                .check(new ActiveCa(inSnapshot, inSnapshot == null ? "there is no row" : null));
    }

    @Test
    void theSameCertificatePasses() throws IOException {
        Files.writeString(certFile(), ca.certificatePem());
        assertThat(check(ca.fingerprint())).isEqualTo(Comparison.PASSED);
    }

    @Test
    void whatIsOddAboutTheOneInTheSnapshotIsTold() throws IOException {
        Files.writeString(certFile(), ca.certificatePem());
        var odd = new ActiveCa(ca.fingerprint(), "its row says another fingerprint");
        assertThat(new CaCheck(new ClusterCaProperties(certFile())).check(odd))
                .isEqualTo(new Comparison(Outcome.PASSED, "its row says another fingerprint"));
    }

    @Test
    void oneOfSeveralCertificatesIsEnough() throws IOException {
        Files.writeString(certFile(), other.certificatePem() + "\n" + ca.certificatePem());
        assertThat(check(ca.fingerprint())).isEqualTo(Comparison.PASSED);
    }

    @Test
    void anotherCertificateFailsAndBothFingerprintsAreTold() throws IOException {
        Files.writeString(certFile(), other.certificatePem());
        var result = check(ca.fingerprint());
        assertThat(result.outcome()).isEqualTo(Outcome.FAILED);
        assertThat(result.detail())
                .contains(ca.fingerprint(), other.fingerprint(), "cluster_ca.cert_file")
                .doesNotContain(certFile().toString());
    }

    @Test
    void withoutACertificateOnDiskNothingIsCompared() {
        var result = check(ca.fingerprint());
        assertThat(result.outcome()).isEqualTo(Outcome.SKIPPED);
        assertThat(result.detail())
                .contains("cluster_ca.cert_file does not exist")
                .doesNotContain(certFile().toString());
    }

    @Test
    void aFileThatIsNoCertificateOrCannotBeReadDecidesNothing() throws IOException {
        for (var content : new String[] {
            "", "no certificate", ca.keyPem(), ca.certificatePem().substring(0, 200)
        }) {
            Files.writeString(certFile(), content);
            var result = check(ca.fingerprint());
            assertThat(result.outcome()).isEqualTo(Outcome.INCONCLUSIVE);
            assertThat(result.detail())
                    .contains("cluster_ca.cert_file cannot be read as a certificate")
                    .doesNotContain("PRIVATE", certFile().toString());
        }
        Files.delete(certFile());
        Files.createDirectory(certFile());
        assertThat(check(ca.fingerprint()).outcome()).isEqualTo(Outcome.INCONCLUSIVE);
    }

    @Test
    void aSnapshotWithoutAnActiveCaDecidesNothing() throws IOException {
        Files.writeString(certFile(), ca.certificatePem());
        var result = check(null);
        assertThat(result.outcome()).isEqualTo(Outcome.INCONCLUSIVE);
        assertThat(result.detail()).contains("no active cluster CA", "there is no row", ca.fingerprint());
    }
}
