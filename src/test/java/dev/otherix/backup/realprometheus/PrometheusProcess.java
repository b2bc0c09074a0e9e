package dev.otherix.backup.realprometheus;

import static org.awaitility.Awaitility.await;

import dev.otherix.backup.realetcd.HomeCache;
import dev.otherix.backup.realetcd.ReservedPort;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.URI;
import java.net.URLEncoder;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.TimeUnit;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

/**
 * A Prometheus as a process of this machine, on a loopback port of its own, with its data in a directory that
 * {@link #close} removes.
 */
public final class PrometheusProcess implements AutoCloseable {

    private static final JsonMapper JSON = new JsonMapper();

    private final HttpClient http = HttpClient.newHttpClient();
    private final ReservedPort port = ReservedPort.take();
    private final Path workDir;
    private final Process process;
    private final Thread shutdownHook;

    private PrometheusProcess(PrometheusHome home, String configuration) throws IOException {
        this.workDir = Files.createTempDirectory("prometheus-");
        var config = Files.writeString(workDir.resolve("prometheus.yml"), configuration);
        this.process = new ProcessBuilder(
                        home.prometheus().toString(),
                        "--config.file=" + config,
                        "--storage.tsdb.path=" + workDir.resolve("data"),
                        "--web.listen-address=" + port.url("http").substring("http://".length()))
                .redirectErrorStream(true)
                .redirectOutput(log().toFile())
                .start();
        this.shutdownHook = new Thread(process::destroyForcibly);
        Runtime.getRuntime().addShutdownHook(shutdownHook);
    }

    /** Starts one with the text of its configuration file, and waits until it is ready. */
    public static PrometheusProcess start(PrometheusHome home, String configuration) {
        try {
            var started = new PrometheusProcess(home, configuration);
            try {
                await().pollInterval(Duration.ofMillis(100)).until(started::ready);
                return started;
            } catch (RuntimeException notReady) {
                var log = Files.readString(started.log());
                started.close();
                throw new IllegalStateException("Prometheus does not get ready: " + log, notReady);
            }
        } catch (IOException broken) {
            throw new UncheckedIOException("cannot start Prometheus", broken);
        }
    }

    private boolean ready() {
        if (!process.isAlive()) {
            throw new IllegalStateException("it has ended");
        }
        try {
            return get("/-/ready").statusCode() == 200;
        } catch (UncheckedIOException notYet) {
            return false;
        }
    }

    /** What an expression gives now: its samples; fails where Prometheus does not take the expression. */
    public List<JsonNode> query(String expression) {
        return List.copyOf(data("/api/v1/query?query=" + URLEncoder.encode(expression, StandardCharsets.UTF_8))
                .at("/result")
                .values());
    }

    /** All rules, as they went at their last evaluation. */
    public List<JsonNode> rules() {
        return data("/api/v1/rules").at("/groups").values().stream()
                .flatMap(group -> group.at("/rules").values().stream())
                .toList();
    }

    private JsonNode data(String path) {
        var answer = JSON.readTree(get(path).body());
        if (!answer.at("/status").asString().equals("success")) {
            throw new IllegalArgumentException(path + ": " + answer.at("/error").asString());
        }
        return answer.at("/data");
    }

    private HttpResponse<String> get(String path) {
        try {
            return http.send(
                    HttpRequest.newBuilder(URI.create(port.url("http") + path)).build(),
                    HttpResponse.BodyHandlers.ofString());
        } catch (IOException broken) {
            throw new UncheckedIOException(broken);
        } catch (InterruptedException interrupted) {
            Thread.currentThread().interrupt();
            throw new IllegalStateException(interrupted);
        }
    }

    private Path log() {
        return workDir.resolve("prometheus.log");
    }

    @Override
    public void close() {
        process.destroy();
        Runtime.getRuntime().removeShutdownHook(shutdownHook);
        try {
            if (!process.waitFor(10, TimeUnit.SECONDS)) {
                process.destroyForcibly().waitFor();
            }
            HomeCache.deleteTree(workDir);
        } catch (IOException broken) {
            throw new UncheckedIOException(broken);
        } catch (InterruptedException interrupted) {
            Thread.currentThread().interrupt();
        } finally {
            port.close();
            http.close();
        }
    }
}
