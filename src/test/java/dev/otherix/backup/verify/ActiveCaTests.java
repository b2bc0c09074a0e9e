package dev.otherix.backup.verify;

import static org.assertj.core.api.Assertions.assertThat;

import com.google.protobuf.ByteString;
import dev.otherix.backup.realetcd.ClusterCa;
import dev.otherix.backup.verify.Rows.Row;
import dev.otherix.backup.verify.bolt.BoltWriter;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import tools.jackson.databind.json.JsonMapper;

/** The cluster CA of a snapshot, told from the certificate itself. */
class ActiveCaTests {

    private static final ClusterCa CA = ClusterCa.generate();

    @TempDir
    private Path dir;

    @Test
    void theFingerprintIsThatOfTheActiveCertificate() throws IOException {
        var old = ClusterCa.generate();
        try (var proof = snapshot(
                row(2, old.rowKey(), json(old.row())),
                row(3, ClusterCa.ACTIVE_KEY, old.id()),
                row(4, CA.rowKey(), json(CA.row())),
                row(5, ClusterCa.ACTIVE_KEY, CA.id()))) {
            assertThat(proof.activeCa()).isEqualTo(new ActiveCa(CA.fingerprint(), null));
        }
    }

    @Test
    void aRowThatSaysAnotherFingerprintIsToldAndTheCertificateCounts() throws IOException {
        var row = CA.row();
        row.put("FingerprintSha256", "AAAA");
        try (var proof = snapshot(row(2, CA.rowKey(), json(row)), row(3, ClusterCa.ACTIVE_KEY, CA.id()))) {
            assertThat(proof.activeCa().fingerprint()).isEqualTo(CA.fingerprint());
            assertThat(proof.activeCa().remark()).contains("sha256:000000").contains(CA.fingerprint());
        }
    }

    @Test
    void withoutAReadableCertificateTheReasonIsTold() throws IOException {
        assertThat(remark()).isEqualTo("the snapshot names no active cluster CA");
        assertThat(remark(row(2, ClusterCa.ACTIVE_KEY, CA.id())))
                .contains("no row of the cluster CA")
                .contains(CA.id());
        assertThat(remark(
                        row(2, CA.rowKey(), json(CA.row())),
                        row(3, ClusterCa.ACTIVE_KEY, CA.id()),
                        Row.deletion(4, CA.rowKey())))
                .contains("no row of the cluster CA");
        assertThat(remark(
                        row(2, CA.rowKey(), json(CA.row())),
                        row(3, ClusterCa.ACTIVE_KEY, CA.id()),
                        Row.deletion(4, ClusterCa.ACTIVE_KEY)))
                .isEqualTo("the snapshot names no active cluster CA");
        assertThat(remark(row(2, CA.rowKey(), "{}"), row(3, ClusterCa.ACTIVE_KEY, CA.id())))
                .contains("has no certificate");
        assertThat(remark(row(2, CA.rowKey(), "{\"CertPem\":"), row(3, ClusterCa.ACTIVE_KEY, CA.id())))
                .contains("cannot be read");
        assertThat(remark(row(2, CA.rowKey(), "{\"CertPem\":\"AAAA\"}"), row(3, ClusterCa.ACTIVE_KEY, CA.id())))
                .contains("cannot be read");
    }

    @Test
    void thePairIsThereForWhoRestoresAndItsKeyIsWipedAfterwards() throws IOException {
        try (var proof = snapshot(row(2, CA.rowKey(), json(CA.row())), row(3, ClusterCa.ACTIVE_KEY, CA.id()))) {
            var pair = proof.caPair().orElseThrow();
            assertThat(new String(pair.certificate(), StandardCharsets.US_ASCII))
                    .isEqualTo(CA.certificatePem());
            assertThat(new String(pair.key(), StandardCharsets.US_ASCII)).isEqualTo(CA.keyPem());
            assertThat(pair.toString()).doesNotContain("PRIVATE");
            pair.close();
            assertThat(pair.key()).containsOnly(0);
        }
    }

    @Test
    void withoutAKeyThereIsNoPair() throws IOException {
        var row = CA.row();
        row.remove("KeyPem");
        try (var proof = snapshot(row(2, CA.rowKey(), json(row)), row(3, ClusterCa.ACTIVE_KEY, CA.id()))) {
            assertThat(proof.caPair()).isEmpty();
        }
    }

    private String remark(Row... rows) throws IOException {
        try (var proof = snapshot(rows)) {
            var ca = proof.activeCa();
            assertThat(ca.fingerprint()).isNull();
            return String.valueOf(ca.remark());
        }
    }

    private SnapshotProof snapshot(Row... rows) throws IOException {
        var file = dir.resolve(System.nanoTime() + ".db");
        BoltWriter.snapshot(
                file,
                4096,
                new TreeMap<>(Map.of("key", Stream.of(rows).map(Row::entry).toList(), "meta", List.of())));
        var proof = new SnapshotVerifier().verify(file, SnapshotVerifier.Options.PLAIN, bytes -> {});
        assertThat(proof.findings()).isEmpty();
        return proof;
    }

    private static Row row(long revision, String key, String value) {
        return Row.put(revision, key, revision, 1, ByteString.copyFromUtf8(value));
    }

    private static String json(Map<String, Object> row) {
        return JsonMapper.shared().writeValueAsString(row);
    }
}
