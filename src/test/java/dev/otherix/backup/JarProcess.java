package dev.otherix.backup;

import static org.assertj.core.api.Assertions.assertThat;

import dev.otherix.backup.realetcd.Command;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.TimeUnit;
import java.util.stream.Stream;
import org.springframework.util.FileSystemUtils;

/**
 * One run of the packaged jar as an operator starts it, or of a script that starts it. Sees neither this machine's
 * {@code /etc/otherix} nor settings in this process's environment, and has a token of its own. Dies with this JVM. What
 * it printed is searched for secrets when it is closed.
 */
public final class JarProcess implements AutoCloseable {

    static final Path JAR = Path.of("target", "otherix-etcd-backup.jar").toAbsolutePath();

    private final Path work;
    private final Process process;
    private final Thread dyingWithUs;
    private final boolean printsSecrets;

    private JarProcess(List<String> line, Path work) throws IOException {
        this.work = work;
        this.printsSecrets = line.contains("token");
        var builder = new ProcessBuilder(withSigint(line))
                .directory(work.toFile())
                .redirectOutput(work.resolve("out").toFile())
                .redirectError(work.resolve("err").toFile());
        builder.environment()
                .keySet()
                .removeIf(name -> name.matches("(OTHERIX|SPRING|SERVER|LOGGING|MANAGEMENT)_.*|JAVA_TOOL_OPTIONS"));
        builder.environment().put("OTHERIX_API__TOKEN_FILE", tokenFile().toString());
        this.process = builder.start();
        this.dyingWithUs = new Thread(process::destroyForcibly);
        Runtime.getRuntime().addShutdownHook(dyingWithUs);
    }

    /** A shell starts what runs in its background with SIGINT ignored, and so do all that follow from it. */
    private static List<String> withSigint(List<String> line) {
        return Stream.concat(Stream.of("env", "--default-signal=INT"), line.stream())
                .toList();
    }

    /** Starts the jar with these arguments. */
    public static JarProcess start(String... args) {
        return start(work -> {
            var line = service(java(work), work);
            line.addAll(List.of(args));
            return line;
        });
    }

    /** As {@link #start}, from {@code jar}: ready in half the time, for tests that start it often. */
    static JarProcess start(UnpackedJar jar, String... args) {
        return start(work -> {
            var line = service(jar.started(java(work)), work);
            line.addAll(List.of(args));
            return line;
        });
    }

    /** Starts the jar with these arguments where no file may get larger than {@code mebibytes}. */
    static JarProcess startWithFileLimit(int mebibytes, String... args) {
        return start(work -> {
            // POSIX counts in blocks of 512 bytes
            var line = new ArrayList<>(List.of("sh", "-c", "ulimit -f " + mebibytes * 2048 + " && exec \"$@\"", "sh"));
            line.addAll(service(java(work), work));
            line.addAll(List.of(args));
            return line;
        });
    }

    /** Starts the jar with these arguments where {@code resolvConf} is in the place of /etc/resolv.conf. Needs root. */
    static JarProcess startWithNameServer(Path resolvConf, String... args) {
        return start(work -> {
            var line = new ArrayList<>(List.of(
                    "unshare",
                    "--mount",
                    "sh",
                    "-c",
                    "mount --bind \"$0\" /etc/resolv.conf && exec \"$@\"",
                    resolvConf.toString()));
            line.addAll(service(java(work), work));
            line.addAll(List.of(args));
            return line;
        });
    }

    /** Starts the jar with these arguments, its standard output going to {@code pipe}, which somebody has opened. */
    static JarProcess startWritingTo(Path pipe, String... args) {
        return start(work -> {
            var line = new ArrayList<>(List.of("sh", "-c", "exec \"$@\" > '" + pipe + "'", "sh"));
            line.addAll(service(java(work), work));
            line.addAll(List.of(args));
            return line;
        });
    }

    /**
     * A line to add arguments to; what Tomcat leaves in the directory for temporary files when it is killed is removed
     * with the rest.
     */
    private static List<String> service(List<String> java, Path work) {
        var line = new ArrayList<>(java);
        line.add(1, "-Djava.io.tmpdir=" + work);
        return line;
    }

    /** Starts a shell script that may call the jar as {@code otherix_etcd_backup ARGS}. */
    public static JarProcess script(String script) {
        return start(work -> List.of("sh", "-c", function("otherix_etcd_backup", work) + script));
    }

    /**
     * A shell function of this name that runs the jar; what a configuration would say is looked for under {@code work}.
     */
    static String function(String name, Path work) {
        return name + "() {\n'" + String.join("' '", java(work)) + "' \"$@\"\n}\n";
    }

    private static JarProcess start(Line line) {
        try {
            var work = Files.createTempDirectory("otherix-etcd-backup-jar-");
            return new JarProcess(line.in(work), work);
        } catch (IOException cause) {
            throw new UncheckedIOException("cannot start " + JAR, cause);
        }
    }

    private interface Line {
        List<String> in(Path work);
    }

    /** Quick to start, and small beside other tests. */
    static List<String> java(Path work) {
        return List.of(
                javaProgram(),
                "-XX:TieredStopAtLevel=1",
                "-XX:+UseSerialGC",
                "-Xmx96m",
                "-Dotherix.etc=" + work.resolve("etc"),
                "-jar",
                JAR.toString());
    }

    static String javaProgram() {
        return Path.of(System.getProperty("java.home"), "bin", "java").toString();
    }

    /** Where it keeps its token, if it is a service, or looks for one. */
    public Path tokenFile() {
        return work.resolve("api-token");
    }

    /** The id of the process. */
    long pid() {
        return process.pid();
    }

    public boolean isAlive() {
        return process.isAlive();
    }

    /** What it has printed to standard output so far; the service's log is there. */
    public String output() {
        return read("out");
    }

    /** What it has printed to standard error so far. */
    public String errors() {
        return read("err");
    }

    /** Sends SIGTERM. */
    public void terminate() {
        process.destroy();
    }

    /** Sends SIGINT, as Ctrl-C does. */
    void interrupt() {
        Command.of("kill", "-INT", String.valueOf(process.pid())).output();
    }

    /** Sends SIGKILL and waits until it is gone. */
    public void kill() {
        process.destroyForcibly();
        exitCode(Duration.ofSeconds(10));
    }

    /** Waits for its end and fails where that takes longer. */
    public int exitCode(Duration limit) {
        try {
            assertThat(process.waitFor(limit.toMillis(), TimeUnit.MILLISECONDS))
                    .as(() -> "ended within " + limit + "; it printed:\n" + output() + errors())
                    .isTrue();
            return process.exitValue();
        } catch (InterruptedException interrupted) {
            Thread.currentThread().interrupt();
            throw new IllegalStateException(interrupted);
        }
    }

    private String read(String file) {
        try {
            return Files.readString(work.resolve(file));
        } catch (IOException cause) {
            throw new UncheckedIOException(cause);
        }
    }

    /** Ends it where it still runs, and fails where it has printed a secret. A second time does nothing. */
    @Override
    public void close() {
        if (Files.notExists(work)) {
            return;
        }
        kill();
        Runtime.getRuntime().removeShutdownHook(dyingWithUs);
        var printed = output() + errors();
        try {
            FileSystemUtils.deleteRecursively(work);
        } catch (IOException cause) {
            throw new UncheckedIOException(cause);
        }
        assertThat(printsSecrets ? Optional.empty() : Secrets.find(printed))
                .as("a secret in what the jar printed")
                .isEmpty();
    }
}
