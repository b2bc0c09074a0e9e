package dev.otherix.backup.audit;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import dev.otherix.backup.RunningService;
import dev.otherix.backup.access.NewToken;
import dev.otherix.backup.access.Scope;
import dev.otherix.backup.log.Written;
import dev.otherix.backup.realetcd.AnyEtcd;
import dev.otherix.backup.realetcd.EtcdHomes;
import dev.otherix.backup.realetcd.EtcdProcess;
import dev.otherix.backup.realetcd.NeedsEtcd;
import dev.otherix.backup.realetcd.OtherixKeyspace;
import dev.otherix.backup.realetcd.PrivateFile;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.Socket;
import java.net.http.HttpRequest;
import java.net.http.HttpRequest.BodyPublishers;
import java.net.http.HttpResponse;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.Arrays;
import java.util.List;
import java.util.function.Predicate;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.api.io.TempDir;
import org.springframework.boot.test.system.CapturedOutput;
import org.springframework.boot.test.system.OutputCaptureExtension;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

/** What the audit log holds of what really happens. */
@NeedsEtcd
@AnyEtcd
@ExtendWith(OutputCaptureExtension.class)
class AuditIT {

    private static final JsonMapper JSON = new JsonMapper();
    private static final NewToken DEPLOY = NewToken.make("deploy", Scope.OPERATE, null);
    private static final NewToken ROOT = NewToken.make("root", Scope.ADMIN, null);

    @TempDir
    private static Path temporary;

    private static EtcdProcess etcd;
    private static RunningService service;

    @BeforeAll
    static void start() throws IOException {
        etcd = EtcdProcess.start(EtcdHomes.first());
        // more than the buffers of both ends of a connection hold
        OtherixKeyspace.fill(etcd.clientUrl(), 24 << 20, 8192);
        var tokens = PrivateFile.write(temporary.resolve("tokens.yaml"), "tokens:\n" + DEPLOY.entry() + ROOT.entry());
        service = RunningService.start(
                etcd.clientUrl(),
                temporary.resolve("snapshots"),
                "--retention.on_demand=1",
                "--api.tokens_file=" + tokens,
                "--server.tomcat.connection-timeout=2s",
                "--server.tomcat.keep-alive-timeout=20s",
                "--audit.file=" + temporary.resolve("audit/audit.log"));
    }

    @AfterAll
    static void stop() {
        service.close();
        etcd.close();
    }

    private static Path file() {
        return temporary.resolve("audit/audit.log");
    }

    private static List<JsonNode> lines() {
        try {
            return Files.readAllLines(file()).stream().map(JSON::readTree).toList();
        } catch (IOException broken) {
            throw new UncheckedIOException(broken);
        }
    }

    /** The line is written when the answer has left, so a moment after it came. */
    private static JsonNode line(Predicate<JsonNode> which) {
        await().until(() -> lines().stream().anyMatch(which));
        return lines().stream().filter(which).toList().getLast();
    }

    private static JsonNode lineOf(String requestId) {
        return line(one -> one.path("request_id").asString("").equals(requestId));
    }

    private static HttpResponse<String> ask(NewToken token, String method, String path, String requestId, String body) {
        return service.sendAsItIs(HttpRequest.newBuilder(service.url(path))
                .header("Authorization", "Bearer " + token.text())
                .header("Content-Type", "application/json")
                .header("X-Request-ID", requestId)
                .method(method, body.isEmpty() ? BodyPublishers.noBody() : BodyPublishers.ofString(body))
                .build());
    }

    @Test
    void whoTookChangedAndDeletedASnapshotAndWhatRetentionRemovedIsWrittenDown() {
        var taken = ask(DEPLOY, "POST", "/v1/snapshots", "take-1", "{\"reason\":\"s3cret reason\",\"pinned\":true}");
        assertThat(taken.statusCode()).as(taken.body()).isEqualTo(201);
        var record = RunningService.json(taken);
        var name = record.get("name").asString();
        assertThat(record.at("/requests/0/by").asString()).isEqualTo("deploy");
        assertThat(record.at("/requests/0/request_id").asString()).isEqualTo("take-1");
        var line = lineOf("take-1");
        assertThat(line.propertyNames())
                .containsExactly(
                        "log",
                        "at",
                        "event",
                        "by",
                        "scope",
                        "from",
                        "request_id",
                        "method",
                        "path",
                        "snapshot",
                        "status",
                        "outcome");
        assertThat(line.get("log").asString()).isEqualTo("audit");
        assertThat(line.get("at").asString()).matches("\\d{4}-\\d\\d-\\d\\dT[\\d:.]+Z");
        assertThat(texts(line, "event", "by", "scope", "from", "method", "path", "snapshot", "status", "outcome"))
                .containsExactly(
                        "change", "deploy", "operate", "127.0.0.1", "POST", "/v1/snapshots", name, "201", "done");

        ask(DEPLOY, "PATCH", "/v1/snapshots/" + name, "unpin", "{\"pinned\":false}");
        assertThat(texts(lineOf("unpin"), "by", "method", "snapshot", "outcome"))
                .containsExactly("deploy", "PATCH", name, "done");

        ask(DEPLOY, "POST", "/v1/snapshots/latest/verify", "verify", "");
        assertThat(texts(lineOf("verify"), "path", "snapshot", "outcome"))
                .containsExactly("/v1/snapshots/latest/verify", name, "done");

        assertThat(ask(ROOT, "DELETE", "/v1/snapshots/latest", "delete", "").statusCode())
                .isEqualTo(409);
        assertThat(texts(lineOf("delete"), "by", "snapshot", "status", "outcome"))
                .containsExactly("root", name, "409", "failed");

        ask(DEPLOY, "POST", "/v1/snapshots", "take-2", "");
        var pruned = line(one -> one.get("event").asString().equals("prune")
                && one.get("snapshots").toString().contains(name));
        assertThat(pruned.get("snapshots").toString()).isEqualTo("[\"" + name + "\"]");
        assertThat(texts(pruned, "by", "trigger", "outcome")).containsExactly("retention", "request", "done");

        assertThat(ask(DEPLOY, "GET", "/v1/snapshots", "look", "").statusCode()).isEqualTo(200);
        assertThat(lines())
                .as("looking changes nothing")
                .noneMatch(one -> one.path("request_id").asString("").equals("look"));
    }

    @Test
    void whoWasRefusedIsWrittenDownWithTheReason() {
        assertThat(ask(DEPLOY, "GET", "/v1/snapshots/latest/content", "too-little", "")
                        .statusCode())
                .isEqualTo(403);
        assertThat(texts(lineOf("too-little"), "event", "by", "path", "outcome", "reason"))
                .containsExactly(
                        "refused", "deploy", "/v1/snapshots/latest/content", "permission_denied", "needs scope admin");
        var unknown = NewToken.make("unknown", Scope.ADMIN, null);
        assertThat(ask(unknown, "POST", "/v1/snapshots?token=" + unknown.text(), "unknown", "")
                        .statusCode())
                .isEqualTo(401);
        assertThat(lineOf("unknown").get("by").isNull()).isTrue();
        assertThat(texts(lineOf("unknown"), "event", "path", "outcome", "reason"))
                .containsExactly("refused", "/v1/snapshots", "unauthenticated", "the token is not known");
    }

    @Test
    void aDownloadIsWrittenDownWithWhatOfItWasSent() throws IOException {
        var record = RunningService.json(ask(DEPLOY, "POST", "/v1/snapshots", "to-download", "{\"pinned\":true}"));
        var name = record.get("name").asString();
        var size = record.get("size_bytes").asLong();
        var path = "/v1/snapshots/" + name + "/content";
        var part = HttpRequest.newBuilder(service.url(path))
                .header("Authorization", "Bearer " + ROOT.text())
                .header("X-Request-ID", "part")
                .header("Range", "bytes=100-1099")
                .build();
        assertThat(service.sendAsItIs(part).statusCode()).isEqualTo(206);
        assertThat(texts(
                        lineOf("part"),
                        "event",
                        "by",
                        "snapshot",
                        "sha256",
                        "range",
                        "bytes_sent",
                        "status",
                        "outcome"))
                .containsExactly(
                        "download",
                        "root",
                        name,
                        record.get("sha256").asString(),
                        "100-1099/" + size,
                        "1000",
                        "206",
                        "completed");

        JsonNode broken;
        try (var socket = new Socket("127.0.0.1", service.url("/").getPort())) {
            socket.setReceiveBufferSize(16 << 10);
            socket.getOutputStream()
                    .write(("GET " + path + " HTTP/1.1\r\nHost: x\r\nX-Request-ID: broken\r\nAuthorization: Bearer "
                                    + ROOT.text()
                                    + "\r\n\r\n")
                            .getBytes(StandardCharsets.US_ASCII));
            assertThat(socket.getInputStream().readNBytes(1000)).hasSize(1000);

            // who takes no more is cut off, and keeps no thread
            broken = lineOf("broken");
        }
        assertThat(texts(broken, "event", "range", "outcome"))
                .containsExactly("download", "0-" + (size - 1) + "/" + size, "broken_off");
        assertThat(broken.get("bytes_sent").asLong()).isBetween(1000L, size - 1);
    }

    @Test
    void theFileIsItsOwnersAndHoldsNoSecret(CapturedOutput output) throws IOException {
        ask(DEPLOY, "POST", "/v1/snapshots", "secrets", "{\"reason\":\"s3cret reason\"}");
        lineOf("secrets");
        assertThat(PosixFilePermissions.toString(Files.getPosixFilePermissions(file())))
                .isEqualTo("rw-------");
        assertThat(Files.readString(file())).doesNotContain(DEPLOY.text(), ROOT.text(), "s3cret", "oeb_");
        assertThat(Written.out(output)).doesNotContain("\"log\":\"audit\"");
    }

    @Test
    void withoutAFileTheLinesGoToStandardOutputWhateverTheLogLooksLike(CapturedOutput output, @TempDir Path dir) {
        try (var plain = RunningService.start(
                "http://127.0.0.1:9", dir, "--logging.level.root=off", "--logging.structured.format.console=ecs")) {
            plain.sendAsItIs(HttpRequest.newBuilder(plain.url("/v1/status?x=1"))
                    .header("X-Request-ID", "to-stdout")
                    .build());
            await().until(() -> Written.out(output).getOut().contains("\"to-stdout\""));
        }
        var line = Written.out(output)
                .getOut()
                .lines()
                .filter(one -> one.contains("\"to-stdout\""))
                .findFirst()
                .orElseThrow();
        assertThat(texts(JSON.readTree(line), "log", "event", "path", "reason"))
                .containsExactly("audit", "refused", "/v1/status", "no token");
    }

    private static List<String> texts(JsonNode line, String... fields) {
        return Arrays.stream(fields)
                .map(field -> line.path(field).asString("null"))
                .toList();
    }
}
