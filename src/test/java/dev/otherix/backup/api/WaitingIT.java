package dev.otherix.backup.api;

import static org.assertj.core.api.Assertions.assertThat;

import dev.otherix.backup.RunningService;
import dev.otherix.backup.job.BackupJob;
import dev.otherix.backup.job.RunRequest;
import dev.otherix.backup.realetcd.AnyEtcd;
import dev.otherix.backup.realetcd.EtcdHomes;
import dev.otherix.backup.realetcd.EtcdProcess;
import dev.otherix.backup.realetcd.NeedsEtcd;
import dev.otherix.backup.realetcd.OtherixKeyspace;
import dev.otherix.backup.snapshot.SnapshotRequest;
import java.net.http.HttpRequest;
import java.net.http.HttpRequest.BodyPublishers;
import java.net.http.HttpResponse;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.Arrays;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import org.awaitility.Awaitility;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import tools.jackson.databind.JsonNode;

/**
 * Callers who wait: they hold no thread, they are answered whatever becomes of the run, and of each other they notice
 * nothing.
 */
@NeedsEtcd
@AnyEtcd
class WaitingIT {

    private static final long STREAM_BYTES = 3 << 20;
    private static EtcdProcess etcd;

    @TempDir
    private Path dir;

    @BeforeAll
    static void start() {
        etcd = EtcdProcess.start(EtcdHomes.first());
        // a stream of some seconds at 1 MB a second
        OtherixKeyspace.fill(etcd.clientUrl(), STREAM_BYTES, 8192);
    }

    @AfterAll
    static void stop() {
        etcd.close();
    }

    private RunningService slowService() {
        return RunningService.start(etcd.clientUrl(), dir, "--stream.rate_limit=1MB");
    }

    private static CompletableFuture<HttpResponse<String>> ask(RunningService service, String query) {
        return service.http()
                .sendAsync(
                        HttpRequest.newBuilder(service.url("/v1/snapshots" + query))
                                .POST(BodyPublishers.noBody())
                                .build(),
                        HttpResponse.BodyHandlers.ofString());
    }

    private static JsonNode task(RunningService service, String id) {
        return RunningService.json(service.get("/v1/tasks/" + id));
    }

    private static List<JsonNode> tasks(RunningService service) {
        return RunningService.json(service.get("/v1/tasks?limit=200"))
                .get("data")
                .valueStream()
                .toList();
    }

    private static void awaitStream(RunningService service) {
        Awaitility.await()
                .pollInterval(Duration.ofMillis(50))
                .until(() -> tasks(service).stream()
                        .anyMatch(task -> task.get("progress").get("bytes").asLong() > 0
                                && task.get("status").asString().equals("running")));
    }

    /** The threads that are at work on a request, not those that wait for one. */
    private static long requestThreads() {
        return Thread.getAllStackTraces().entrySet().stream()
                .filter(thread -> thread.getKey().getName().contains("-exec-"))
                .filter(thread -> Arrays.stream(thread.getValue())
                        .anyMatch(frame -> frame.getClassName().startsWith("org.apache.coyote.")))
                .count();
    }

    @Test
    void aHundredCallersWaitWithoutAThreadAndShareAtMostTwoRuns() {
        try (var service = slowService()) {
            var first = ask(service, "");
            awaitStream(service);
            var asked = Instant.now();
            var callers =
                    IntStream.range(0, 100).mapToObj(_ -> ask(service, "")).toList();
            Awaitility.await().until(() -> tasks(service).size() == 101);

            var begin = System.nanoTime();
            assertThat(service.get("/healthz").statusCode()).isEqualTo(200);
            assertThat(Duration.ofNanos(System.nanoTime() - begin)).isLessThan(Duration.ofSeconds(2));
            assertThat(first).as("still running").isNotDone();
            assertThat(requestThreads()).isLessThan(10);

            var answers = callers.stream()
                    .map(caller -> caller.orTimeout(60, TimeUnit.SECONDS).join())
                    .toList();
            assertThat(answers)
                    .allSatisfy(answer ->
                            assertThat(answer.statusCode()).as(answer.body()).isEqualTo(201));
            var records = answers.stream().map(RunningService::json).toList();
            assertThat(records.stream()
                            .map(record -> record.get("name").asString())
                            .collect(Collectors.toSet()))
                    .hasSize(1);
            assertThat(records.getFirst().get("requests").size()).isEqualTo(100);
            assertThat(Instant.parse(records.getFirst().get("created_at").asString()))
                    .isAfterOrEqualTo(asked.minusMillis(1));
            assertThat(RunningService.json(first.join()).get("name"))
                    .isNotEqualTo(records.getFirst().get("name"));
        }
    }

    @Test
    void aCallerWhoWaitedLongEnoughIsToldSoAndMayFollowTheTaskToItsEnd() {
        try (var service = slowService()) {
            var answer = ask(service, "?wait=300ms").join();
            assertThat(answer.statusCode()).isEqualTo(503);
            var error = RunningService.json(answer).get("error");
            assertThat(error.get("code").asString()).isEqualTo("request_timeout");
            assertThat(error.get("message").asString()).contains("300ms");
            var id = error.get("details").get("task_id").asString();
            awaitStream(service);
            var running = task(service, id);
            assertThat(running.get("progress").get("phase").asString()).isEqualTo("stream");
            assertThat(running.get("progress").get("expected_bytes").asLong()).isGreaterThan(STREAM_BYTES);
            assertThat(RunningService.json(service.get("/v1/status"))
                            .get("running")
                            .asString())
                    .isEqualTo(id);
            Awaitility.await().until(() -> !task(service, id).get("finished_at").isNull());
            assertThat(task(service, id).get("status").asString()).isEqualTo("success");
            assertThat(dir.resolve(task(service, id).get("resource_id").asString()))
                    .exists();
        }
    }

    @Test
    void aStopAnswersThoseWhoWaitAndLeavesNothing() throws Exception {
        CompletableFuture<HttpResponse<String>> running;
        CompletableFuture<HttpResponse<String>> waiting;
        Duration took;
        var service = slowService();
        try {
            running = ask(service, "");
            awaitStream(service);
            waiting = ask(service, "");
            Awaitility.await().until(() -> tasks(service).size() == 2);
        } finally {
            var begin = System.nanoTime();
            service.close();
            took = Duration.ofNanos(System.nanoTime() - begin);
        }
        assertThat(took).isLessThan(Duration.ofSeconds(5));
        for (var caller : List.of(running, waiting)) {
            var answer = caller.orTimeout(10, TimeUnit.SECONDS).join();
            assertThat(answer.statusCode()).as(answer.body()).isEqualTo(503);
            assertThat(RunningService.json(answer).get("error").get("code").asString())
                    .isEqualTo("shutting_down");
        }
        try (var files = Files.list(dir)) {
            assertThat(files.map(file -> file.getFileName().toString()).filter(name -> name.contains("otherix-2")))
                    .isEmpty();
        }
    }

    @Test
    void callersWhoGoAwayAreForgottenAndTheRunIsNot() {
        try (var service = slowService()) {
            var gone = IntStream.range(0, 30)
                    .mapToObj(_ -> RawHttp.connect(service.url("/")))
                    .toList();
            gone.forEach(caller -> caller.send("POST /v1/snapshots HTTP/1.1\r\nHost: localhost\r\n"
                    + service.authorization() + "Content-Length: 0\r\n\r\n"));
            Awaitility.await().until(() -> tasks(service).size() == 30);
            gone.forEach(RawHttp::reset);
            var stays = ask(service, "").orTimeout(60, TimeUnit.SECONDS).join();
            assertThat(stays.statusCode()).as(stays.body()).isEqualTo(201);
            assertThat(tasks(service))
                    .allSatisfy(
                            task -> assertThat(task.get("status").asString()).isEqualTo("success"));
        }
    }

    @Test
    void moreRequestsThanAnybodyCanMeanAreRefused() {
        try (var service = slowService()) {
            ask(service, "?wait=0").join();
            awaitStream(service);
            var job = service.bean(BackupJob.class);
            var request = new RunRequest(new SnapshotRequest(null, null, null, Instant.now()), false, false);
            IntStream.range(0, 1000).forEach(_ -> job.request(request));
            var answer = ask(service, "").join();
            assertThat(answer.statusCode()).as(answer.body()).isEqualTo(429);
            assertThat(RunningService.json(answer).get("error").get("code").asString())
                    .isEqualTo("rate_limited");
        }
    }
}
