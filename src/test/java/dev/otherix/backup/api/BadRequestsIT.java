package dev.otherix.backup.api;

import static org.assertj.core.api.Assertions.assertThat;

import dev.otherix.backup.RunningService;
import java.io.ByteArrayInputStream;
import java.net.http.HttpRequest;
import java.net.http.HttpRequest.BodyPublishers;
import java.net.http.HttpResponse;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/**
 * Requests that mean no good, or are just wrong: each gets the envelope, and none a path outside the directory. No etcd
 * is needed.
 */
class BadRequestsIT {

    private static final String NOWHERE = "http://127.0.0.1:9";
    private static RunningService service;

    @TempDir
    private static Path parent;

    @BeforeAll
    static void start() throws Exception {
        Files.writeString(parent.resolve("secret.db"), "secret");
        Files.createDirectory(parent.resolve("snapshots"));
        Files.createSymbolicLink(parent.resolve("snapshots/otherix-20200101T000000Z.db"), parent.resolve("secret.db"));
        service = RunningService.start(NOWHERE, parent.resolve("snapshots"));
    }

    @AfterAll
    static void stop() {
        service.close();
    }

    private static void assertEnvelope(HttpResponse<String> answer, int status, String code) {
        assertThat(answer.statusCode()).as(answer.body()).isEqualTo(status);
        assertThat(answer.headers().firstValue("Content-Type")).contains("application/json");
        assertThat(answer.headers().firstValue("X-Request-ID")).isPresent();
        assertThat(answer.headers().firstValueAsLong("Content-Length"))
                .hasValue(answer.body().getBytes(StandardCharsets.UTF_8).length);
        var error = RunningService.json(answer).get("error");
        assertThat(error.get("code").asString()).isEqualTo(code);
        assertThat(error.get("message").asString())
                .isNotBlank()
                .doesNotContain("java", "tools.jackson", "springframework", "Exception");
    }

    private static HttpResponse<String> send(String method, String path, String... headers) {
        var request = HttpRequest.newBuilder(service.url(path)).method(method, BodyPublishers.noBody());
        return service.send((headers.length == 0 ? request : request.headers(headers)).build());
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "/v1/snapshots/secret.db",
                "/v1/snapshots/otherix-20200101T000000Z.db",
                "/v1/snapshots/otherix-20200101T000000Z.db/content",
                "/v1/snapshots/OTHERIX-20200101T000000Z.DB",
                "/v1/snapshots/otherix-20201301T000000Z.db",
                "/v1/snapshots/otherix-20200101T000000Z.db.tmp",
                "/v1/snapshots/.otherix-etcd-backup.lock",
                "/v1/snapshots/otherix-20200101T000000Z.json",
                "/v1/snapshots/LATEST",
                "/v1/snapshots/latest",
                "/v1/snapshots/%20",
                "/v1/snapshots/%E2%80%AEtxet",
                "/v1/snapshots/*",
                "/v1/tasks/x",
                "/v1",
                "/",
                "/nothing",
                "/error",
                "/v1/snapshots/",
                "/index.html",
                "/static/v1/openapi.json",
                "/favicon.ico"
            })
    void whatIsNoSnapshotIsNotFound(String path) {
        assertEnvelope(send("GET", path), 404, "not_found");
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "/v1/snapshots/%2e%2e",
                "/v1/snapshots/latest%0d%0aSet-Cookie:x",
                "/v1/snapshots/a;name=b",
                "/v1/tasks/%2e%2e",
                "/v1/../v1/nothing"
            })
    void aPathThatCanBeReadInTwoWaysIsRefused(String path) {
        assertEnvelope(send("GET", path), 400, "validation_failed");
    }

    @Test
    void aVeryLongNameIsNotFound() {
        assertEnvelope(send("GET", "/v1/snapshots/" + "a".repeat(5000)), 404, "not_found");
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "/v1/snapshots/..%2fsecret.db/content",
                "/v1/snapshots/%2e%2e%2fsecret.db/content",
                "/v1/snapshots/../../secret.db/content",
                "/v1/snapshots/..%5csecret.db",
                "/v1/snapshots/%00",
                "/v1/snapshots/a%00.db",
                "/v1/snapshots/..%252fsecret.db",
                "/v1/snapshots/%c0%ae%c0%ae",
                "/v1/snapshots/\u00ff",
                "/v1/snapshots/%zz",
                "/v1/snapshots/a b",
                "/v1/snapshots/{}|",
                "/../../etc/passwd",
                "//v1/snapshots/latest",
                "/v1//snapshots/latest",
                "http://other/v1/snapshots/x",
                "*",
                "/..;/actuator/env",
                "/%2e%2e/%2e%2e/etc/passwd"
            })
    void whatNoClientSendsIsRefusedWithoutATrace(String target) {
        var answer = RawHttp.exchange(service.url("/"), "GET " + target + " HTTP/1.1", service.authorization());
        assertThat(answer).matches("(?s)HTTP/1\\.1 (400|404) .*");
        assertSaysNothing(answer);
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "GET",
                "GET /",
                "\u0016\u0003\u0001",
                "GET / HTTP/9.9",
                "G\u0001T / HTTP/1.1",
                "GET /healthz HTTP/1.1\r\nHost: a\r\nHost: b"
            })
    void whatIsNoHttpGetsABareRefusal(String line) {
        assertSaysNothing(RawHttp.exchange(service.url("/"), line));
    }

    @Test
    void aHeadThatIsTooLargeGetsABareRefusal() {
        var answer = RawHttp.exchange(service.url("/"), "GET /" + "a".repeat(50_000) + " HTTP/1.1");
        assertThat(answer).startsWith("HTTP/1.1 4");
        assertSaysNothing(answer);
    }

    private static void assertSaysNothing(String answer) {
        assertThat(answer)
                .doesNotContainIgnoringCase(
                        "tomcat", "\nserver:", "apache", "exception", "\tat ", "secret", "whitelabel", "<html");
    }

    @ParameterizedTest
    @CsvSource({
        "PUT,/v1/snapshots,'GET, POST, DELETE'",
        "DELETE,/v1/snapshots/x/verify,POST",
        "DELETE,/v1/snapshots/x/copy,POST",
        "POST,/v1/snapshots/latest,'GET, DELETE, PATCH'",
        "POST,/v1/status,GET",
        "DELETE,/v1/tasks/x,GET",
        "POST,/healthz,GET",
        "POST,/v1/openapi.json,'GET, HEAD'",
        "FOO,/v1/status,GET"
    })
    void aWrongMethodIsToldTheRightOnes(String method, String path, String allowed) {
        var answer = send(method, path);
        assertEnvelope(answer, 405, "method_not_allowed");
        assertThat(List.of(answer.headers().firstValue("Allow").orElseThrow().split(", ?")))
                .containsExactlyInAnyOrder(allowed.split(", "));
    }

    @Test
    void traceIsRefused() {
        assertEnvelope(send("TRACE", "/v1/status"), 405, "method_not_allowed");
    }

    @Test
    void whatCannotBeAnsweredAsAskedIs406AndTakesNoSnapshot() {
        assertEnvelope(send("GET", "/v1/status", "Accept", "text/html"), 406, "validation_failed");
        assertEnvelope(send("POST", "/v1/snapshots", "Accept", "application/xml"), 406, "validation_failed");
        assertEnvelope(send("GET", "/v1/status", "Accept", "nonsense"), 406, "validation_failed");
        assertThat(RunningService.json(service.get("/v1/tasks")).get("data")).isEmpty();
    }

    @ParameterizedTest
    @ValueSource(strings = {"0", "201", "-1", "x", "", "1.5", "99999999999", "5&limit=6"})
    void aWrongLimitIsNamed(String limit) {
        for (var list : List.of("/v1/snapshots", "/v1/tasks")) {
            var answer = service.get(list + "?limit=" + limit);
            assertEnvelope(answer, 400, "validation_failed");
            assertThat(RunningService.json(answer).get("error").get("message").asString())
                    .startsWith("limit ");
        }
    }

    @ParameterizedTest
    @ValueSource(strings = {"", "x", "====", "Li4vLi4", "%00", "b3RoZXJpeC0yMDIwMTMwMVQwMDAwMDBaLmRi"})
    void aWrongCursorIsNamed(String cursor) {
        for (var list : List.of("/v1/snapshots", "/v1/tasks")) {
            var answer = service.get(list + "?cursor=" + cursor);
            assertEnvelope(answer, 400, "validation_failed");
            assertThat(RunningService.json(answer)
                            .get("error")
                            .get("details")
                            .get("field")
                            .asString())
                    .isEqualTo("cursor");
        }
    }

    @ParameterizedTest
    @ValueSource(strings = {"", "10", "-1s", "61m", "1h1ns", "x", "5d", "1s&wait=2s"})
    void aWrongWaitIsNamedAndTakesNoSnapshot(String wait) {
        var answer = service.post("/v1/snapshots?wait=" + wait, "{}");
        assertEnvelope(answer, 400, "validation_failed");
        assertThat(RunningService.json(answer).get("error").get("message").asString())
                .startsWith("wait ");
        assertThat(RunningService.json(service.get("/v1/tasks")).get("data")).isEmpty();
    }

    @Test
    void parametersThatMeanNothingHereAreIgnored() {
        assertThat(service.get("/v1/snapshots?colour=red").statusCode()).isEqualTo(200);
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "{",
                "[]",
                "7",
                "\"x\"",
                "{\"x\":1}",
                "{\"reason\":5}",
                "{\"reason\":true}",
                "{\"reason\":{}}",
                "{\"reason\":[\"a\"]}",
                "{\"pinned\":\"true\"}",
                "{\"pinned\":1}",
                "{\"pinned\":\"\"}",
                "{\"consistency\":\"strong\"}",
                "{\"consistency\":0}",
                "{\"reason\":\"a\",\"reason\":\"b\"}",
                "{} {}",
                "{}x",
                "{'reason':'a'}",
                "{\"Reason\":\"a\"}",
                "<a/>",
                "\u0000",
                "NaN"
            })
    void aBodyThatIsWrongTakesNoSnapshot(String body) {
        assertEnvelope(service.post("/v1/snapshots?wait=0", body), 400, "validation_failed");
        assertThat(RunningService.json(service.get("/v1/tasks")).get("data")).isEmpty();
    }

    @ParameterizedTest
    @CsvSource(delimiter = '|', quoteCharacter = '~', textBlock = """
            {}                                                                 | undone_revision must be the revision
            {"undone_revision":0,"revision":9,"puts":1,"deletes":0}            | undone_revision must be the revision
            {"undone_revision":"8","revision":9,"puts":1,"deletes":0}          | undone_revision has a value of the wrong type
            {"undone_revision":8.5,"revision":9,"puts":1,"deletes":0}          | undone_revision has a value of the wrong type
            {"undone_revision":8,"revision":8,"puts":1,"deletes":0}            | revision must be above undone_revision
            {"undone_revision":8,"revision":9,"deletes":0}                     | puts must be a number of keys
            {"undone_revision":8,"revision":9,"puts":1}                        | deletes must be a number of keys
            {"undone_revision":8,"revision":9,"puts":-1,"deletes":2}           | puts must be a number of keys
            {"undone_revision":8,"revision":9,"puts":0,"deletes":0}            | deletes must be 1 or more where puts is 0
            {"undone_revision":8,"revision":9,"puts":1,"deletes":0,"key":"/a"} | key is not a field of this body
            """)
    void aReportOfAnUndoThatIsWrongNamesTheField(String body, String message) {
        var answer = service.post("/v1/audit/undo", body);
        assertEnvelope(answer, 400, "validation_failed");
        assertThat(RunningService.json(answer).at("/error/message").asString()).startsWith(message);
    }

    @Test
    void theMessageNamesTheFieldThatIsWrong() {
        assertThat(RunningService.json(service.post("/v1/snapshots", "{\"colour\":1}"))
                        .get("error")
                        .toString())
                .isEqualTo("{\"code\":\"validation_failed\",\"message\":\"colour is not a field of this "
                        + "body\",\"details\":{\"field\":\"colour\"}}");
        assertThat(RunningService.json(service.post("/v1/snapshots", "{\"reason\":\"" + "\u00e9".repeat(201) + "\"}"))
                        .get("error")
                        .get("message")
                        .asString())
                .isEqualTo("reason is longer than 200 characters");
        assertThat(RunningService.json(service.post("/v1/snapshots", "{\n \"pinned\": yes}"))
                        .get("error")
                        .get("message")
                        .asString())
                .startsWith("the body is not valid JSON, at line 2");
    }

    @Test
    void aDeeplyNestedBodyIsRefused() {
        assertEnvelope(service.post("/v1/snapshots", "[".repeat(30_000)), 400, "validation_failed");
        assertEnvelope(service.post("/v1/snapshots", "{\"reason\":".repeat(5_000)), 400, "validation_failed");
    }

    @Test
    void aBodyOverTheLimitIs413WhetherItsLengthIsAnnouncedOrNot() {
        var large = "{\"reason\":\"" + "x".repeat(BodyLimit.BYTES) + "\"}";
        assertEnvelope(service.post("/v1/snapshots", large), 413, "validation_failed");
        var chunked = HttpRequest.newBuilder(service.url("/v1/snapshots"))
                .header("Content-Type", "application/json")
                .POST(BodyPublishers.ofInputStream(
                        () -> new ByteArrayInputStream(large.getBytes(StandardCharsets.UTF_8))))
                .build();
        assertEnvelope(service.send(chunked), 413, "validation_failed");
        var spaces = HttpRequest.newBuilder(service.url("/v1/snapshots"))
                .header("Content-Type", "application/json")
                .POST(BodyPublishers.ofInputStream(() ->
                        new ByteArrayInputStream(" ".repeat(BodyLimit.BYTES + 1).getBytes(StandardCharsets.UTF_8))))
                .build();
        assertEnvelope(service.send(spaces), 413, "validation_failed");
        assertThat(RunningService.json(service.get("/v1/tasks")).get("data")).isEmpty();
    }

    @Test
    void aBodyThatIsNotAnnouncedAsJsonIs415() {
        for (var type : List.of(
                "text/plain",
                "application/x-www-form-urlencoded",
                "multipart/form-data; boundary=x",
                "application/yaml",
                "nonsense")) {
            var request = HttpRequest.newBuilder(service.url("/v1/snapshots?wait=0"))
                    .header("Content-Type", type)
                    .POST(BodyPublishers.ofString("{}"))
                    .build();
            assertEnvelope(service.send(request), 415, "validation_failed");
        }
        assertEnvelope(
                service.send(HttpRequest.newBuilder(service.url("/v1/snapshots"))
                        .POST(BodyPublishers.ofString("{}"))
                        .build()),
                415,
                "validation_failed");
    }

    @Test
    void aRequestsIdIsTakenWhereItIsVisibleAsciiElseMade() {
        assertThat(id("deploy-42/a")).isEqualTo("deploy-42/a");
        assertThat(id("x".repeat(128))).isEqualTo("x".repeat(128));
        for (var bad : List.of("x".repeat(129), "a b", "a\tb", "\u00e9")) {
            assertThat(id(bad)).as(bad).isNotEqualTo(bad).matches("[0-9a-f-]{36}");
        }
        assertThat(send("GET", "/nothing", "X-Request-ID", "mine").headers().firstValue("X-Request-ID"))
                .contains("mine");
    }

    private static String id(String given) {
        var answer = RawHttp.exchange(service.url("/"), "GET /healthz HTTP/1.1", "X-Request-ID: " + given + "\r\n");
        return answer.lines()
                .filter(line -> line.startsWith("X-Request-ID: "))
                .findFirst()
                .orElseThrow()
                .substring("X-Request-ID: ".length());
    }
}
