package dev.otherix.backup.api;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import dev.otherix.backup.RunningService;
import dev.otherix.backup.monitoring.MonitoringPort;
import dev.otherix.backup.realetcd.Alone;
import java.io.UncheckedIOException;
import java.net.URI;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/** Clients that ask and do not read. */
@Timeout(180)
@Alone
class SlowReadersIT {

    /** Of one connection: enough that the answers fill what the system keeps for a client that does not read. */
    private static final int REQUESTS = 100;

    /** The API has 200 threads. */
    private static final int MORE_THAN_THREADS = 230;

    @TempDir
    private static Path dir;

    private static RunningService service;
    private static URI monitoring;

    private final List<RawHttp> clients = new ArrayList<>();

    @BeforeAll
    static void start() {
        service = RunningService.start("http://127.0.0.1:1", dir, "--monitoring.listen=127.0.0.1:0");
        monitoring = URI.create("http://127.0.0.1:" + MonitoringPort.of(service).orElseThrow());
    }

    @AfterAll
    static void stop() {
        service.close();
    }

    @AfterEach
    void leave() {
        clients.forEach(RawHttp::reset);
        clients.clear();
    }

    static Stream<URI> listeners() {
        return Stream.of(monitoring, service.url(""));
    }

    @ParameterizedTest
    @MethodSource("listeners")
    void clientsThatDoNotReadMetricsHoldUpNoProbe(URI listener) {
        ask(
                listener,
                listener == monitoring ? 32 : MORE_THAN_THREADS,
                "GET /actuator/prometheus HTTP/1.1\r\nHost: a\r\n\r\n");
        probesAnswer(listener);
    }

    @ParameterizedTest
    @MethodSource("listeners")
    void clientsThatDoNotReadRefusalsHoldUpNoProbe(URI listener) {
        ask(listener, 160, "GET /v1/snapshots HTTP/1.1\r\nHost: a\r\n\r\n");
        probesAnswer(listener);
    }

    @Test
    void tooManyAtATimeAreToldSoAndAnsweredAgainLater() {
        ask(monitoring, 32, "GET /actuator/prometheus HTTP/1.1\r\nHost: a\r\n\r\n");
        await().atMost(Duration.ofMinutes(1))
                .until(() -> get(monitoring, "/actuator/prometheus").statusCode() == 429);
        assertThat(get(monitoring, "/actuator/prometheus").headers().firstValue("Retry-After"))
                .contains("1");
        leave();
        await().atMost(Duration.ofMinutes(1))
                .until(() -> get(monitoring, "/actuator/prometheus").statusCode() == 200);
    }

    /** Opens connections that send {@code request} again and again, as fast as it is taken, and read nothing. */
    private void ask(URI listener, int connections, String request) {
        for (int i = 0; i < connections; i++) {
            var client = RawHttp.connect(listener);
            clients.add(client);
            Thread.ofVirtual().start(() -> {
                try {
                    for (int sent = 0; sent < REQUESTS; sent++) {
                        client.send(request);
                    }
                } catch (UncheckedIOException closed) {
                    // by the service, or by the end of the test
                }
            });
        }
    }

    private static void probesAnswer(URI listener) {
        for (int i = 0; i < 20; i++) {
            for (var path : List.of("/healthz", "/readyz", "/actuator/health/liveness", "/actuator/health/readiness")) {
                assertThat(get(listener, path).statusCode()).as(path).isEqualTo(200);
            }
        }
    }

    private static HttpResponse<String> get(URI listener, String path) {
        return service.sendAsItIs(HttpRequest.newBuilder(listener.resolve(path))
                .timeout(Duration.ofSeconds(5))
                .build());
    }
}
