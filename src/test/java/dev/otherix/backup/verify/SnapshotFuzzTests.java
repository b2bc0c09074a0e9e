package dev.otherix.backup.verify;

import static org.assertj.core.api.Assertions.assertThat;

import com.code_intelligence.jazzer.junit.FuzzTest;
import dev.otherix.backup.verify.bolt.BoltFile;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;

/**
 * On any bytes whatever the verifier ends, with findings and not with an exception. Runs its corpus; with
 * {@code JAZZER_FUZZ=1} it looks for more, see the documentation of the tests.
 */
class SnapshotFuzzTests {

    private static final SnapshotVerifier VERIFIER = new SnapshotVerifier(64, BoltFile.Access.READ);
    private static Path file;

    @BeforeAll
    static void makeFile() throws IOException {
        file = Files.createTempFile("otherix-fuzz-", ".db");
    }

    @AfterAll
    static void deleteFile() throws IOException {
        Files.deleteIfExists(file);
    }

    @FuzzTest(maxDuration = "10m")
    void anyBytesEndWithFindings(byte[] bytes) throws IOException {
        Files.write(file, bytes);
        var began = System.nanoTime();
        try (var proof =
                VERIFIER.verify(file, new SnapshotVerifier.Options(bytes.length % 2 == 0, 0, true), progress -> {})) {
            // findings outside the history of the keys leave its facts as they are
            assertThat(proof.facts().isPresent())
                    .isIn(
                            proof.pages().passed(),
                            proof.pages().passed() && proof.rows().passed());
            proof.remarks();
            assertThat(proof.findings().isEmpty()).isEqualTo(proof.good());
            proof.activeCa();
            proof.caPair().ifPresent(CaPair::close);
            proof.facts().ifPresent(facts -> proof.hashKv(facts.revision()));
        }
        assertThat(System.nanoTime() - began)
                .as("a file of " + bytes.length + " bytes")
                .isLessThan(TimeUnit.SECONDS.toNanos(10));
    }
}
