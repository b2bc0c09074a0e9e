package dev.otherix.backup.benchmark;

import java.io.IOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;
import java.util.regex.Pattern;

/**
 * The packaged jar in a process of its own, with the flags that the README recommends; or, with
 * {@code -Dbenchmark.program=PATH}, the program that {@code src/main/runtime/assemble} made, with the options of image
 * and package.
 */
final class MeasuredService implements AutoCloseable {

    private static final Path JAR = Path.of("target", "otherix-etcd-backup.jar").toAbsolutePath();
    private static final Pattern PORT = Pattern.compile("Tomcat started on port (\\d+)");
    private static final Pattern STARTED =
            Pattern.compile("Started OtherixEtcdBackup in ([\\d.]+) seconds \\(process running for ([\\d.]+)\\)");
    private static final Pattern VERIFY_SUM =
            Pattern.compile("otherix_backup_phase_duration_seconds_sum\\{outcome=\"success\",phase=\"verify\"} (\\S+)");

    private final HttpClient http = HttpClient.newHttpClient();
    private final Process process;
    private final Path log;
    private final int port;

    private MeasuredService(Process process, Path log) throws IOException, InterruptedException {
        this.process = process;
        this.log = log;
        var giveUp = System.nanoTime() + TimeUnit.SECONDS.toNanos(120);
        while (!STARTED.matcher(Files.readString(log)).find()) {
            if (!process.isAlive() || System.nanoTime() > giveUp) {
                throw new IllegalStateException("the service did not start:\n" + Files.readString(log));
            }
            TimeUnit.MILLISECONDS.sleep(50);
        }
        var found = PORT.matcher(Files.readString(log));
        if (!found.find()) {
            throw new IllegalStateException("no port in:\n" + Files.readString(log));
        }
        this.port = Integer.parseInt(found.group(1));
    }

    static MeasuredService start(String clientUrl, Path dir, String... settings)
            throws IOException, InterruptedException {
        return start(List.of(), clientUrl, dir, settings);
    }

    /** As the other, with further {@code flags} of the JVM. */
    static MeasuredService start(List<String> flags, String clientUrl, Path dir, String... settings)
            throws IOException, InterruptedException {
        var log = Files.createTempFile("otherix-etcd-backup-benchmark-", ".log");
        var line = new ArrayList<>(program(flags));
        line.addAll(List.of(
                "--api.listen=127.0.0.1:0",
                "--etcd.client_url=" + clientUrl,
                "--workers.backup.dir=" + dir,
                "--retention.on_demand=1",
                "--api.token_file=" + tokenFile(log)));
        line.addAll(List.of(settings));
        var process = new ProcessBuilder(line)
                .redirectErrorStream(true)
                .redirectOutput(log.toFile())
                .start();
        Runtime.getRuntime().addShutdownHook(new Thread(process::destroyForcibly));
        return new MeasuredService(process, log);
    }

    private static List<String> program(List<String> flags) {
        var assembled = System.getProperty("benchmark.program");
        var ofJava = assembled == null
                ? Path.of(System.getProperty("java.home"))
                : Path.of(assembled).resolveSibling("runtime");
        var line = new ArrayList<>(List.of(ofJava.resolve("bin/java").toString(), "-Dotherix.etc=/nonexistent"));
        line.addAll(flags);
        line.addAll(
                assembled == null
                        ? List.of("-Xmx64m", "-XX:+UseSerialGC", "-jar", JAR.toString())
                        // its last option is -jar
                        : List.of("@" + Path.of(assembled).resolveSibling("java.options"), assembled));
        return line;
    }

    private static Path tokenFile(Path log) {
        return log.resolveSibling(log.getFileName() + ".token");
    }

    /** Asks for a snapshot and waits until it is there. */
    Duration snapshot() throws IOException, InterruptedException {
        var request = HttpRequest.newBuilder(URI.create("http://127.0.0.1:" + port + "/v1/snapshots"))
                .header(
                        "Authorization",
                        "Bearer " + Files.readString(tokenFile(log)).strip())
                .POST(HttpRequest.BodyPublishers.noBody())
                .build();
        var began = System.nanoTime();
        var answer = http.send(request, HttpResponse.BodyHandlers.ofString());
        var took = Duration.ofNanos(System.nanoTime() - began);
        if (answer.statusCode() != 201) {
            throw new IllegalStateException(answer.statusCode() + " " + answer.body());
        }
        return took;
    }

    /** What the verification in all runs so far took. */
    double verifySeconds() throws IOException, InterruptedException {
        var metrics = get("/actuator/prometheus");
        var sum = VERIFY_SUM.matcher(metrics);
        if (!sum.find()) {
            throw new IllegalStateException("no duration of the phase verify in:\n" + metrics);
        }
        return Double.parseDouble(sum.group(1));
    }

    /** Asks for what is at {@code path} and reads all of it. */
    String get(String path) throws IOException, InterruptedException {
        var request = HttpRequest.newBuilder(URI.create("http://127.0.0.1:" + port + path))
                .header(
                        "Authorization",
                        "Bearer " + Files.readString(tokenFile(log)).strip())
                .build();
        var answer = http.send(request, HttpResponse.BodyHandlers.ofString());
        if (answer.statusCode() != 200) {
            throw new IllegalStateException(path + ": " + answer.statusCode() + " " + answer.body());
        }
        return answer.body();
    }

    /** The largest resident memory so far, in MiB, as the kernel counts it. */
    double peakRssMib() throws IOException {
        return kernel("VmHWM") / 1024.0;
    }

    /** A number of the kernel's about the process, such as {@code Threads} or, in KiB, {@code VmRSS}. */
    long kernel(String name) throws IOException {
        for (var row : Files.readAllLines(Path.of("/proc", String.valueOf(pid()), "status"))) {
            if (row.startsWith(name + ":")) {
                return Long.parseLong(row.replaceAll("\\D", ""));
            }
        }
        throw new IllegalStateException("no " + name + "; this needs Linux");
    }

    long pid() {
        return process.pid();
    }

    /** The sum of all Prometheus series that begin so. */
    double metric(String beginning) throws IOException, InterruptedException {
        var request = HttpRequest.newBuilder(URI.create("http://127.0.0.1:" + port + "/actuator/prometheus"))
                .build();
        return http.send(request, HttpResponse.BodyHandlers.ofString())
                .body()
                .lines()
                .filter(line -> line.startsWith(beginning))
                .mapToDouble(line -> Double.parseDouble(line.substring(line.lastIndexOf(' ') + 1)))
                .sum();
    }

    /** From the start of the process until the service was ready, as Spring Boot measured it. */
    Duration startToReady() throws IOException {
        var started = STARTED.matcher(Files.readString(log));
        if (!started.find()) {
            throw new IllegalStateException("not started");
        }
        return Duration.ofMillis(Math.round(Double.parseDouble(started.group(2)) * 1000));
    }

    @Override
    public void close() throws IOException {
        process.destroy();
        try {
            process.waitFor(10, TimeUnit.SECONDS);
        } catch (InterruptedException interrupted) {
            Thread.currentThread().interrupt();
        }
        process.destroyForcibly();
        http.close();
        Files.deleteIfExists(tokenFile(log));
        Files.delete(log);
    }
}
