package dev.otherix.backup;

import static org.assertj.core.api.Assertions.assertThat;

import dev.otherix.backup.realetcd.EtcdHomes;
import dev.otherix.backup.realetcd.EtcdProcess;
import dev.otherix.backup.realetcd.NeedsEtcdutl;
import dev.otherix.backup.realetcd.OtherixKeyspace;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

/**
 * The commands for the person who has lost the service, on files of a real etcd, without service, configuration and
 * etcd.
 */
@NeedsEtcdutl
class OfflineCommandsIT {

    private static final Duration LIMIT = Duration.ofMinutes(3);
    private static final JsonMapper JSON = new JsonMapper();

    @TempDir
    private Path temporary;

    @Test
    void savedFilesAndAMembersOwnAreProvenListedAndGiveTheirCa() throws IOException {
        var dir = Files.createDirectory(temporary.resolve("backups"));
        var saved = dir.resolve("otherix-20260606T031500Z.db");
        var own = temporary.resolve("db");
        OtherixKeyspace.Seeded seeded;
        JsonNode status;
        try (var etcd = EtcdProcess.start(EtcdHomes.first())) {
            seeded = OtherixKeyspace.seed(etcd.clientUrl(), 20);
            etcd.etcdctl("snapshot", "save", saved.toString());
            status = JSON.readTree(etcd.home().snapshotStatus(saved));
            etcd.terminate();
            Files.copy(etcd.dataDir().resolve("member/snap/db"), own);
        }
        try (var script = JarProcess.script("""
                set -e
                cd '%s'
                otherix_etcd_backup verify -o json "$PWD/backups" > verified.json
                otherix_etcd_backup verify --raw -o json db > raw.json
                otherix_etcd_backup ca "$PWD/backups/otherix-20260606T031500Z.db" --out ca > ca.txt
                otherix_etcd_backup list --workers.backup.dir="$PWD/backups" > list.txt || echo "list ended with $?"
                otherix_etcd_backup verify db absent || echo "verify ended with $?"
                """.formatted(temporary))) {
            assertThat(script.exitCode(LIMIT)).as(script::errors).isZero();
            assertThat(script.output().lines())
                    .contains("list ended with 1", "verify ended with 2", "2 files: 0 good, 1 damaged, 1 not read");
            assertThat(script.errors().lines())
                    .as("nothing but what went wrong")
                    .containsExactly("otherix-etcd-backup: cannot verify absent: it does not exist");
        }
        assertParity(JSON.readTree(temporary.resolve("verified.json")).at("/files/0"), saved, status, seeded);
        var raw = JSON.readTree(temporary.resolve("raw.json")).at("/files/0");
        assertThat(raw.get("good").asBoolean()).isTrue();
        assertThat(raw.at("/facts/footer").asString()).isEqualTo("absent");
        assertThat(raw.at("/facts/revision").asLong()).isEqualTo(seeded.revision());
        assertThat(Files.readString(temporary.resolve("list.txt")))
                .contains("otherix-20260606T031500Z.db", "unverified, no record");
        assertThat(temporary.resolve("ca/cluster-ca.key"))
                .hasContent(seeded.ca().keyPem());
        assertThat(Files.readAllLines(temporary.resolve("ca.txt")))
                .isEqualTo(List.of(
                        "ca/cluster-ca.crt", "ca/cluster-ca.key", seeded.ca().fingerprint()));
        assertThat(PackagedService.files(dir))
                .as("nothing but the snapshot")
                .containsExactly(saved.getFileName().toString());
    }

    private static void assertParity(JsonNode report, Path saved, JsonNode etcdutl, OtherixKeyspace.Seeded seeded) {
        assertThat(report.get("file").asString()).isEqualTo(saved.toString());
        assertThat(report.get("good").asBoolean()).isTrue();
        var facts = report.get("facts");
        var ours = facts.get("status");
        assertThat(ours.get("hash")).isEqualTo(etcdutl.get("hash"));
        assertThat(ours.get("revision")).isEqualTo(etcdutl.get("revision"));
        assertThat(ours.get("total_size")).isEqualTo(etcdutl.get("totalSize"));
        assertThat(ours.get(EtcdHomes.first().isSince("3.6") ? "total_key_3_6" : "total_key_3_5"))
                .isEqualTo(etcdutl.get("totalKey"));
        assertThat(facts.get("ca_fingerprint").asString()).isEqualTo(seeded.ca().fingerprint());
        assertThat(facts.get("revision").asLong()).isEqualTo(seeded.revision());
        assertThat(facts.at("/resources/vms").asLong()).isPositive();
        assertThat(facts.at("/members/0/name").asString()).isEqualTo("default");
    }
}
