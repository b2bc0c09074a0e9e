package dev.otherix.backup.api;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import dev.otherix.backup.RunningService;
import dev.otherix.backup.log.Written;
import java.io.UncheckedIOException;
import java.net.URI;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.Executors;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import org.springframework.boot.test.system.CapturedOutput;
import org.springframework.boot.test.system.OutputCaptureExtension;

/** What the server refuses before the application sees it, and bodies that nobody can wait for. */
@ExtendWith(OutputCaptureExtension.class)
class BrokenRequestsIT {

    private static final String NOWHERE = "http://127.0.0.1:9";
    private static final Duration BETWEEN_BYTES = Duration.ofMillis(300);

    @TempDir
    private static Path dir;

    private static RunningService service;

    @BeforeAll
    static void start() {
        service = RunningService.start(NOWHERE, dir);
    }

    @AfterAll
    static void stop() {
        service.close();
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "GET /v1/snapshots/..%2fsecret HTTP/1.1\r\nHost: a\r\n\r\n",
                "GET /v1/snapshots/..%5csecret HTTP/1.1\r\nHost: a\r\n\r\n",
                "GET /v1/snapshots/%00 HTTP/1.1\r\nHost: a\r\n\r\n",
                "GET /v1/snapshots/%c0%ae HTTP/1.1\r\nHost: a\r\n\r\n",
                "GET /../v1/status HTTP/1.1\r\nHost: a\r\n\r\n",
                "GET /v1/snapshots/{} HTTP/1.1\r\nHost: a\r\n\r\n",
                "GET v1/status HTTP/1.1\r\nHost: a\r\n\r\n",
                "GET http://other/v1/status HTTP/1.1\r\nHost: a\r\n\r\n",
                "GET / HTTP/9.9\r\nHost: a\r\n\r\n",
                "G\u0001T / HTTP/1.1\r\nHost: a\r\n\r\n",
                "GET /healthz HTTP/1.1\r\n\r\n",
                "GET /healthz HTTP/1.1\r\nHost: a b\r\n\r\n",
                "GET /healthz HTTP/1.1\r\nHost: a\r\nHost: b\r\n\r\n",
                "GET /healthz HTTP/1.1\r\nHost: a\r\nBad Header: x\r\n\r\n",
                "GET /healthz HTTP/1.1\r\nHost: a\r\nX: \u0000\r\n\r\n",
                "GET /healthz HTTP/1.1\r\nHost: a\r\nCookie: \u007f=;;\"\r\n\r\n",
                "CONNECT a:1 HTTP/1.1\r\nHost: a:1\r\n\r\n",
                "POST /v1/snapshots HTTP/1.1\r\nHost: a\r\nContent-Length: -1\r\n\r\n",
                "POST /v1/snapshots HTTP/1.1\r\nHost: a\r\nContent-Length: 2\r\nContent-Length: 3\r\n\r\n{}",
                "POST /v1/snapshots HTTP/1.1\r\nHost: a\r\nTransfer-Encoding: gzip\r\n\r\n{}",
                "POST /v1/snapshots HTTP/1.1\r\nHost: a\r\nExpect: 200-maybe\r\nContent-Length: 2\r\n\r\n{}"
            })
    void whatIsNoRequestIsRefusedByItsStatusAlone(String request, CapturedOutput log) {
        try (var http = RawHttp.connect(service.url("/"))) {
            http.send(request);
            assertThat(http.rest())
                    .matches("(?s)HTTP/1\\.1 [45]\\d\\d \r\n.*")
                    .endsWith("\r\n\r\n")
                    .containsIgnoringCase("\r\nContent-Length: 0\r\n")
                    .doesNotContain("Content-Type");
        }
        assertNotLogged(log);
    }

    @Test
    void aBodyThatIsNoHttpLeavesNothingInTheLog(CapturedOutput log) {
        try (var http = RawHttp.connect(service.url("/"))) {
            http.send("POST /v1/snapshots?wait=0 HTTP/1.1\r\nHost: a\r\nConnection: close\r\n" + service.authorization()
                    + "Content-Type: application/json\r\nTransfer-Encoding: chunked\r\n\r\nzz\r\n{}\r\n0\r\n\r\n");
            assertThat(http.rest()).startsWith("HTTP/1.1 400 ").contains("validation_failed");
        }
        assertNotLogged(log);
    }

    private static void assertNotLogged(CapturedOutput log) {
        assertThat(Written.out(log).getAll()).doesNotContain("\tat ", "Exception", "apache.coyote", "api.Errors");
    }

    /** Each sends a byte now and then, so none of them ever stops in the middle of a body. */
    @Test
    void aBodyThatTricklesInHoldsNobodyForLong() {
        var json = "Content-Type: application/json\r\n";
        var some = List.of(
                head("POST /v1/snapshots", service.authorization() + json + "Content-Length: 5000\r\n"),
                head("POST /v1/snapshots", service.authorization() + json + "Transfer-Encoding: chunked\r\n")
                        + "1000\r\n",
                head("POST /v1/snapshots", json + "Content-Length: 5000\r\n"),
                head("POST /healthz", "Content-Type: application/x-www-form-urlencoded\r\nContent-Length: 5000\r\n"),
                head("GET /healthz", "Transfer-Encoding: chunked\r\n") + "1000\r\n",
                head("GET /v1/nothing", "Content-Length: 5000\r\n"));
        try (var threads = Executors.newVirtualThreadPerTaskExecutor()) {
            var clients = some.stream()
                    .map(head -> new Trickle(service.url("/"), head))
                    .toList();
            var answers = clients.stream()
                    .map(client -> CompletableFuture.supplyAsync(client.http::rest, threads))
                    .toList();
            await().atMost(BodyDeadline.LIMIT.plusSeconds(8))
                    .pollInterval(BETWEEN_BYTES)
                    .until(() -> {
                        clients.forEach(Trickle::oneByte);
                        return answers.stream().allMatch(CompletableFuture::isDone);
                    });
            assertThat(answers.stream()
                            .map(answer -> answer.join()
                                    .lines()
                                    .findFirst()
                                    .orElse("none")
                                    .strip()))
                    .containsExactly(
                            "HTTP/1.1 408",
                            "HTTP/1.1 408",
                            "HTTP/1.1 401",
                            "HTTP/1.1 401",
                            "HTTP/1.1 200",
                            "HTTP/1.1 401");
            assertThat(answers.getFirst().join()).contains("the body took longer than 10 s to arrive");
            clients.forEach(client -> client.http.close());
        }
    }

    /** What comes after a body that nobody wanted is the next request. */
    @Test
    void aConnectionGoesOnAfterABodyThatNobodyRead() {
        try (var http = RawHttp.connect(service.url("/"))) {
            http.send(head(
                    "POST /v1/nothing",
                    service.authorization() + "Content-Type: text/plain\r\nContent-Length: 40000\r\n"));
            http.send("x".repeat(40_000)
                    + head(
                            "POST /v1/snapshots",
                            service.authorization() + "Content-Type: text/plain\r\nContent-Length: 2\r\n")
                    + "{}" + head("GET /healthz", "Connection: close\r\n"));
            assertThat(http.rest()
                            .lines()
                            .filter(line -> line.contains("HTTP/1.1 "))
                            .map(line -> line.replaceAll(".*(HTTP/1.1 ...).*", "$1")))
                    .containsExactly("HTTP/1.1 404", "HTTP/1.1 415", "HTTP/1.1 200");
        }
    }

    private static String head(String line, String headers) {
        return line + " HTTP/1.1\r\nHost: a\r\n" + headers + "\r\n";
    }

    /** A client that sends spaces, one at a time. */
    private static final class Trickle {

        private final RawHttp http;
        private boolean ended;

        Trickle(URI service, String head) {
            this.http = RawHttp.connect(service);
            http.send(head);
        }

        void oneByte() {
            try {
                if (!ended) {
                    http.send(" ");
                }
            } catch (UncheckedIOException cutOff) {
                ended = true;
            }
        }
    }
}
