package dev.otherix.backup;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import org.springframework.boot.SpringApplication;
import org.springframework.boot.web.server.context.WebServerApplicationContext;
import org.springframework.context.ConfigurableApplicationContext;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

/** The whole service in this process, on a free port, beside whatever member it is given. */
public final class RunningService implements AutoCloseable {

    private static final JsonMapper JSON = new JsonMapper();

    private final ConfigurableApplicationContext context;
    private final HttpClient http = HttpClient.newBuilder().connectTimeout(Duration.ofSeconds(5)).build();

    private RunningService(ConfigurableApplicationContext context) {
        this.context = context;
    }

    /** Starts it with {@code dir} and further settings such as {@code --workers.backup.enabled=true}. */
    public static RunningService start(String clientUrl, Path dir, String... settings) {
        var args = new ArrayList<>(List.of("--etcd.client_url=" + clientUrl, "--workers.backup.dir=" + dir, "--api.listen=127.0.0.1:0"));
        args.addAll(List.of(settings));
        return new RunningService(new SpringApplication(OtherixEtcdBackup.class).run(args.toArray(String[]::new)));
    }

    /** Starts it as it is without {@code workers.backup.dir}. */
    public static RunningService startWithoutDirectory(String clientUrl) {
        return new RunningService(new SpringApplication(OtherixEtcdBackup.class).run("--etcd.client_url=" + clientUrl, "--api.listen=127.0.0.1:0"));
    }

    public <T> T bean(Class<T> type) {
        return context.getBean(type);
    }

    public URI url(String path) {
        int port = ((WebServerApplicationContext) context).getWebServer().getPort();
        return URI.create("http://127.0.0.1:" + port + path);
    }

    public HttpResponse<String> get(String path) {
        return send(HttpRequest.newBuilder(url(path)).build());
    }

    public HttpResponse<String> post(String path, String body) {
        return send(HttpRequest.newBuilder(url(path)).header("Content-Type", "application/json")
                .POST(HttpRequest.BodyPublishers.ofString(body)).build());
    }

    public HttpResponse<String> send(HttpRequest request) {
        try {
            return http.send(request, HttpResponse.BodyHandlers.ofString());
        } catch (IOException broken) {
            throw new UncheckedIOException(broken);
        } catch (InterruptedException interrupted) {
            Thread.currentThread().interrupt();
            throw new IllegalStateException(interrupted);
        }
    }

    /** The HTTP client, for requests that are not waited for. */
    public HttpClient http() {
        return http;
    }

    public static JsonNode json(HttpResponse<String> response) {
        return JSON.readTree(response.body());
    }

    @Override
    public void close() {
        context.close();
        http.close();
    }
}
