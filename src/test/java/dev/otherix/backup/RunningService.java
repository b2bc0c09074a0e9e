package dev.otherix.backup;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import org.springframework.boot.SpringApplication;
import org.springframework.boot.web.server.context.WebServerApplicationContext;
import org.springframework.context.ConfigurableApplicationContext;
import org.springframework.util.FileSystemUtils;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

/** The whole service in this process, on a free port, beside whatever member it is given. */
public final class RunningService implements AutoCloseable {

    private static final JsonMapper JSON = new JsonMapper();

    private final ConfigurableApplicationContext context;
    private final Path tokenFile;
    private final HttpClient http;

    private RunningService(Path tokenFile, List<String> args) {
        this.tokenFile = tokenFile;
        this.context = new SpringApplication(OtherixEtcdBackup.class).run(args.toArray(String[]::new));
        var plain =
                HttpClient.newBuilder().connectTimeout(Duration.ofSeconds(5)).build();
        this.http = Files.exists(tokenFile) ? new AuthorizedClient(plain, token()) : plain;
    }

    /** Starts it with {@code dir} and further settings such as {@code --workers.backup.enabled=true}. */
    public static RunningService start(String clientUrl, Path dir, String... settings) {
        var args = new ArrayList<>(
                List.of("--etcd.client_url=" + clientUrl, "--workers.backup.dir=" + dir, "--api.listen=127.0.0.1:0"));
        args.addAll(List.of(settings));
        return start(args);
    }

    /** With the token that it makes for itself; where {@code args} name a tokens file, it makes none. */
    private static RunningService start(List<String> args) {
        try {
            var tokenFile =
                    Files.createTempDirectory("otherix-etcd-backup-token-").resolve("api-token");
            var all = new ArrayList<>(List.of("--api.token_file=" + tokenFile));
            all.addAll(args);
            return new RunningService(tokenFile, all);
        } catch (IOException broken) {
            throw new UncheckedIOException(broken);
        }
    }

    /** Starts it as it is without {@code workers.backup.dir}. */
    public static RunningService startWithoutDirectory(String clientUrl) {
        return start(List.of("--etcd.client_url=" + clientUrl, "--api.listen=127.0.0.1:0"));
    }

    public <T> T bean(Class<T> type) {
        return context.getBean(type);
    }

    public <T> T bean(String name, Class<T> type) {
        return context.getBean(name, type);
    }

    public URI url(String path) {
        var port = ((WebServerApplicationContext) context).getWebServer().getPort();
        return URI.create("http://127.0.0.1:" + port + path);
    }

    public HttpResponse<String> get(String path) {
        return send(HttpRequest.newBuilder(url(path)).build());
    }

    public HttpResponse<String> post(String path, String body) {
        return send(HttpRequest.newBuilder(url(path))
                .header("Content-Type", "application/json")
                .POST(HttpRequest.BodyPublishers.ofString(body))
                .build());
    }

    /** Sends it with this service's own token, unless it brings an {@code Authorization} header. */
    public HttpResponse<String> send(HttpRequest request) {
        return send(http, request);
    }

    /** Sends it as it is, so without a token where it brings none. */
    public HttpResponse<String> sendAsItIs(HttpRequest request) {
        return send(http instanceof AuthorizedClient authorized ? authorized.plain() : http, request);
    }

    private static HttpResponse<String> send(HttpClient http, HttpRequest request) {
        try {
            return whole(Secrets.in(http.send(request, HttpResponse.BodyHandlers.ofString())));
        } catch (IOException broken) {
            throw new UncheckedIOException(broken);
        } catch (InterruptedException interrupted) {
            Thread.currentThread().interrupt();
            throw new IllegalStateException(interrupted);
        }
    }

    /** Every answer has a length: a stop may come before the server ends one that has none. */
    private static HttpResponse<String> whole(HttpResponse<String> answer) {
        if (answer.headers().firstValue("Transfer-Encoding").isPresent()) {
            throw new AssertionError(answer + " came in chunks: " + answer.body());
        }
        return answer;
    }

    /** Where it keeps the token that it made. */
    public Path tokenFile() {
        return tokenFile;
    }

    /** The token that it made at its start. */
    public String token() {
        try {
            return Files.readString(tokenFile).strip();
        } catch (IOException broken) {
            throw new UncheckedIOException(broken);
        }
    }

    /** The header that shows {@link #token()}, with its line end, for requests that are written by hand. */
    public String authorization() {
        return "Authorization: Bearer " + token() + "\r\n";
    }

    /** The HTTP client, for requests that are not waited for; it shows {@link #token()}. */
    public HttpClient http() {
        return http;
    }

    public static JsonNode json(HttpResponse<String> response) {
        return json(response.body());
    }

    public static JsonNode json(String text) {
        return JSON.readTree(text);
    }

    @Override
    public void close() {
        context.close();
        http.close();
        try {
            FileSystemUtils.deleteRecursively(tokenFile.getParent());
        } catch (IOException broken) {
            throw new UncheckedIOException(broken);
        }
    }
}
