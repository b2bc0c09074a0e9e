package dev.otherix.backup.realstores;

import dev.otherix.backup.realetcd.Command;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.InetAddress;
import java.net.Socket;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.TimeUnit;
import org.awaitility.Awaitility;
import org.springframework.util.FileSystemUtils;

/** A server as a process of this machine, with a temporary directory that {@link #close} removes. Not thread-safe. */
final class StoreProcess implements AutoCloseable {

    private static final Duration START = Duration.ofSeconds(120);

    private final Path directory;
    private final Path log;
    private final Process process;
    private final Thread hook;

    private StoreProcess(Path directory, Path log, Process process) {
        this.directory = directory;
        this.log = log;
        this.process = process;
        this.hook = new Thread(this::end);
        Runtime.getRuntime().addShutdownHook(hook);
    }

    static Path directory(String name) {
        try {
            return Files.createTempDirectory(name + "-");
        } catch (IOException cause) {
            throw new UncheckedIOException("cannot make a directory for " + name, cause);
        }
    }

    /** Starts it; {@code directory} is removed with it. */
    static StoreProcess start(Path directory, List<String> line) {
        try {
            var log = directory.resolve("log");
            var process = new ProcessBuilder(line)
                    .directory(directory.toFile())
                    .redirectErrorStream(true)
                    .redirectOutput(log.toFile())
                    .start();
            return new StoreProcess(directory, log, process);
        } catch (IOException cause) {
            throw new UncheckedIOException("cannot start " + line, cause);
        }
    }

    /** Waits until it takes connections. */
    void awaitPort(int port) {
        Awaitility.await("port " + port)
                .atMost(START)
                .pollInterval(Duration.ofMillis(20))
                .until(() -> {
                    requireRunning();
                    return connects(port);
                });
    }

    /** Waits until it prints this line. */
    void awaitLine(String line) {
        Awaitility.await(line)
                .atMost(START)
                .pollInterval(Duration.ofMillis(100))
                .until(() -> {
                    requireRunning();
                    return said().lines().anyMatch(line::equals);
                });
    }

    private void requireRunning() {
        if (!process.isAlive()) {
            throw new IllegalStateException("the store ended at its start: " + said());
        }
    }

    private static boolean connects(int port) {
        try (var _ = new Socket(InetAddress.ofLiteral("127.0.0.1"), port)) {
            return true;
        } catch (IOException notYet) {
            return false;
        }
    }

    /** What it has printed. */
    String said() {
        try {
            return Files.readString(log);
        } catch (IOException cause) {
            throw new UncheckedIOException(cause);
        }
    }

    /** Stops it in its tracks (SIGSTOP): connections stay open, nothing answers. */
    void pause() {
        signal("STOP");
    }

    /** Lets it go on (SIGCONT). */
    void resume() {
        signal("CONT");
    }

    private void signal(String name) {
        Command.of("sh", "-c", "kill -" + name + " " + process.pid()).output();
    }

    /** Ends it at once (SIGKILL). */
    void kill() {
        process.destroyForcibly();
        await();
    }

    private void await() {
        try {
            process.waitFor(20, TimeUnit.SECONDS);
        } catch (InterruptedException interrupted) {
            Thread.currentThread().interrupt();
            throw new IllegalStateException(interrupted);
        }
    }

    /** By SIGTERM where it has children to end, which need a moment. */
    private void end() {
        process.destroy();
        try {
            if (!process.waitFor(5, TimeUnit.SECONDS)) {
                process.destroyForcibly().waitFor(10, TimeUnit.SECONDS);
            }
            FileSystemUtils.deleteRecursively(directory);
        } catch (IOException cause) {
            throw new UncheckedIOException("cannot remove " + directory, cause);
        } catch (InterruptedException interrupted) {
            Thread.currentThread().interrupt();
        }
    }

    @Override
    public void close() {
        if (process.isAlive()) {
            resume();
        }
        end();
        Runtime.getRuntime().removeShutdownHook(hook);
    }
}
