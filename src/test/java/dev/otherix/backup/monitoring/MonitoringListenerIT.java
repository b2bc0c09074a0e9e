package dev.otherix.backup.monitoring;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.otherix.backup.RunningService;
import dev.otherix.backup.config.InvalidSetting;
import dev.otherix.backup.config.ListenAddress;
import java.io.IOException;
import java.net.Socket;
import java.net.URI;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class MonitoringListenerIT {

    private static final String NOT_FOUND =
            "{\"error\":{\"code\":\"not_found\",\"message\":\"this listener serves health and metrics only; the API is at api.listen\"}}";

    @TempDir
    private static Path dir;

    private static RunningService service;
    private static int port;

    @BeforeAll
    static void start() {
        service = RunningService.start("http://127.0.0.1:1", dir, "--monitoring.listen=127.0.0.1:0");
        port = MonitoringPort.of(service).orElseThrow();
    }

    @AfterAll
    static void stop() {
        service.close();
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "/healthz",
                "/readyz",
                "/actuator/health",
                "/actuator/health/liveness",
                "/actuator/health/readiness",
                "/actuator/health/backup",
                "/actuator/prometheus",
                "/actuator/prometheus?includedNames=otherix_backup_enabled"
            })
    void anOpenPathAnswersOnBothListeners(String path) {
        assertThat(get(path).statusCode()).isEqualTo(200);
        assertThat(service.get(path).statusCode()).isEqualTo(200);
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "/",
                "/v1/snapshots",
                "/v1/snapshots/latest/content",
                "/v1/status",
                "/v1/openapi.json",
                "/actuator",
                "/actuator/info",
                "/actuator/env",
                "/actuator/health/liveness/livenessState",
                "/actuator/health/db",
                "/error",
                "/healthz/",
                "/HEALTHZ",
                "/v1/snapshots?x=/healthz"
            })
    void allElseIsNotThere(String path) throws IOException {
        assertThat(raw("GET " + path + " HTTP/1.1"))
                .startsWith("HTTP/1.1 404")
                .contains("application/json")
                .endsWith(NOT_FOUND);
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "/healthz;a=b",
                "/;/healthz",
                "//healthz",
                "/./healthz",
                "/healthz/.",
                "/v1/../healthz",
                "/%68ealthz",
                "/healthz/../v1/snapshots",
                "/healthz/..;/v1/snapshots",
                "/healthz;/../v1/snapshots",
                "/healthz/%2e%2e/v1/snapshots",
                "/healthz//../v1/snapshots",
                "/actuator/health/../info",
                "/actuator/health/..;/info",
                "/actuator/health;/../info",
                "/actuator/%69nfo",
                "/actuator/health/%2e%2e/info",
                "//actuator/info",
                "/actuator//info",
                "/actuator/info;/actuator/health"
            })
    void anotherSpellingOfAPathOpensNothing(String path) throws IOException {
        assertThat(raw("GET " + path + " HTTP/1.1")).startsWith("HTTP/1.1 404").endsWith(NOT_FOUND);
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "/healthz%2f..%2fv1/snapshots",
                "/healthz/%5c../v1/snapshots",
                "/healthz%00/v1",
                "/../v1/snapshots",
                "/healthz/..%c0%af/v1",
                "/healthz\\..\\v1",
                "/healthz#/v1",
                "/healthz%"
            })
    void whatTheServerRefusesStaysRefused(String path) throws IOException {
        assertThat(raw("GET " + path + " HTTP/1.1")).startsWith("HTTP/1.1 400");
    }

    @ParameterizedTest
    @CsvSource({
        "POST /v1/snapshots HTTP/1.1",
        "DELETE /v1/snapshots/latest HTTP/1.1",
        "OPTIONS /v1/snapshots HTTP/1.1",
        "GET /actuator/info HTTP/1.0"
    })
    void noOtherFormOfRequestOpensIt(String line) throws IOException {
        assertThat(raw(line)).startsWith("HTTP/1.1 404").endsWith(NOT_FOUND);
    }

    @Test
    void whatTheRequestSaysOfItsPortCountsForNothing() throws IOException {
        var api = service.url("/").getPort();
        assertThat(raw("GET http://127.0.0.1:" + port + "/actuator/info HTTP/1.1"))
                .startsWith("HTTP/1.1 404")
                .endsWith(NOT_FOUND);
        assertThat(raw("GET /actuator/info HTTP/1.1\r\nX-Forwarded-Port: " + api + "\r\nX-Forwarded-Host: 127.0.0.1:"
                        + api + "\r\nForwarded: host=127.0.0.1:" + api))
                .startsWith("HTTP/1.1 404");
        assertThat(answer("GET /actuator/info HTTP/1.1\r\nHost: 127.0.0.1:" + api + "\r\nConnection: close\r\n\r\n"))
                .startsWith("HTTP/1.1 404");
    }

    @Test
    void theSecondRequestOfAConnectionIsCheckedToo() throws IOException {
        var both = answer(
                "GET /actuator/health/liveness HTTP/1.1\r\nHost: x\r\n\r\nGET /actuator/info HTTP/1.1\r\nHost: x\r\n"
                        + "Connection: close\r\n\r\n");

        assertThat(both).startsWith("HTTP/1.1 200").contains("HTTP/1.1 404").endsWith(NOT_FOUND);
    }

    @Test
    void healthHasDetailsOnTheApiOnly() {
        assertThat(RunningService.json(service.get("/actuator/health"))
                        .at("/components/backup/details/reason")
                        .isMissingNode())
                .isFalse();
        assertThat(RunningService.json(get("/actuator/health"))
                        .at("/components/backup")
                        .toString())
                .isEqualTo("{\"status\":\"UNKNOWN\"}");
        assertThat(get("/actuator/health/backup").body()).isEqualTo("{\"status\":\"UNKNOWN\"}");
        assertThat(get("/actuator/health").body()).doesNotContain(dir.toString());
    }

    @Test
    void theApiServesWhatMonitoringDoesNot() {
        var info = service.get("/actuator/info");

        assertThat(info.statusCode()).isEqualTo(200);
        assertThat(RunningService.json(info).at("/build/name").asString()).isEqualTo("otherix-etcd-backup");
        assertThat(service.get("/actuator").statusCode()).isEqualTo(404);
        assertThat(service.get("/actuator/env").statusCode()).isEqualTo(404);
    }

    /** A newer Prometheus asks for versions of the text that are not made here. */
    @ParameterizedTest
    @ValueSource(
            strings = {
                "text/plain;version=1.0.0",
                "text/plain;version=1.0.0;escaping=allow-utf-8;q=0.3",
                "text/html",
                "nonsense",
                "text/plain;version=0.0.4",
                "*/*"
            })
    void metricsAreAnsweredAsTextWhateverAcceptSays(String accept) {
        var request = HttpRequest.newBuilder(URI.create("http://127.0.0.1:" + port + "/actuator/prometheus"))
                .header("Accept", accept);
        var answer = service.send(request.build());
        assertThat(answer.statusCode()).isEqualTo(200);
        assertThat(answer.headers().firstValue("Content-Type")).hasValue("text/plain;version=0.0.4;charset=utf-8");
        assertThat(answer.body()).contains("# TYPE otherix_backup_enabled gauge");
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "application/openmetrics-text;version=0.0.1",
                "application/openmetrics-text;version=1.0.0;escaping=allow-utf-8;q=0.5,application/openmetrics-text;version=0.0.1;q=0.4,"
                        + "text/plain;version=1.0.0;escaping=allow-utf-8;q=0.3,text/plain;version=0.0.4;q=0.2,*/*;q=0.1"
            })
    void metricsAreAnsweredAsOpenMetricsToWhoPrefersThem(String accept) {
        var request = HttpRequest.newBuilder(URI.create("http://127.0.0.1:" + port + "/actuator/prometheus"))
                .header("Accept", accept);
        assertThat(service.send(request.build()).headers().firstValue("Content-Type"))
                .hasValue("application/openmetrics-text;version=1.0.0;charset=utf-8");
    }

    @Test
    void anAddressThatIsTakenStopsTheStartAndIsNamed(@TempDir Path other) {
        assertThatThrownBy(() ->
                        RunningService.start("http://127.0.0.1:1", other, "--monitoring.listen=127.0.0.1:" + port))
                .rootCause()
                .isInstanceOf(InvalidSetting.class)
                .hasMessageContaining(
                        "monitoring.listen = 127.0.0.1:" + port + " cannot be listened on: Address already in use");
    }

    @Test
    void anAddressThatIsTakenIsRefusedBeforeTheApiTakesARequest() {
        assertThatThrownBy(() -> new MonitoringConnector(new ListenAddress("127.0.0.1", port)))
                .isInstanceOf(InvalidSetting.class)
                .hasMessageContaining("monitoring.listen = 127.0.0.1:" + port + " cannot be listened on");
    }

    @Test
    void healthOfWhatBackupKnowsBetterIsNotShown() {
        assertThat(RunningService.json(service.get("/actuator/health"))
                        .at("/components")
                        .propertyNames())
                .containsExactlyInAnyOrder("backup", "livenessState", "readinessState");
    }

    private static HttpResponse<String> get(String path) {
        return service.send(HttpRequest.newBuilder(URI.create("http://127.0.0.1:" + port + path))
                .build());
    }

    private static String raw(String lines) throws IOException {
        return answer(lines + "\r\nHost: 127.0.0.1:" + port + "\r\nConnection: close\r\n\r\n");
    }

    private static String answer(String request) throws IOException {
        try (var socket = new Socket("127.0.0.1", port)) {
            socket.setSoTimeout(20_000);
            socket.getOutputStream().write(request.getBytes(StandardCharsets.ISO_8859_1));
            return new String(socket.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
        }
    }
}
