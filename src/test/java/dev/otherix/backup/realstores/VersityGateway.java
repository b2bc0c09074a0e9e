package dev.otherix.backup.realstores;

import dev.otherix.backup.realetcd.Command;
import dev.otherix.backup.realetcd.ReservedPort;
import dev.otherix.backup.realetcd.TestCertificates;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.URI;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/**
 * versitygw, which keeps objects as files: strict and modern, with versions, users and policies. The program is named
 * by {@code VERSITYGW}.
 */
public final class VersityGateway implements S3Server {

    private static final String VARIABLE = "VERSITYGW";
    private static final String ACCESS = "owner-of-the-gateway";
    private static final String SECRET = "secret-of-the-owner";

    private final ReservedPort port;
    private final Path directory;
    private final String region;
    private final String scheme;
    private final List<String> line;
    private StoreProcess process;

    private VersityGateway(ReservedPort port, Path directory, String region, String scheme, List<String> line) {
        this.port = port;
        this.directory = directory;
        this.region = region;
        this.scheme = scheme;
        this.line = line;
        this.process = launch();
    }

    /** Why none can be started here; empty if one can. */
    static Optional<String> missing() {
        var program = System.getenv(VARIABLE);
        return program != null && !program.isBlank() && Files.isExecutable(Path.of(program))
                ? Optional.empty()
                : Optional.of("needs versitygw: " + VARIABLE + " does not name the program");
    }

    public static VersityGateway start(String... options) {
        return start("us-east-1", "http", StoreProcess.directory("versitygw"), options);
    }

    /** One that says that its region is another. */
    public static VersityGateway inRegion(String region) {
        return start(region, "http", StoreProcess.directory("versitygw"));
    }

    /** One whose objects lie below this directory, which a file system with a limit may be mounted on. */
    public static VersityGateway on(Path data) {
        return start("us-east-1", "http", made(data.resolve("gateway")));
    }

    /** One that takes TLS only. */
    public static VersityGateway tls(TestCertificates.Pair server) {
        return start(
                "us-east-1",
                "https",
                StoreProcess.directory("versitygw"),
                "--cert",
                server.certificate().toString(),
                "--key",
                server.key().toString());
    }

    private static VersityGateway start(String region, String scheme, Path place, String... options) {
        var port = ReservedPort.take();
        var line = new ArrayList<String>(List.of(
                System.getenv(VARIABLE),
                "--port",
                "127.0.0.1:" + port.number(),
                "--access",
                ACCESS,
                "--secret",
                SECRET,
                "--region",
                region,
                "--iam-dir",
                made(place.resolve("iam")).toString(),
                "--iam-cache-disable",
                "--keep-alive",
                "--quiet"));
        line.addAll(List.of(options));
        line.addAll(List.of(
                "posix",
                "--versioning-dir",
                made(place.resolve("versions")).toString(),
                made(place.resolve("data")).toString()));
        return new VersityGateway(port, place, region, scheme, List.copyOf(line));
    }

    private static Path made(Path directory) {
        try {
            return Files.createDirectories(directory);
        } catch (IOException cause) {
            throw new UncheckedIOException("cannot make " + directory, cause);
        }
    }

    private StoreProcess launch() {
        var started = StoreProcess.start(directory, line);
        started.awaitPort(port.number());
        return started;
    }

    @Override
    public URI endpoint() {
        return URI.create(port.url(scheme));
    }

    @Override
    public String accessKey() {
        return ACCESS;
    }

    @Override
    public String secretKey() {
        return SECRET;
    }

    @Override
    public String region() {
        return region;
    }

    /** The directory in which the objects of a bucket are files, so that a test can change what lies there. */
    public Path files(String bucket) {
        return directory.resolve("data").resolve(bucket);
    }

    /** Makes a bucket as a directory, where no client can. */
    public void makeBucketByHand(String bucket) {
        made(files(bucket));
    }

    /** Makes a user who may do nothing until a policy of a bucket allows it; its secret is its name, reversed. */
    public void user(String name) {
        new Command(
                        List.of(
                                line.getFirst(),
                                "admin",
                                "--access",
                                ACCESS,
                                "--secret",
                                SECRET,
                                "--region",
                                region,
                                "--endpoint-url",
                                endpoint().toString(),
                                "create-user",
                                "--access",
                                name,
                                "--secret",
                                secretOf(name),
                                "--role",
                                "user"),
                        Map.of(),
                        Duration.ofSeconds(30))
                .output();
    }

    public static String secretOf(String user) {
        return new StringBuilder(user).reverse().toString();
    }

    /** Stops it in its tracks (SIGSTOP): connections stay open, nothing answers. */
    public void pause() {
        process.pause();
    }

    /** Lets it go on (SIGCONT). */
    public void resume() {
        process.resume();
    }

    /** Ends it at once (SIGKILL); what it has stored stays. */
    public void kill() {
        process.kill();
    }

    /** Starts it again after {@link #kill()}. */
    public void restart() {
        process = launch();
    }

    @Override
    public void close() {
        process.close();
        port.close();
    }
}
