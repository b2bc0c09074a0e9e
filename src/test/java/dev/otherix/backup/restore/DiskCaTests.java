package dev.otherix.backup.restore;

import static org.assertj.core.api.Assertions.assertThat;

import dev.otherix.backup.realetcd.ClusterCa;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class DiskCaTests {

    @TempDir
    private Path dir;

    @Test
    void theSameOneIsRecognizedAndAnotherIsShown() throws IOException {
        var ca = ClusterCa.generate();
        var file = Files.writeString(dir.resolve("cluster-ca.crt"), ca.certificatePem());
        assertThat(DiskCa.compare(file, ca.fingerprint())).isEqualTo(new DiskCa(true, "is the same"));
        assertThat(DiskCa.compare(file, "sha256:00"))
                .isEqualTo(new DiskCa(false, "is another one, " + ca.fingerprint()));
    }

    @Test
    void whatIsNoCertificateIsNotTheSame() throws IOException {
        var file = dir.resolve("cluster-ca.crt");
        assertThat(DiskCa.compare(file, "sha256:00")).isEqualTo(new DiskCa(false, "does not exist"));
        Files.writeString(file, "-----BEGIN CERTIFICATE-----\nAAAA\n-----END CERTIFICATE-----\n");
        assertThat(DiskCa.compare(file, "sha256:00")).isEqualTo(new DiskCa(false, "cannot be read as a certificate"));
        assertThat(DiskCa.compare(dir, "sha256:00")).isEqualTo(new DiskCa(false, "is a directory"));
    }
}
