package dev.otherix.backup.api;

import static org.assertj.core.api.Assertions.assertThat;

import dev.otherix.backup.RunningService;
import dev.otherix.backup.realetcd.EtcdHomes;
import dev.otherix.backup.realetcd.EtcdProcess;
import dev.otherix.backup.realetcd.NeedsEtcd;
import dev.otherix.backup.realetcd.OtherixKeyspace;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.http.HttpRequest;
import java.net.http.HttpRequest.BodyPublishers;
import java.net.http.HttpResponse;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.MessageDigest;
import java.time.Instant;
import java.util.ArrayList;
import java.util.HexFormat;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.stream.IntStream;
import org.awaitility.Awaitility;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

/** Each row of the API's table, with a real member. */
@NeedsEtcd
class SnapshotsIT {

    private static final JsonMapper JSON = new JsonMapper();

    private static EtcdProcess etcd;
    private static RunningService service;

    @TempDir
    private static Path dir;

    @BeforeAll
    static void start() {
        etcd = EtcdProcess.start(EtcdHomes.first());
        OtherixKeyspace.seed(etcd.clientUrl(), 10);
        service = RunningService.start(etcd.clientUrl(), dir, "--retention.on_demand=3");
    }

    @AfterAll
    static void stop() {
        service.close();
        etcd.close();
    }

    /** So that retention, which keeps three, removes none of a test's own. */
    private static void leaveOneSnapshot() {
        for (var snapshot : list()) {
            patch(snapshot.get("name").asString(), "{\"pinned\":false}");
        }
        take("{}");
        list().stream()
                .skip(1)
                .forEach(
                        older -> assertThat(delete(older.get("name").asString()).statusCode())
                                .isEqualTo(204));
    }

    private static HttpResponse<String> request(String method, String path, String body) {
        return service.send(HttpRequest.newBuilder(service.url(path))
                .header("Content-Type", "application/json")
                .method(method, BodyPublishers.ofString(body))
                .build());
    }

    private static HttpResponse<String> patch(String name, String body) {
        return request("PATCH", "/v1/snapshots/" + name, body);
    }

    private static HttpResponse<String> delete(String name) {
        return service.send(HttpRequest.newBuilder(service.url("/v1/snapshots/" + name))
                .DELETE()
                .build());
    }

    private static JsonNode take(String body) {
        var answer = service.post("/v1/snapshots", body);
        assertThat(answer.statusCode()).as(answer.body()).isEqualTo(201);
        return RunningService.json(answer);
    }

    private static List<JsonNode> list() {
        return RunningService.json(service.get("/v1/snapshots"))
                .get("data")
                .valueStream()
                .toList();
    }

    private static JsonNode error(HttpResponse<String> answer, int status) {
        assertThat(answer.statusCode()).as(answer.body()).isEqualTo(status);
        return RunningService.json(answer).get("error");
    }

    private static JsonNode record(String name) {
        try {
            return JSON.readTree(Files.readAllBytes(dir.resolve(name.replace(".db", ".json"))));
        } catch (IOException missing) {
            throw new UncheckedIOException(missing);
        }
    }

    @Test
    void takingASnapshotAnswersItsRecordOnceItIsThere() throws Exception {
        var answer = service.post(
                "/v1/snapshots?wait=1m",
                "{\"reason\":\"before 1.4 upgrade\",\"pinned\":true,\"consistency\":\"linearizable\"}");
        assertThat(answer.statusCode()).isEqualTo(201);
        var record = RunningService.json(answer);
        var name = record.get("name").asString();
        assertThat(answer.headers().firstValue("Location")).contains("/v1/snapshots/" + name);
        assertThat(record.get("requests").get(0).get("reason").asString()).isEqualTo("before 1.4 upgrade");
        assertThat(record.get("requests").get(0).get("request_id").asString())
                .isEqualTo(answer.headers().firstValue("X-Request-ID").orElseThrow());
        assertThat(record.get("requests").get(0).get("by").asString())
                .as("the token that the first start makes")
                .isEqualTo("admin");
        assertThat(record.get("pinned").asBoolean()).isTrue();
        assertThat(record.get("sha256").asString())
                .isEqualTo(HexFormat.of()
                        .formatHex(MessageDigest.getInstance("SHA-256").digest(Files.readAllBytes(dir.resolve(name)))));
    }

    @Test
    void theRecordIsTheSameEverywhereNullsAndOrderIncluded() throws Exception {
        var taken = take("{}");
        var name = taken.get("name").asString();
        var inFile = record(name);
        assertThat(taken.toString()).isEqualTo(inFile.toString());
        assertThat(service.get("/v1/snapshots/" + name).body()).isEqualTo(inFile.toString());
        assertThat(service.get("/v1/snapshots/latest").body()).isEqualTo(inFile.toString());
        assertThat(list().getFirst().toString()).isEqualTo(inFile.toString());
        var task = RunningService.json(service.get("/v1/tasks?limit=1"))
                .get("data")
                .get(0);
        assertThat(task.get("result").toString()).isEqualTo(inFile.toString());
        assertThat(inFile.get("etcd").get("consistency_reason").isNull()).isTrue();
        assertThat(RunningService.json(service.get("/v1/status"))
                        .get("last_success")
                        .toString())
                .isEqualTo(inFile.toString());
    }

    @Test
    void aRequestNeedsNeitherBodyNorContentType() {
        var bare = service.send(HttpRequest.newBuilder(service.url("/v1/snapshots"))
                .POST(BodyPublishers.noBody())
                .build());
        assertThat(bare.statusCode()).as(bare.body()).isEqualTo(201);
        assertThat(RunningService.json(bare)
                        .get("requests")
                        .get(0)
                        .get("reason")
                        .isNull())
                .isTrue();
        assertThat(RawHttp.exchange(service.url("/"), "POST /v1/snapshots HTTP/1.1", service.authorization()))
                .startsWith("HTTP/1.1 201");
        assertThat(service.post("/v1/snapshots", "").statusCode()).isEqualTo(201);
    }

    @Test
    void withoutAWaitTheAnswerIsATaskToFollow() {
        var answer = service.post("/v1/snapshots?wait=0", "{}");
        assertThat(answer.statusCode()).isEqualTo(202);
        var accepted = RunningService.json(answer);
        assertThat(accepted.propertyNames()).containsExactlyInAnyOrder("task_id", "status", "links");
        var self = accepted.get("links").get("self").asString();
        assertThat(self).isEqualTo("/v1/tasks/" + accepted.get("task_id").asString());
        assertThat(answer.headers().firstValue("Location")).contains(self);
        Awaitility.await()
                .until(() -> RunningService.json(service.get(self))
                        .get("status")
                        .asString()
                        .equals("success"));
        var task = RunningService.json(service.get(self));
        assertThat(task.propertyNames())
                .containsExactlyInAnyOrder(
                        "id",
                        "type",
                        "status",
                        "progress",
                        "resource_type",
                        "resource_id",
                        "result",
                        "error",
                        "attempts",
                        "max_attempts",
                        "created_at",
                        "started_at",
                        "finished_at");
        assertThat(task.get("type").asString()).isEqualTo("snapshot.create");
        assertThat(task.get("resource_type").asString()).isEqualTo("snapshot");
        assertThat(task.get("resource_id")).isEqualTo(task.get("result").get("name"));
        assertThat(task.get("progress").get("bytes").asLong())
                .isEqualTo(task.get("result").get("size_bytes").asLong());
        assertThat(task.get("progress").get("expected_bytes"))
                .isEqualTo(task.get("progress").get("bytes"));
        assertThat(task.get("progress").get("phase").asString()).isEqualTo("prune");
        assertThat(task.get("error").isNull()).isTrue();
        assertThat(Instant.parse(task.get("finished_at").asString()))
                .isAfter(Instant.parse(task.get("started_at").asString()));
    }

    @Test
    void theSnapshotHoldsWhatWasWrittenBeforeTheRequest() {
        var before = etcd.status().revision();
        etcd.etcdctl("put", "/otherix/now", "1");
        var taken = take("{}");
        assertThat(Instant.parse(taken.get("created_at").asString()))
                .isAfterOrEqualTo(
                        Instant.parse(taken.get("requests").get(0).get("at").asString()));
        assertThat(etcd.status().revision()).isEqualTo(before + 1);
        assertThat(taken.get("etcd").get("consistency").asString()).isEqualTo("linearizable");
    }

    @Test
    void requestsWithinOneSecondGetNamesOfTheirOwnOrShareARun() {
        var names = new ArrayList<String>();
        IntStream.range(0, 2).forEach(_ -> names.add(take("{}").get("name").asString()));
        assertThat(names).doesNotHaveDuplicates().isSorted();
    }

    @Test
    void aSharedSnapshotIsPinnedIfAnyoneAskedForThatAndListsThemAll() {
        var first = service.http().sendAsync(post("{\"reason\":\"first\"}"), HttpResponse.BodyHandlers.ofString());
        var others = List.of(
                "{\"reason\":\"plain\"}",
                "{\"reason\":\"pin\",\"pinned\":true}",
                "{\"reason\":\"last\",\"pinned\":false}");
        // a name of this second is taken, so the first run waits and the others share the next
        var shared = others.stream()
                .map(body -> service.http().sendAsync(post(body), HttpResponse.BodyHandlers.ofString()))
                .toList();
        first.join();
        var records = shared.stream()
                .map(CompletableFuture::join)
                .map(RunningService::json)
                .toList();
        var pinned = records.stream()
                .filter(record -> record.get("requests").toString().contains("\"pin\""))
                .findFirst()
                .orElseThrow();
        assertThat(pinned.get("pinned").asBoolean()).isTrue();
        assertThat(pinned.get("kept_because").toString()).contains("pinned");
        assertThat(records)
                .allSatisfy(record -> assertThat(record.get("pinned").asBoolean())
                        .isEqualTo(record.get("requests").toString().contains("\"pin\"")));
    }

    private static HttpRequest post(String body) {
        return HttpRequest.newBuilder(service.url("/v1/snapshots"))
                .header("Content-Type", "application/json")
                .POST(BodyPublishers.ofString(body))
                .build();
    }

    @Test
    void theListGoesFromPageToPageNewestFirstWhileSnapshotsAreAdded() {
        leaveOneSnapshot();
        var oldest = list().getFirst().get("name").asString();
        var middle = take("{}").get("name").asString();
        var newest = take("{}").get("name").asString();
        var first = RunningService.json(service.get("/v1/snapshots?limit=1"));
        assertThat(names(first)).containsExactly(newest);
        patch(oldest, "{\"pinned\":true}");
        take("{}");
        var second = RunningService.json(service.get("/v1/snapshots?limit=1&cursor="
                + first.get("meta").get("next_cursor").asString()));
        assertThat(names(second)).containsExactly(middle);
        var last = RunningService.json(service.get("/v1/snapshots?limit=200&cursor="
                + second.get("meta").get("next_cursor").asString()));
        assertThat(names(last)).containsExactly(oldest);
        assertThat(last.get("meta").get("next_cursor").isNull()).isTrue();
    }

    private static List<String> names(JsonNode page) {
        return page.get("data")
                .valueStream()
                .map(snapshot -> snapshot.get("name").asString())
                .toList();
    }

    @Test
    void pinningKeepsASnapshotAndSaysSoInTheRecord() {
        leaveOneSnapshot();
        var name = list().getFirst().get("name").asString();
        var pinned = RunningService.json(patch(name, "{\"pinned\":true}"));
        assertThat(pinned.get("pinned").asBoolean()).isTrue();
        assertThat(pinned.get("kept_because").toString()).contains("\"pinned\"");
        assertThat(record(name).toString()).isEqualTo(pinned.toString());
        var unpinned = RunningService.json(patch("latest", "{\"pinned\":false}"));
        assertThat(unpinned.get("name").asString()).isEqualTo(name);
        assertThat(unpinned.get("pinned").asBoolean()).isFalse();
        assertThat(unpinned.get("kept_because").toString())
                .doesNotContain("\"pinned\"")
                .contains("\"latest\"");
    }

    @Test
    void aChangeHasToSayTrueOrFalse() {
        take("{}");
        for (var body : List.of(
                "{}",
                "{\"pinned\":null}",
                "{\"pinned\":\"true\"}",
                "{\"pinned\":1}",
                "{\"pinned\":true,\"name\":\"x\"}",
                "[]",
                "true",
                "null",
                "",
                "{")) {
            assertThat(error(patch("latest", body), 400).get("code").asString())
                    .as(body)
                    .isEqualTo("validation_failed");
        }
        assertThat(error(patch("otherix-20200101T000000Z.db", "{\"pinned\":true}"), 404)
                        .get("code")
                        .asString())
                .isEqualTo("not_found");
    }

    @Test
    void deletingRemovesTheFileAndItsRecordButNeitherTheNewestNorAPinnedOne() {
        leaveOneSnapshot();
        var old = list().getFirst().get("name").asString();
        var refused = error(delete(old), 409);
        assertThat(refused.get("code").asString()).isEqualTo("resource_in_use");
        assertThat(refused.get("message").asString()).contains("newest verified", "POST /v1/snapshots");
        assertThat(error(delete("latest"), 409).get("code").asString()).isEqualTo("resource_in_use");

        take("{}");
        patch(old, "{\"pinned\":true}");
        var pinned = error(delete(old), 409);
        assertThat(pinned.get("code").asString()).isEqualTo("conflict");
        assertThat(pinned.get("message").asString()).contains("unpin");
        assertThat(dir.resolve(old)).exists();

        patch(old, "{\"pinned\":false}");
        var gone = delete(old);
        assertThat(gone.statusCode()).isEqualTo(204);
        assertThat(gone.body()).isEmpty();
        assertThat(dir.resolve(old)).doesNotExist();
        assertThat(dir.resolve(old.replace(".db", ".json"))).doesNotExist();
        assertThat(error(delete(old), 404).get("code").asString()).isEqualTo("not_found");
    }

    @Test
    void onlyAnEarlierLineageIsReleased() {
        var current = take("{}").get("lineage").asString();
        assertThat(error(release("?lineage=" + current), 409).get("code").asString())
                .isEqualTo("conflict");
        for (var query : List.of("", "?lineage=", "?lineage=latest", "?lineage=../x", "?name=" + current)) {
            assertThat(error(release(query), 400).get("code").asString())
                    .as(query)
                    .isEqualTo("validation_failed");
        }
        var none = release("?lineage=otherix-20200101T000000Z.db");
        assertThat(none.statusCode()).isEqualTo(200);
        assertThat(none.body()).isEqualTo("{\"data\":[],\"meta\":{\"next_cursor\":null}}");
    }

    private static HttpResponse<String> release(String query) {
        return service.send(HttpRequest.newBuilder(service.url("/v1/snapshots" + query))
                .DELETE()
                .build());
    }

    @Test
    void tasksAreListedNewestFirst() {
        take("{}");
        take("{}");
        var all = RunningService.json(service.get("/v1/tasks?limit=200"))
                .get("data")
                .valueStream()
                .map(task -> task.get("id"))
                .toList();
        var first = RunningService.json(service.get("/v1/tasks?limit=1"));
        assertThat(first.get("data").get(0).get("id")).isEqualTo(all.getFirst());
        var rest = RunningService.json(service.get("/v1/tasks?limit=200&cursor="
                + first.get("meta").get("next_cursor").asString()));
        assertThat(rest.get("data").valueStream().map(task -> task.get("id")).toList())
                .isEqualTo(all.subList(1, all.size()));
        assertThat(error(service.get("/v1/tasks/5f9a1f2e-0000-4000-8000-000000000000"), 404)
                        .get("code")
                        .asString())
                .isEqualTo("not_found");
    }

    @Test
    void theStatusHasTheFieldsOfTheContract() {
        take("{}");
        Awaitility.await()
                .until(() -> RunningService.json(service.get("/v1/status"))
                        .get("etcd")
                        .get("reachable")
                        .asBoolean());
        var status = RunningService.json(service.get("/v1/status"));
        assertThat(status.propertyNames())
                .containsExactlyInAnyOrder(
                        "enabled",
                        "interval",
                        "dir",
                        "retention",
                        "last_success",
                        "last_attempt",
                        "next_due_at",
                        "next_attempt_at",
                        "overdue",
                        "running",
                        "etcd",
                        "directory",
                        "restorable",
                        "drill",
                        "offsite",
                        "caller");
        assertThat(status.get("drill").propertyNames())
                .containsExactlyInAnyOrder("enabled", "last", "snapshot", "next_due_at", "missing_after", "skipped");
        assertThat(status.get("caller").toString()).isEqualTo("{\"name\":\"admin\",\"scope\":\"admin\"}");
        assertThat(status.get("restorable").propertyNames()).containsExactlyInAnyOrder("since", "until", "holes");
        assertThat(status.get("last_attempt").propertyNames())
                .containsExactlyInAnyOrder("started_at", "trigger", "outcome", "error");
        assertThat(status.get("etcd").propertyNames())
                .containsExactlyInAnyOrder("reachable", "version", "member_id", "role", "db_size_bytes", "alarms");
        assertThat(status.get("directory").propertyNames())
                .containsExactlyInAnyOrder("writable", "free_bytes", "required_bytes", "shared");
        assertThat(status.get("interval").asString()).isEqualTo("6h");
        assertThat(status.get("dir").asString()).isEqualTo(dir.toString());
        assertThat(status.get("last_attempt").get("trigger").asString()).isEqualTo("request");
        assertThat(status.get("last_attempt").get("outcome").asString()).isEqualTo("success");
        assertThat(status.get("etcd").get("version").asString())
                .isEqualTo(etcd.home().version());
        assertThat(status.get("etcd").get("role").asString()).isEqualTo("leader");
        assertThat(status.get("etcd").get("alarms").toString()).isEqualTo("[]");
        assertThat(status.get("directory").get("writable").asBoolean()).isTrue();
        assertThat(status.get("directory").get("free_bytes").asLong()).isPositive();
        assertThat(status.get("directory").get("required_bytes").asLong())
                .isGreaterThan(status.get("etcd").get("db_size_bytes").asLong());
        assertThat(status.get("directory").get("shared").asBoolean()).isFalse();
    }

    @Test
    void probesAnswerInOtherixsShapes() {
        assertThat(RunningService.json(service.get("/healthz")).propertyNames()).containsExactly("status", "version");
        var ready = RunningService.json(service.get("/readyz"));
        assertThat(ready.get("status").asString()).isEqualTo("ok");
        assertThat(ready.get("version").asString()).isNotEqualTo("unknown");
        Awaitility.await()
                .untilAsserted(() -> assertThat(RunningService.json(service.get("/readyz"))
                                .get("checks")
                                .toString())
                        .isEqualTo("{\"etcd\":{\"status\":\"ok\"}}"));
        assertThat(service.send(HttpRequest.newBuilder(service.url("/healthz"))
                                .header("Accept", "text/html")
                                .build())
                        .statusCode())
                .isEqualTo(200);
    }

    @Test
    void theDocumentIsServedAsAFile() throws Exception {
        var answer = service.get("/v1/openapi.json");
        assertThat(answer.statusCode()).isEqualTo(200);
        assertThat(answer.headers().firstValue("Content-Type").orElseThrow()).startsWith("application/json");
        assertThat(answer.body())
                .isEqualTo(
                        Files.readString(Path.of("src/main/resources/static/v1/openapi.json"), StandardCharsets.UTF_8));
        assertThat(service.get("/v3/api-docs").statusCode()).isEqualTo(404);
        assertThat(service.get("/swagger-ui/index.html").statusCode()).isEqualTo(404);
    }
}
