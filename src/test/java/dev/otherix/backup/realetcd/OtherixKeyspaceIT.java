package dev.otherix.backup.realetcd;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import java.nio.charset.StandardCharsets;
import java.util.Base64;
import java.util.HexFormat;
import org.junit.jupiter.api.Test;
import tools.jackson.databind.json.JsonMapper;

@NeedsEtcd
class OtherixKeyspaceIT {

    @Test
    void aSeededMemberHoldsTheCaInOtherixsShapeAndHistory() {
        try (var etcd = EtcdProcess.start(EtcdHomes.first())) {
            var seeded = OtherixKeyspace.seed(etcd.clientUrl(), 40);

            var id = value(etcd, ClusterCa.ACTIVE_KEY);
            var row = JsonMapper.shared().readTree(value(etcd, "/otherix/ca_certs/" + id));
            var pem = Base64.getDecoder().decode(row.get("CertPem").asString());
            var fingerprint =
                    Base64.getDecoder().decode(row.get("FingerprintSha256").asString());
            assertThat(new String(pem, StandardCharsets.US_ASCII))
                    .isEqualTo(seeded.ca().certificatePem());
            assertThat("sha256:" + HexFormat.of().formatHex(fingerprint))
                    .isEqualTo(seeded.ca().fingerprint());
            assertThat(row.get("Active").asBoolean()).isTrue();

            assertThat(keys(etcd, "/otherix/vms/")).isEqualTo(36);
            assertThat(keys(etcd, "/otherix/uniq/vms/name/")).isEqualTo(36);
            assertThat(keys(etcd, "/otherix/jobs/")).isEqualTo(30);
            assertThat(keys(etcd, "/otherix/")).isEqualTo(seeded.liveKeys());
            assertThat(etcd.status().revision()).isEqualTo(seeded.revision());
            assertThat(etcd.etcdctl("lease", "list")).contains("found 1 leases");
            assertThat(seeded.revision()).isGreaterThan(40 + 40 + 40 + 20 + 10 + 4);
        }
    }

    @Test
    void fillingMakesTheDatabaseAsLargeAsAskedFor() {
        try (var etcd = EtcdProcess.start(EtcdHomes.first())) {
            OtherixKeyspace.fill(etcd.clientUrl(), 20_000_000, 64 * 1024);
            await().untilAsserted(() -> assertThat(etcd.status().sizeBytes()).isBetween(20_000_000L, 30_000_000L));
            assertThat(keys(etcd, "/otherix/fill/")).isEqualTo(306);
        }
    }

    private static String value(EtcdProcess etcd, String key) {
        return etcd.etcdctl("get", key, "--print-value-only").strip();
    }

    private static long keys(EtcdProcess etcd, String prefix) {
        return etcd.etcdctl("get", prefix, "--prefix", "--keys-only")
                .lines()
                .filter(line -> !line.isBlank())
                .count();
    }
}
