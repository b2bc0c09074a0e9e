package dev.otherix.backup;

import static org.assertj.core.api.Assertions.assertThat;

import dev.otherix.backup.etcd.FakeMember;
import dev.otherix.backup.etcd.FakeMember.Answer;
import dev.otherix.backup.job.SampleFile;
import dev.otherix.backup.realetcd.ClusterCa;
import dev.otherix.backup.realetcd.EtcdHome;
import dev.otherix.backup.realetcd.EtcdHomes;
import dev.otherix.backup.realetcd.EtcdLines;
import dev.otherix.backup.realetcd.EtcdProcess;
import dev.otherix.backup.realetcd.NeedsEtcd;
import dev.otherix.backup.realetcd.OtherixKeyspace;
import java.io.IOException;
import java.io.RandomAccessFile;
import java.net.http.HttpResponse;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.TreeMap;
import org.awaitility.Awaitility;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Nested;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import tools.jackson.databind.JsonNode;

/** What proves a snapshot, what comes of one that does not hold, and what is told of it. */
class VerificationIT {

    @TempDir
    private Path temporary;

    private Path dir() {
        return temporary.resolve("snapshots");
    }

    private List<String> files() throws IOException {
        try (var files = Files.list(dir())) {
            return files.map(file -> file.getFileName().toString())
                    .filter(name -> name.startsWith("otherix-"))
                    .sorted()
                    .toList();
        }
    }

    private static JsonNode record(HttpResponse<String> answer, int status) {
        assertThat(answer.statusCode()).as(answer.body()).isEqualTo(status);
        return RunningService.json(answer);
    }

    private static JsonNode verificationFailed(HttpResponse<String> answer) {
        var error = record(answer, 500).get("error");
        assertThat(error.get("code").asString()).isEqualTo("verification_failed");
        assertThat(error.get("details").get("finding_count").asLong()).isPositive();
        for (var finding : error.get("details").get("findings")) {
            assertThat(finding.propertyNames()).containsExactlyInAnyOrder("code", "page", "bucket", "message");
        }
        return error;
    }

    private static TreeMap<String, String> outcomes(JsonNode record) {
        var outcomes = new TreeMap<String, String>();
        record.get("verification")
                .get("checks")
                .forEach(check -> outcomes.put(
                        check.get("name").asString(), check.get("outcome").asString()));
        return outcomes;
    }

    private static String metric(RunningService service, String series) {
        return service.get("/actuator/prometheus")
                .body()
                .lines()
                .filter(line -> line.startsWith("otherix_backup_" + series + " "))
                .map(line -> line.substring(line.lastIndexOf(' ') + 1))
                .findFirst()
                .orElseThrow();
    }

    private static JsonNode health(RunningService service) {
        return RunningService.json(service.get("/actuator/health/backup"));
    }

    @Nested
    class BesideAMemberThatLies {

        private final FakeMember member = new FakeMember();

        @AfterEach
        void close() {
            member.close();
        }

        @Test
        void aDamagedDatabaseUnderAFooterThatFitsIsRejectedAndHealthIsDown() throws IOException {
            member.serve(SampleFile.withABrokenPage());
            try (var service = RunningService.start(member.clientUrl(), dir())) {
                var error = verificationFailed(service.post("/v1/snapshots", "{}"));

                assertThat(error.get("message").asString()).contains("not a good snapshot", ".db.rejected");
                assertThat(files()).hasSize(2).first().asString().endsWith(".db.rejected");
                assertThat(files()).last().asString().endsWith(".json.rejected");
                assertThat(dir().resolve(files().getFirst())).hasBinaryContent(SampleFile.withABrokenPage());
                assertThat(dir().resolve(files().getLast())).content().contains("\"failed\"");
                assertThat(service.get("/v1/snapshots/latest").statusCode()).isEqualTo(404);
                assertThat(health(service).get("status").asString()).isEqualTo("DOWN");
                assertThat(health(service).get("details").get("reason").asString())
                        .contains("not a good snapshot");
                assertThat(metric(service, "verifications_total{check=\"footer\",outcome=\"passed\"}"))
                        .isEqualTo("1.0");
                assertThat(metric(service, "verifications_total{check=\"pages\",outcome=\"failed\"}"))
                        .isEqualTo("1.0");
                assertThat(metric(service, "verifications_total{check=\"hash_kv\",outcome=\"skipped\"}"))
                        .isEqualTo("1.0");
                assertThat(metric(service, "last_success_timestamp_seconds")).isEqualTo("0.0");
                assertThat(member.asked()).as("a damaged file is not compared").isEmpty();
            }
        }

        @Test
        void aFileWithAnotherHashThanTheMembersIsRejected() throws IOException {
            member.serve(SampleFile.good());
            member.revision(2);
            member.hash(_ -> Answer.of(4711, -1, 2));
            try (var service = RunningService.start(member.clientUrl(), dir())) {
                var error = verificationFailed(service.post("/v1/snapshots", "{}"));

                assertThat(error.get("message").asString()).contains("4711", String.valueOf(SampleFile.HASH_KV));
                assertThat(member.asked()).as("a mismatch is asked once more").hasSize(2);
                assertThat(files()).hasSize(2).first().asString().endsWith(".db.rejected");
                assertThat(metric(service, "verifications_total{check=\"hash_kv\",outcome=\"failed\"}"))
                        .isEqualTo("1.0");

                member.hash(_ -> Answer.of(SampleFile.HASH_KV, -1, 2));
                var good = record(service.post("/v1/snapshots", "{}"), 201);
                assertThat(outcomes(good)).containsEntry("hash_kv", "passed");
                assertThat(files()).as("the rejected one stays").hasSize(4);
                assertThat(health(service).get("status").asString()).isNotEqualTo("DOWN");
            }
        }

        @Test
        void aMemberThatCannotTellDecidesNothingAndTheHashOfTheFileIsRecorded() {
            member.serve(SampleFile.good());
            member.hash(_ -> Answer.refused("etcdserver: mvcc: required revision has been compacted"));
            try (var service = RunningService.start(member.clientUrl(), dir())) {
                var taken = record(service.post("/v1/snapshots", "{}"), 201);

                assertThat(outcomes(taken)).containsEntry("hash_kv", "inconclusive");
                assertThat(taken.get("verification").toString()).contains("compacted its history");
                assertThat(taken.get("hash_kv").asLong()).isEqualTo(SampleFile.HASH_KV);
                assertThat(taken.get("verification").get("state").asString()).isEqualTo("verified");
            }
        }

        @Test
        void neverAsksTheMemberNothing() {
            member.serve(SampleFile.good());
            try (var service = RunningService.start(member.clientUrl(), dir(), "--verification.hash_kv=never")) {
                var taken = record(service.post("/v1/snapshots", "{}"), 201);

                assertThat(outcomes(taken)).containsEntry("hash_kv", "skipped");
                assertThat(taken.get("hash_kv").asLong()).isEqualTo(SampleFile.HASH_KV);
                assertThat(member.asked()).isEmpty();
            }
        }

        @Test
        void ofManyRejectedFilesTheLastTwoAreKept() throws IOException {
            member.serve(SampleFile.withABrokenPage());
            try (var service = RunningService.start(member.clientUrl(), dir())) {
                var rejected = new ArrayList<String>();
                for (int i = 0; i < 3; i++) {
                    verificationFailed(service.post("/v1/snapshots", "{}"));
                    rejected.add(files().stream()
                            .filter(name -> name.endsWith(".db.rejected"))
                            .toList()
                            .getLast());
                }
                assertThat(files())
                        .filteredOn(name -> name.endsWith(".db.rejected"))
                        .isEqualTo(rejected.subList(1, 3));
            }
        }
    }

    @Nested
    @NeedsEtcd
    class BesideARealMember {

        @ParameterizedTest
        @EtcdLines
        void aRecordTellsWhatTheSnapshotHoldsAndHowItWasProven(EtcdHome home) throws IOException {
            var ca = ClusterCa.generate();
            var cert = Files.writeString(temporary.resolve("cluster-ca.crt"), ca.certificatePem());
            try (var etcd = EtcdProcess.start(home)) {
                var seeded = OtherixKeyspace.seed(etcd.clientUrl(), 20, ca);
                try (var service = RunningService.start(etcd.clientUrl(), dir(), "--cluster_ca.cert_file=" + cert)) {
                    var taken = record(service.post("/v1/snapshots", "{}"), 201);

                    assertThat(outcomes(taken).values())
                            .as(taken.toString())
                            .containsOnly("passed")
                            .hasSize(5);
                    for (var check : taken.get("verification").get("checks")) {
                        assertThat(check.get("checked_at").asString()).endsWith("Z");
                        assertThat(check.get("seconds").asDouble()).isNotNegative();
                    }
                    assertThat(taken.get("revision").asLong()).isEqualTo(seeded.revision());
                    assertThat(taken.get("live_keys").asLong()).isEqualTo(seeded.liveKeys());
                    assertThat(taken.get("compact_revision").asLong()).isEqualTo(-1);
                    assertThat(taken.get("total_entries").asLong()).isGreaterThan(seeded.liveKeys());
                    assertThat(taken.get("hash_kv").asLong()).isPositive();
                    assertThat(taken.get("ca_fingerprint").asString()).isEqualTo(ca.fingerprint());
                    assertThat(metric(service, "snapshot_keys")).isEqualTo(seeded.liveKeys() + ".0");
                    assertThat(metric(service, "snapshot_revision")).isEqualTo(seeded.revision() + ".0");
                    assertThat(metric(service, "ca_match")).isEqualTo("1.0");
                }
            }
        }

        @ParameterizedTest
        @EtcdLines({"3.5", "3.6", "3.7"})
        void aMemberThatWasCompactedAndIsIdleIsComparedAtItsOwnRevision(EtcdHome home) {
            try (var etcd = EtcdProcess.start(home)) {
                var seeded = OtherixKeyspace.seed(etcd.clientUrl(), 20);
                etcd.etcdctl("compact", String.valueOf(seeded.revision()));
                try (var service = RunningService.start(etcd.clientUrl(), dir())) {
                    var taken = record(service.post("/v1/snapshots", "{}"), 201);

                    assertThat(outcomes(taken)).as(taken.toString()).containsEntry("hash_kv", "passed");
                    assertThat(taken.get("compact_revision").asLong()).isEqualTo(seeded.revision());
                }
            }
        }

        @Test
        void aClusterCaThatIsNotTheOneOnDiskIsToldAndTheSnapshotIsGoodAllTheSame() throws IOException {
            var other = ClusterCa.generate();
            var cert = Files.writeString(temporary.resolve("cluster-ca.crt"), other.certificatePem());
            try (var etcd = EtcdProcess.start(EtcdHomes.first())) {
                var seeded = OtherixKeyspace.seed(etcd.clientUrl(), 10);
                try (var service = RunningService.start(
                        etcd.clientUrl(), dir(), "--cluster_ca.cert_file=" + cert, "--workers.backup.enabled=true")) {
                    Awaitility.await()
                            .until(() -> service.get("/v1/snapshots/latest").statusCode() == 200);
                    var taken = record(service.get("/v1/snapshots/latest"), 200);

                    assertThat(outcomes(taken)).containsEntry("ca", "failed");
                    assertThat(taken.get("verification").get("state").asString())
                            .isEqualTo("verified");
                    assertThat(metric(service, "ca_match")).isEqualTo("0.0");
                    assertThat(metric(service, "verifications_total{check=\"ca\",outcome=\"failed\"}"))
                            .isEqualTo("1.0");
                    Awaitility.await()
                            .until(() ->
                                    health(service).get("status").asString().equals("UP"));
                    assertThat(health(service).get("details").get("ca_mismatch").asString())
                            .contains(other.fingerprint(), seeded.ca().fingerprint());
                }
            }
        }

        @Test
        void whoAsksForACheckGetsTheRecordOrTheFindings() throws IOException {
            try (var etcd = EtcdProcess.start(EtcdHomes.first())) {
                OtherixKeyspace.seed(etcd.clientUrl(), 10);
                try (var service = RunningService.start(etcd.clientUrl(), dir())) {
                    var taken = record(service.post("/v1/snapshots", "{}"), 201);
                    var name = taken.get("name").asString();

                    var again = record(service.post("/v1/snapshots/latest/verify", ""), 200);
                    assertThat(again.get("name").asString()).isEqualTo(name);
                    assertThat(again.get("verification").get("checked_at").asString())
                            .isGreaterThan(
                                    taken.get("verification").get("checked_at").asString());
                    assertThat(outcomes(again)).isEqualTo(outcomes(taken));
                    assertThat(metric(service, "verifications_total{check=\"rows\",outcome=\"passed\"}"))
                            .isEqualTo("2.0");
                    assertThat(metric(service, "verifications_total{check=\"hash_kv\",outcome=\"passed\"}"))
                            .as("not asked again")
                            .isEqualTo("1.0");

                    var accepted = service.post("/v1/snapshots/" + name + "/verify?wait=0", "");
                    var self = record(accepted, 202).get("links").get("self").asString();
                    assertThat(accepted.headers().firstValue("Location")).contains(self);
                    Awaitility.await()
                            .until(() -> RunningService.json(service.get(self))
                                    .get("status")
                                    .asString()
                                    .equals("success"));
                    var task = RunningService.json(service.get(self));
                    assertThat(task.get("type").asString()).isEqualTo("snapshot.verify");
                    assertThat(task.get("resource_id").asString()).isEqualTo(name);
                    assertThat(task.get("progress").get("phase").asString()).isEqualTo("verify");
                    assertThat(task.get("progress").get("bytes").asLong())
                            .isEqualTo(taken.get("size_bytes").asLong());
                    assertThat(task.get("result").get("name").asString()).isEqualTo(name);

                    flipABit(dir().resolve(name));
                    var error = verificationFailed(service.post("/v1/snapshots/" + name + "/verify", ""));
                    assertThat(error.get("message").asString()).contains(name, "still bad in a minute");
                    assertThat(service.get("/v1/snapshots/" + name).statusCode())
                            .as("one look is not enough")
                            .isEqualTo(200);
                    var failed = RunningService.json(service.get("/v1/tasks?limit=1"))
                            .get("data")
                            .get(0);
                    assertThat(failed.get("status").asString()).isEqualTo("failed");
                    assertThat(failed.get("resource_id").asString()).isEqualTo(name);

                    record(service.post("/v1/snapshots/otherix-20200101T000000Z.db/verify", ""), 404);
                    record(service.post("/v1/snapshots/latest/verify?wait=soon", ""), 400);
                }
            }
        }

        private void flipABit(Path file) throws IOException {
            try (var bytes = new RandomAccessFile(file.toFile(), "rw")) {
                bytes.seek(bytes.length() / 2);
                var before = bytes.read();
                bytes.seek(bytes.length() / 2);
                bytes.write(before ^ 4);
            }
        }
    }
}
