package dev.otherix.backup;

import static org.awaitility.Awaitility.await;

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
import java.util.concurrent.CompletableFuture;
import java.util.regex.Pattern;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

/** The packaged jar as a running service, on a free port, with the periodic job on. */
public final class PackagedService implements AutoCloseable {

    private static final Duration LONGEST_START = Duration.ofSeconds(90);
    private static final Pattern READY =
            Pattern.compile("Tomcat started on ports? (\\d+).*Started OtherixEtcdBackup in", Pattern.DOTALL);
    private static final JsonMapper JSON = new JsonMapper();

    private final JarProcess process;
    private final HttpClient http;
    private final int port;

    private PackagedService(JarProcess process, int port) {
        this.process = process;
        this.port = port;
        var plain =
                HttpClient.newBuilder().connectTimeout(Duration.ofSeconds(5)).build();
        this.http = Files.exists(process.tokenFile()) ? new AuthorizedClient(plain, token()) : plain;
    }

    /** Starts it and waits until it is ready; {@code settings} win over what this method sets. */
    public static PackagedService start(String clientUrl, Path dir, String... settings) {
        return whenReady(launch(clientUrl, dir, settings));
    }

    /** Waits until the service that {@code process} starts is ready. */
    static PackagedService whenReady(JarProcess process) {
        try {
            await("ready")
                    .atMost(LONGEST_START)
                    .until(() -> !process.isAlive()
                            || READY.matcher(process.output()).find());
            var ready = READY.matcher(process.output());
            if (!ready.find()) {
                throw new IllegalStateException("did not start:\n" + process.output() + process.errors());
            }
            return new PackagedService(process, Integer.parseInt(ready.group(1)));
        } catch (RuntimeException notReady) {
            process.close();
            throw notReady;
        }
    }

    /** Starts it and waits for nothing. */
    public static JarProcess launch(String clientUrl, Path dir, String... settings) {
        return JarProcess.start(arguments(clientUrl, dir, settings));
    }

    /** As the other, from {@code jar}. */
    static JarProcess launch(UnpackedJar jar, String clientUrl, Path dir, String... settings) {
        return JarProcess.start(jar, arguments(clientUrl, dir, settings));
    }

    /** The command line of a service on a free port, with the periodic job on. */
    static String[] arguments(String clientUrl, Path dir, String... settings) {
        var args = new ArrayList<>(List.of(
                "--etcd.client_url=" + clientUrl,
                "--workers.backup.dir=" + dir,
                "--workers.backup.enabled=true",
                "--api.listen=127.0.0.1:0",
                "--directory.reserve=1MB"));
        args.addAll(List.of(settings));
        return args.toArray(String[]::new);
    }

    /** The names of all files in a snapshot directory, hidden ones included, but without the note of the last run. */
    public static List<String> files(Path dir) {
        try (var entries = Files.list(dir)) {
            return entries.map(entry -> entry.getFileName().toString())
                    .filter(name -> !name.startsWith(".otherix-etcd-backup.state"))
                    .sorted()
                    .toList();
        } catch (IOException cause) {
            throw new UncheckedIOException(cause);
        }
    }

    /** The records in a snapshot directory, oldest first. */
    public static List<JsonNode> records(Path dir) {
        return files(dir).stream()
                .filter(name -> name.matches("otherix-\\d{8}T\\d{6}Z\\.json"))
                .map(name -> JSON.readTree(dir.resolve(name)))
                .toList();
    }

    public JarProcess process() {
        return process;
    }

    /** {@code HOST:PORT} of its API. */
    public String address() {
        return "127.0.0.1:" + port;
    }

    /** The token that it made at its start. */
    public String token() {
        try {
            return Files.readString(process.tokenFile()).strip();
        } catch (IOException cause) {
            throw new UncheckedIOException(cause);
        }
    }

    public HttpResponse<String> get(String path) {
        try {
            return Secrets.in(
                    http.send(HttpRequest.newBuilder(url(path)).build(), HttpResponse.BodyHandlers.ofString()));
        } catch (IOException cause) {
            throw new UncheckedIOException(cause);
        } catch (InterruptedException interrupted) {
            Thread.currentThread().interrupt();
            throw new IllegalStateException(interrupted);
        }
    }

    /** Posts nothing, and does not wait for the answer. */
    public CompletableFuture<HttpResponse<String>> post(String path) {
        return http.sendAsync(
                HttpRequest.newBuilder(url(path))
                        .POST(HttpRequest.BodyPublishers.noBody())
                        .build(),
                HttpResponse.BodyHandlers.ofString());
    }

    public static JsonNode json(HttpResponse<String> response) {
        return JSON.readTree(response.body());
    }

    private URI url(String path) {
        return URI.create("http://" + address() + path);
    }

    /** Ends it at once. */
    @Override
    public void close() {
        process.close();
        http.shutdownNow();
    }
}
