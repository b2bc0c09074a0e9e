package dev.otherix.backup.api;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import dev.otherix.backup.RunningService;
import dev.otherix.backup.realetcd.AnyEtcd;
import dev.otherix.backup.realetcd.EtcdHomes;
import dev.otherix.backup.realetcd.EtcdProcess;
import dev.otherix.backup.realetcd.NeedsEtcd;
import dev.otherix.backup.restore.DrillScene;
import java.io.IOException;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.concurrent.CompletableFuture;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import tools.jackson.databind.JsonNode;

/** Drills of the service: by request and by the clock, with a real etcd, and beside runs. */
@NeedsEtcd
@AnyEtcd
@Timeout(300)
class DrillsIT {

    private static final String SCRATCH = ".otherix-etcd-backup.drill";

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

    private static Path dir(String name) {
        return temporary.resolve(name);
    }

    private static RunningService service(String name, String... settings) {
        return RunningService.start(
                etcd.clientUrl(),
                dir(name),
                Stream.concat(Stream.of("--drill.interval=0"), Stream.of(settings))
                        .toArray(String[]::new));
    }

    private static String withEtcd() {
        return "--drill.etcd=" + EtcdHomes.first().etcd();
    }

    /** An etcd that prints its version and then does nothing, so that the drill takes as long as it may. */
    private static String withIdleEtcd() throws IOException {
        var program = DrillScene.program(
                Files.createTempFile(temporary, "idle-", "-etcd"),
                "if [ \"$1\" = --version ]; then exec " + EtcdHomes.first().etcd()
                        + " --version; fi\nexec sleep 600\n");
        return "--drill.etcd=" + program;
    }

    private static String take(RunningService service) {
        var answer = service.post("/v1/snapshots", "{}");
        assertThat(answer.statusCode()).as(answer.body()).isEqualTo(201);
        return RunningService.json(answer).get("name").asString();
    }

    private static JsonNode record(RunningService service, String name) {
        return RunningService.json(service.get("/v1/snapshots/" + name));
    }

    private static JsonNode status(RunningService service) {
        return RunningService.json(service.get("/v1/status")).get("drill");
    }

    private static String metrics(RunningService service) {
        return service.get("/actuator/prometheus").body();
    }

    private static CompletableFuture<HttpResponse<String>> later(RunningService service, String path) {
        return service.http()
                .sendAsync(
                        HttpRequest.newBuilder(service.url(path))
                                .POST(HttpRequest.BodyPublishers.noBody())
                                .build(),
                        HttpResponse.BodyHandlers.ofString());
    }

    /** Waits until the idle etcd of a drill in this directory runs. */
    private static void awaitEtcd(String name) {
        await().pollInterval(Duration.ofMillis(5))
                .until(() -> DrillScene.processes(dir(name)).stream().anyMatch(line -> line.contains("sleep 600")));
    }

    private static void requireNothingLeft(String name) throws IOException {
        assertThat(dir(name).resolve(SCRATCH)).doesNotExist();
        assertThat(DrillScene.processes(dir(name))).isEmpty();
    }

    private static JsonNode error(HttpResponse<String> answer) {
        return RunningService.json(answer).get("error");
    }

    @Test
    void aDrillThatIsAskedForIsShownEverywhereAndLeavesNothing() throws IOException {
        try (var service = service("shown", withEtcd())) {
            assertThat(status(service).get("last").isNull()).isTrue();
            assertThat(metrics(service))
                    .contains("otherix_backup_last_drill_success_timestamp_seconds 0.0")
                    .contains("otherix_backup_drills_total{outcome=\"success\"} 0.0")
                    .contains("otherix_backup_drill_duration_seconds_count 0");
            var name = take(service);
            assertThat(record(service, name).get("drill").isNull()).isTrue();

            var answer = service.post("/v1/snapshots/latest/drill", "");

            assertThat(answer.statusCode()).as(answer.body()).isEqualTo(200);
            var drill = RunningService.json(answer).get("drill");
            assertThat(drill.propertyNames())
                    .containsExactly("finished_at", "outcome", "seconds", "etcd_version", "detail");
            assertThat(drill.get("outcome").asString()).isEqualTo("passed");
            assertThat(drill.get("etcd_version").asString())
                    .isEqualTo(EtcdHomes.first().version());
            assertThat(record(service, name).get("drill")).isEqualTo(drill);
            assertThat(status(service).get("last")).isEqualTo(drill);
            assertThat(status(service).get("snapshot").asString()).isEqualTo(name);
            assertThat(status(service).get("enabled").asBoolean()).isFalse();
            assertThat(status(service).get("missing_after").isNull()).isTrue();
            assertThat(status(service).get("skipped").isNull()).isTrue();
            assertThat(status(service).get("next_due_at").isNull())
                    .as("the schedule is off")
                    .isTrue();
            assertThat(metrics(service))
                    .contains("otherix_backup_drills_total{outcome=\"success\"} 1.0")
                    .contains("otherix_backup_drill_failed 0.0")
                    .contains("otherix_backup_drill_missing_after_timestamp_seconds 0.0")
                    .contains("otherix_backup_drill_duration_seconds_count 1")
                    .doesNotContain("otherix_backup_last_drill_success_timestamp_seconds 0.0");
            assertThat(RunningService.json(service.get("/actuator/health/backup"))
                            .at("/details/drill/outcome")
                            .asString())
                    .isEqualTo("passed");
            assertThat(RunningService.json(service.get("/v1/tasks"))
                            .at("/data/0/type")
                            .asString())
                    .isEqualTo("snapshot.drill");
            requireNothingLeft("shown");
        }
        try (var again = service("shown")) {
            assertThat(status(again).at("/last/outcome").asString()).isEqualTo("passed");
            assertThat(metrics(again))
                    .contains("otherix_backup_drills_total{outcome=\"success\"} 0.0")
                    .doesNotContain("otherix_backup_last_drill_success_timestamp_seconds 0.0");
        }
    }

    @Test
    void theScheduleDrillsAndGoesOn() throws IOException {
        try (var service = service("scheduled", withEtcd(), "--drill.interval=1s")) {
            var name = take(service);
            await().atMost(Duration.ofSeconds(60))
                    .until(() -> !record(service, name).get("drill").isNull());
            var first = record(service, name).get("drill");
            assertThat(first.get("outcome").asString()).isEqualTo("passed");
            await().atMost(Duration.ofSeconds(60))
                    .until(() -> !record(service, name).get("drill").equals(first));
            assertThat(status(service).get("next_due_at").isString()).isTrue();
            assertThat(metrics(service)).doesNotContain("otherix_backup_drill_missing_after_timestamp_seconds 0.0");
        }
        requireNothingLeft("scheduled");
    }

    @Test
    void anEtcdThatDoesNotServeIsAFailedDrill() throws IOException {
        var broken = DrillScene.program(
                temporary.resolve("broken-etcd"),
                "if [ \"$1\" = --version ]; then exec " + EtcdHomes.first().etcd() + " --version; fi\nexit 3\n");
        try (var service = service("failed", "--drill.etcd=" + broken, "--drill.interval=24h")) {
            var name = take(service);

            var answer = service.post("/v1/snapshots/" + name + "/drill", "");

            assertThat(answer.statusCode()).as(answer.body()).isEqualTo(500);
            assertThat(error(answer).get("code").asString()).isEqualTo("drill_failed");
            assertThat(error(answer).get("message").asString())
                    .startsWith("the drill of " + name + " failed: ")
                    .doesNotContain(temporary.toString());
            assertThat(record(service, name).at("/drill/outcome").asString()).isEqualTo("failed");
            assertThat(status(service).at("/last/outcome").asString()).isEqualTo("failed");
            assertThat(metrics(service))
                    .contains("otherix_backup_drill_failed 1.0")
                    .contains("otherix_backup_drills_total{outcome=\"failure\"} 1.0");
            assertThat(service.get("/actuator/health/backup").body()).contains("\"outcome\":\"failed\"");
            requireNothingLeft("failed");
        }
    }

    @Test
    void whatIsNotPossibleNowIsRefusedAndSaysNothingAboutTheSnapshot() {
        try (var service = service("refused", "--drill.etcd=/nonexistent/etcd")) {
            var name = take(service);

            var answer = service.post("/v1/snapshots/" + name + "/drill", "");

            assertThat(answer.statusCode()).as(answer.body()).isEqualTo(503);
            assertThat(error(answer).get("code").asString()).isEqualTo("drill_refused");
            assertThat(error(answer).get("message").asString())
                    .contains("drill.etcd", "does not exist", "This says nothing about the snapshot")
                    .doesNotContain("/nonexistent");
            assertThat(record(service, name).get("drill").isNull()).isTrue();
            assertThat(metrics(service)).contains("otherix_backup_drills_total{outcome=\"skipped\"} 1.0");
            assertThat(status(service).get("skipped").propertyNames()).containsExactly("at", "reason");
            assertThat(status(service).at("/skipped/reason").asString()).contains("there is no etcd to start");
            assertThat(RunningService.json(service.get("/actuator/health/backup"))
                            .at("/details/drill/skipped/reason")
                            .asString())
                    .contains("there is no etcd to start");
            assertThat(service.post("/v1/snapshots/otherix-20200101T000000Z.db/drill", "")
                            .statusCode())
                    .isEqualTo(404);
        }
    }

    @Test
    void aRunEndsADrillIsNotDelayedAndRequestsShareADrill() throws Exception {
        try (var service = service("beside", withIdleEtcd())) {
            var name = take(service);
            var alone = System.nanoTime();
            take(service);
            var usual = Duration.ofNanos(System.nanoTime() - alone);
            var first = later(service, "/v1/snapshots/" + name + "/drill");
            awaitEtcd("beside");
            var second = later(service, "/v1/snapshots/" + name + "/drill");
            await().until(() -> RunningService.json(service.get("/v1/tasks"))
                    .at("/data/0/type")
                    .asString()
                    .equals("snapshot.drill"));
            assertThat(second).isNotDone();

            var began = System.nanoTime();
            take(service);

            assertThat(Duration.ofNanos(System.nanoTime() - began)).isLessThan(usual.plusSeconds(1));
            assertThat(first.join().statusCode()).isEqualTo(503);
            assertThat(error(first.join()).get("code").asString()).isEqualTo("drill_refused");
            assertThat(error(first.join()).get("message").asString()).contains("ended by a run");
            assertThat(second.join().body()).contains("ended by a run");
            assertThat(metrics(service)).contains("otherix_backup_drills_total{outcome=\"skipped\"} 1.0");
            requireNothingLeft("beside");
        }
    }

    @Test
    void aStopEndsADrillInTime() throws Exception {
        var service = service("stopped", withIdleEtcd());
        try {
            var name = take(service);
            var answer = later(service, "/v1/snapshots/" + name + "/drill");
            awaitEtcd("stopped");
            var began = System.nanoTime();
            service.close();
            assertThat(Duration.ofNanos(System.nanoTime() - began)).isLessThan(Duration.ofSeconds(8));
            assertThat(answer.join().statusCode()).isEqualTo(503);
            assertThat(error(answer.join()).get("code").asString()).isEqualTo("shutting_down");
        } finally {
            service.close();
        }
        requireNothingLeft("stopped");
    }

    @Test
    void nothingTakesTheScratchDirectoryForItsOwn() throws Exception {
        try (var service = service("listed", withIdleEtcd())) {
            var name = take(service);
            var answer = later(service, "/v1/snapshots/" + name + "/drill");
            awaitEtcd("listed");
            assertThat(dir("listed").resolve(SCRATCH)).isDirectory();
            assertThat(RunningService.json(service.get("/v1/snapshots")).get("data"))
                    .hasSize(1);
            assertThat(metrics(service))
                    .contains("otherix_backup_shared_directory 0.0")
                    .contains("otherix_backup_snapshots 1.0");
            take(service);
            answer.join();
            assertThat(RunningService.json(service.get("/v1/snapshots")).get("data"))
                    .hasSize(2);
        }
    }
}
