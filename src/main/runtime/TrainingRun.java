import java.io.IOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.concurrent.TimeUnit;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * Runs the service once, without an etcd, and lets Java write down what it loaded: {@code java TrainingRun.java DIRECTORY JVM_OPTIONS}
 * makes {@code DIRECTORY/app.aot}. The first snapshot fails for want of a member, which is as good a training.
 */
final class TrainingRun {

    private static final Pattern STARTED = Pattern.compile("Tomcat started on port (\\d+).*Started OtherixEtcdBackup in", Pattern.DOTALL);
    private static final List<String> PATHS = List.of("/healthz", "/readyz", "/actuator/health", "/actuator/prometheus", "/v1/status");

    private TrainingRun() {}

    public static void main(String[] args) throws IOException, InterruptedException {
        Path directory = Path.of(args[0]).toAbsolutePath();
        Path work = Files.createTempDirectory("training-run-");
        Path log = work.resolve("log");
        Process service = new ProcessBuilder(directory.resolve("runtime/bin/java").toString(), "@" + args[1],
                "-XX:AOTCacheOutput=" + directory.resolve("app.aot"), "-Dotherix.etc=" + work,
                "-jar", directory.resolve("otherix-etcd-backup").toString(),
                "--workers.backup.enabled=true", "--workers.backup.dir=" + work.resolve("snapshots"),
                "--api.listen=127.0.0.1:0", "--api.token_file=" + work.resolve("token"), "--etcd.client_url=http://127.0.0.1:1")
                .redirectErrorStream(true).redirectOutput(log.toFile()).start();
        try {
            ask(port(service, log), Files.readString(work.resolve("token")).strip());
            service.destroy();
            // Java writes the file on its way out
            if (!service.waitFor(5, TimeUnit.MINUTES) || Files.notExists(directory.resolve("app.aot"))) {
                throw new IllegalStateException("no app.aot came of:\n" + Files.readString(log));
            }
        } finally {
            service.destroyForcibly();
        }
    }

    private static int port(Process service, Path log) throws IOException, InterruptedException {
        for (int tenths = 0; service.isAlive() && tenths < 3000; tenths++) {
            Matcher started = STARTED.matcher(Files.readString(log));
            if (started.find()) {
                return Integer.parseInt(started.group(1));
            }
            TimeUnit.MILLISECONDS.sleep(100);
        }
        throw new IllegalStateException("did not start:\n" + Files.readString(log));
    }

    private static void ask(int port, String token) throws IOException, InterruptedException {
        try (HttpClient http = HttpClient.newHttpClient()) {
            for (String path : PATHS) {
                http.send(request(port, token, path).build(), HttpResponse.BodyHandlers.discarding());
            }
            http.send(request(port, token, "/v1/snapshots").POST(HttpRequest.BodyPublishers.noBody()).build(),
                    HttpResponse.BodyHandlers.discarding());
        }
    }

    private static HttpRequest.Builder request(int port, String token, String path) {
        return HttpRequest.newBuilder(URI.create("http://127.0.0.1:" + port + path)).header("Authorization", "Bearer " + token);
    }
}
