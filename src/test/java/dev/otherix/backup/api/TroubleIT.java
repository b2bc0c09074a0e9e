package dev.otherix.backup.api;

import static org.assertj.core.api.Assertions.assertThat;

import dev.otherix.backup.RunningService;
import dev.otherix.backup.realetcd.AnyEtcd;
import dev.otherix.backup.realetcd.EtcdCluster;
import dev.otherix.backup.realetcd.EtcdHomes;
import dev.otherix.backup.realetcd.EtcdProcess;
import dev.otherix.backup.realetcd.NeedsEtcd;
import dev.otherix.backup.realetcd.OtherixKeyspace;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import org.awaitility.Awaitility;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import tools.jackson.databind.JsonNode;

/** What a caller is told when there is no snapshot, or not the one asked for. */
@NeedsEtcd
@AnyEtcd
class TroubleIT {

    private static final String NOWHERE = "http://127.0.0.1:9";

    @TempDir
    private Path parent;

    private Path dir() {
        return parent.resolve("snapshots");
    }

    private static JsonNode error(HttpResponse<String> answer, int status, String code) {
        assertThat(answer.statusCode()).as(answer.body()).isEqualTo(status);
        var error = RunningService.json(answer).get("error");
        assertThat(error.get("code").asString()).isEqualTo(code);
        return error;
    }

    private static JsonNode status(RunningService service) {
        return RunningService.json(service.get("/v1/status"));
    }

    @Test
    void anEtcdThatIsNotThereIs502AndTheServiceStaysReady() {
        try (var service = RunningService.start(NOWHERE, dir())) {
            var error = error(service.post("/v1/snapshots", "{}"), 502, "etcd_failed");
            assertThat(error.get("message").asString()).contains(NOWHERE);
            var attempt = status(service).get("last_attempt");
            assertThat(attempt.get("outcome").asString()).isEqualTo("failure");
            assertThat(attempt.get("error").toString()).isEqualTo(error.toString());
            assertThat(status(service).get("last_success").isNull()).isTrue();
            var task = RunningService.json(service.get("/v1/tasks?limit=1"))
                    .get("data")
                    .get(0);
            assertThat(task.get("status").asString()).isEqualTo("failed");
            assertThat(task.get("error").toString()).isEqualTo(error.toString());
            assertThat(task.get("resource_id").isNull()).isTrue();

            Awaitility.await()
                    .untilAsserted(() -> assertThat(RunningService.json(service.get("/readyz"))
                                    .get("checks")
                                    .get("etcd")
                                    .get("error")
                                    .asString())
                            .contains("does not answer"));
            var ready = service.get("/readyz");
            assertThat(ready.statusCode()).isEqualTo(200);
            assertThat(RunningService.json(ready).get("status").asString()).isEqualTo("ok");
            assertThat(RunningService.json(ready)
                            .get("checks")
                            .get("etcd")
                            .get("status")
                            .asString())
                    .isEqualTo("fail");
            assertThat(service.get("/healthz").statusCode()).isEqualTo(200);
            assertThat(status(service).get("etcd").get("reachable").asBoolean()).isFalse();
            assertThat(status(service).get("directory").get("required_bytes").isNull())
                    .isTrue();
        }
    }

    @Test
    void anEtcdThatStopsInTheMiddleOfTheStreamIs502AndNothingIsKept() throws Exception {
        try (var etcd = EtcdProcess.start(EtcdHomes.first())) {
            OtherixKeyspace.fill(etcd.clientUrl(), 8 << 20, 8192);
            try (var service = RunningService.start(
                    etcd.clientUrl(), dir(), "--stream.rate_limit=1MB", "--stream.stall_timeout=2s")) {
                var task = RunningService.json(service.post("/v1/snapshots?wait=0", "{}"))
                        .get("links")
                        .get("self")
                        .asString();
                Awaitility.await()
                        .pollInterval(Duration.ofMillis(50))
                        .until(() -> RunningService.json(service.get(task))
                                        .get("progress")
                                        .get("bytes")
                                        .asLong()
                                > 0);
                var waiting = service.http()
                        .sendAsync(
                                HttpRequest.newBuilder(service.url("/v1/snapshots"))
                                        .POST(HttpRequest.BodyPublishers.noBody())
                                        .build(),
                                HttpResponse.BodyHandlers.ofString());
                etcd.pause();
                Awaitility.await()
                        .until(() -> !RunningService.json(service.get(task))
                                .get("error")
                                .isNull());
                assertThat(RunningService.json(service.get(task))
                                .get("error")
                                .get("code")
                                .asString())
                        .isEqualTo("etcd_failed");
                error(waiting.join(), 502, "etcd_failed");
                try (var files = Files.list(dir())) {
                    assertThat(files.map(Path::getFileName)
                                    .map(Path::toString)
                                    .filter(name -> name.contains("otherix-2")))
                            .isEmpty();
                }
                etcd.resume();
            }
        }
    }

    @Test
    void withoutAQuorumTheLocalSnapshotIsKeptAndOnlyWhoAskedForItIsContent() {
        try (var cluster = EtcdCluster.start(EtcdHomes.first(), 3)) {
            var survivor = cluster.followers().getFirst();
            try (var service = RunningService.start(survivor.clientUrl(), dir())) {
                cluster.killAllBut(survivor);
                var error = error(service.post("/v1/snapshots", "{}"), 503, "no_quorum");
                var kept = error.get("details").get("name").asString();
                assertThat(dir().resolve(kept)).exists();
                assertThat(RunningService.json(service.get("/v1/snapshots/" + kept))
                                .get("etcd")
                                .get("consistency")
                                .asString())
                        .isEqualTo("local");
                assertThat(status(service).get("last_attempt").get("outcome").asString())
                        .isEqualTo("local");
                assertThat(status(service).get("last_success").isNull()).isTrue();

                var local = service.post("/v1/snapshots", "{\"consistency\":\"local\"}");
                assertThat(local.statusCode()).as(local.body()).isEqualTo(201);
                assertThat(RunningService.json(local)
                                .get("etcd")
                                .get("consistency_reason")
                                .isNull())
                        .isFalse();
            }
        }
    }

    @Test
    void tooLittleSpaceIs507WithTheBytesThatAreMissing() {
        try (var service = RunningService.start(NOWHERE, dir(), "--directory.reserve=1000TB")) {
            var error = error(service.post("/v1/snapshots", "{}"), 507, "directory_failed");
            assertThat(error.get("details").get("missing_bytes").asLong()).isGreaterThan(900L << 40);
        }
    }

    @Test
    void aDirectoryThatIsGoneIs507AndTheStatusSaysSo() throws Exception {
        try (var service = RunningService.start(NOWHERE, dir())) {
            Files.move(dir(), parent.resolve("elsewhere"));
            for (var answer : new HttpResponse<?>[] {
                service.post("/v1/snapshots", "{}"),
                service.get("/v1/snapshots"),
                service.get("/v1/snapshots/latest"),
                service.get("/v1/snapshots/latest/content")
            }) {
                assertThat(answer.statusCode())
                        .as(String.valueOf(answer.body()))
                        .isEqualTo(507);
                assertThat(String.valueOf(answer.body()))
                        .contains("\"directory_failed\"", "the snapshot directory")
                        .doesNotContain(dir().toString());
            }
            var directory = status(service).get("directory");
            assertThat(directory.get("writable").asBoolean()).isFalse();
            assertThat(directory.get("free_bytes").isNull()).isTrue();
            assertThat(directory.get("required_bytes").isNull()).isTrue();
            Files.move(parent.resolve("elsewhere"), dir());
            assertThat(status(service).get("directory").get("writable").asBoolean())
                    .isTrue();
        }
    }

    @Test
    void withoutADirectoryARequestIs409AndSaysWhatToSet() {
        try (var service = RunningService.startWithoutDirectory(NOWHERE)) {
            assertThat(error(service.post("/v1/snapshots", "{}"), 409, "conflict")
                            .get("message")
                            .asString())
                    .contains("workers.backup.dir");
            error(service.get("/v1/snapshots"), 409, "conflict");
            error(service.get("/v1/snapshots/latest"), 409, "conflict");
            var status = status(service);
            assertThat(status.get("dir").isNull()).isTrue();
            assertThat(status.get("directory").get("writable").asBoolean()).isFalse();
            assertThat(RunningService.json(service.get("/v1/tasks")).get("data"))
                    .isEmpty();
        }
    }
}
