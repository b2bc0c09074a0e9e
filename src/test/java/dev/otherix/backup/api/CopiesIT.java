package dev.otherix.backup.api;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import dev.otherix.backup.RunningService;
import dev.otherix.backup.realetcd.AnyEtcd;
import dev.otherix.backup.realetcd.EtcdHomes;
import dev.otherix.backup.realetcd.EtcdProcess;
import dev.otherix.backup.realetcd.NeedsEtcd;
import java.io.IOException;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import tools.jackson.databind.JsonNode;

/** What the API, health and metrics show of off-site copies, with a directory as the target. */
@NeedsEtcd
@AnyEtcd
class CopiesIT {

    private static final String RECIPIENT = "age1ql3z7hjy54pw3hyww5ayyfg7zqgvc7w3j2elw8zmrj2kg5sfn9aqmcac8p";
    private static final String MARK = ".otherix-etcd-backup-target";

    @TempDir
    private static Path temporary;

    private static EtcdProcess etcd;

    @BeforeAll
    static void start() {
        etcd = EtcdProcess.start(EtcdHomes.first());
        etcd.etcdctl("put", "/otherix/some", "value");
    }

    @AfterAll
    static void stop() {
        etcd.close();
    }

    private static RunningService service(String name, Path target, String... more) {
        var settings = Stream.concat(
                        Stream.of("--offsite.filesystem.path=" + target, "--offsite.recipients=" + RECIPIENT),
                        Stream.of(more))
                .toArray(String[]::new);
        return RunningService.start(etcd.clientUrl(), temporary.resolve(name), settings);
    }

    private static Path target(String name) throws IOException {
        var target = Files.createDirectory(temporary.resolve(name));
        Files.createFile(target.resolve(MARK));
        return target;
    }

    private static String take(RunningService service) {
        var answer = service.post("/v1/snapshots", "{}");
        assertThat(answer.statusCode()).as(answer.body()).isEqualTo(201);
        return RunningService.json(answer).get("name").asString();
    }

    private static JsonNode health(RunningService service) {
        return RunningService.json(service.get("/actuator/health/backup")).get("details");
    }

    private static String metrics(RunningService service) {
        return service.get("/actuator/prometheus").body();
    }

    private static List<Path> objects(Path target) throws IOException {
        try (var files = Files.walk(target)) {
            return files.filter(file -> file.toString().endsWith(".db.gz.age")).toList();
        }
    }

    @Test
    void aCopyThatIsAskedForIsProvenAndShownEverywhere() throws IOException {
        var target = target("shown");
        try (var service = service("shown-snapshots", target)) {
            var name = take(service);

            var answer = service.post("/v1/snapshots/latest/copy", "");

            assertThat(answer.statusCode()).as(answer.body()).isEqualTo(200);
            var copies = RunningService.json(answer).get("copies");
            assertThat(copies).hasSize(1);
            assertThat(copies.get(0).get("target").asString()).isEqualTo("filesystem");
            assertThat(copies.get(0).get("state").asString()).isEqualTo("copied");
            var object = target.resolve(copies.get(0).get("key").asString());
            assertThat(object).isRegularFile();
            assertThat(copies.get(0).get("size_bytes").asLong()).isEqualTo(Files.size(object));
            assertThat(RunningService.json(service.get("/v1/snapshots/" + name)).get("copies"))
                    .isEqualTo(copies);
            await().untilAsserted(() -> {
                var status = RunningService.json(service.get("/v1/status")).get("offsite");
                assertThat(status).hasSize(1);
                assertThat(status.get(0).propertyNames())
                        .containsExactly("target", "last_success_at", "pending", "error");
                assertThat(status.get(0).get("last_success_at").isNull()).isFalse();
                assertThat(status.get(0).get("pending").asInt()).isZero();
            });
            assertThat(health(service).at("/offsite/0/target").asString()).isEqualTo("filesystem");
            assertThat(health(service).at("/offsite_remarks/0").asString()).contains("recipient");
            assertThat(metrics(service))
                    .contains("otherix_backup_offsite_copies_total{outcome=\"success\",target=\"filesystem\"} 1.0")
                    .contains("otherix_backup_offsite_copies_total{outcome=\"failure\",target=\"filesystem\"} 0.0")
                    .contains("otherix_backup_offsite_finding{code=\"missing\",target=\"filesystem\"} 0.0")
                    .contains("otherix_backup_offsite_pending{target=\"filesystem\"} 0.0");
        }
    }

    @Test
    void aCopyThatGoesAwayMakesHealthDown() throws IOException {
        var target = target("robbed");
        try (var service = service("robbed-snapshots", target, "--offsite.check_interval=1s")) {
            take(service);
            assertThat(service.post("/v1/snapshots/latest/copy", "").statusCode())
                    .isEqualTo(200);
            assertThat(service.get("/actuator/health/backup").body()).doesNotContain("offsite_missing");

            Files.delete(objects(target).getFirst());

            await().untilAsserted(() -> {
                assertThat(service.get("/actuator/health/backup").statusCode()).isEqualTo(503);
                assertThat(health(service).at("/reasons/0/code").asString()).isEqualTo("offsite_missing");
                assertThat(metrics(service))
                        .contains("otherix_backup_offsite_finding{code=\"missing\",target=\"filesystem\"} 1.0");
                assertThat(RunningService.json(service.get("/v1/snapshots/latest"))
                                .at("/copies/0/state")
                                .asString())
                        .isEqualTo("missing");
            });
        }
    }

    private static HttpResponse<String> delete(RunningService service, String path) {
        return service.send(HttpRequest.newBuilder(service.url(path)).DELETE().build());
    }

    @Test
    void aCopyIsRemovedOnRequestAndTheNewestOnlyIfThatIsMeant() throws IOException {
        var target = target("emptied");
        try (var service = service("emptied-snapshots", target)) {
            var older = take(service);
            assertThat(service.post("/v1/snapshots/" + older + "/copy", "").statusCode())
                    .isEqualTo(200);
            var copy = "/v1/snapshots/" + older + "/copies/filesystem";

            var refused = delete(service, copy);
            assertThat(refused.statusCode()).isEqualTo(409);
            assertThat(RunningService.json(refused).at("/error/code").asString())
                    .isEqualTo("resource_in_use");
            assertThat(RunningService.json(refused).at("/error/message").asString())
                    .contains("is the newest snapshot with a proven copy", "?include_last=true")
                    .doesNotContain(temporary.resolve("emptied-snapshots").toString());
            assertThat(objects(target)).hasSize(1);

            var removed = delete(service, copy + "?include_last=true");
            assertThat(removed.statusCode()).as(removed.body()).isEqualTo(200);
            assertThat(RunningService.json(removed).at("/copies/0/state").asString())
                    .isEqualTo("removed");
            try (var left = Files.walk(target)) {
                assertThat(left.map(file -> file.getFileName().toString()))
                        .noneMatch(file -> file.startsWith("otherix-2"));
            }
            assertThat(service.post("/v1/snapshots/" + older + "/copy", "").statusCode())
                    .isEqualTo(200);
            assertThat(objects(target)).hasSize(1);

            assertThat(delete(service, copy + "?include_last=1").statusCode()).isEqualTo(400);
            assertThat(delete(service, "/v1/snapshots/" + older + "/copies/tape")
                            .statusCode())
                    .isEqualTo(404);
            assertThat(delete(service, "/v1/snapshots/" + older + "/copies/s3").statusCode())
                    .isEqualTo(409);
            assertThat(delete(service, "/v1/snapshots/otherix-20200101T000000Z.db/copies/filesystem")
                            .statusCode())
                    .isEqualTo(404);
        }
    }

    @Test
    void aTargetThatIsNotThereIsToldAndHoldsUpNoSnapshot() throws IOException {
        var unmounted = Files.createDirectory(temporary.resolve("unmounted"));
        try (var service = service("kept-snapshots", unmounted)) {
            take(service);

            var answer = service.post("/v1/snapshots/latest/copy", "");

            assertThat(answer.statusCode()).as(answer.body()).isEqualTo(502);
            var error = RunningService.json(answer).get("error");
            assertThat(error.get("code").asString()).isEqualTo("offsite_failed");
            assertThat(error.get("message").asString()).contains(MARK);
            await().untilAsserted(() -> assertThat(RunningService.json(service.get("/v1/status"))
                            .at("/offsite/0/error")
                            .asString())
                    .contains(MARK));
            assertThat(health(service).at("/reason").asString()).doesNotContain(MARK);
            try (var files = Files.list(unmounted)) {
                assertThat(files).isEmpty();
            }

            Files.createFile(unmounted.resolve(MARK));

            assertThat(service.post("/v1/snapshots/latest/copy", "").statusCode())
                    .isEqualTo(200);
            assertThat(objects(unmounted)).hasSize(1);
        }
    }

    @Test
    void withoutATargetThereIsNothingToCopyToAndNoSeries() {
        try (var service = RunningService.start(etcd.clientUrl(), temporary.resolve("alone"))) {
            take(service);

            var answer = service.post("/v1/snapshots/latest/copy", "");

            assertThat(answer.statusCode()).isEqualTo(409);
            assertThat(RunningService.json(answer).at("/error/message").asString())
                    .contains("no off-site target is set", "offsite.s3.bucket", "offsite.filesystem.path");
            assertThat(RunningService.json(service.get("/v1/status")).get("offsite"))
                    .isEmpty();
            assertThat(health(service).has("offsite")).isFalse();
            assertThat(metrics(service)).contains("otherix_backup_enabled").doesNotContain("offsite");
        }
    }
}
