package dev.otherix.backup.realetcd;

import static org.awaitility.Awaitility.await;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import org.springframework.util.FileSystemUtils;

/**
 * A file system that a process serves, as a server in the network does, and whose server can be stopped: then nothing
 * that it is asked returns. Needs root and {@code bindfs}. A shell ends it when this process is gone, or after a while.
 */
public final class FuseDisk implements AutoCloseable {

    private static final String END = """
            timeout 600 cat >/dev/null
            kill -CONT "$1"
            umount --lazy "$0"
            exec kill "$1"
            """;

    private final Path source;
    private final Path directory;
    private final Process server;
    private final Process shell;

    private FuseDisk(Path source, Path directory) throws IOException {
        this.source = source;
        this.directory = directory;
        this.server = new ProcessBuilder("bindfs", "-f", source.toString(), directory.toString())
                .redirectErrorStream(true)
                .redirectOutput(ProcessBuilder.Redirect.DISCARD)
                .start();
        this.shell = new ProcessBuilder("sh", "-c", END, directory.toString(), pid())
                .redirectErrorStream(true)
                .redirectOutput(ProcessBuilder.Redirect.DISCARD)
                .start();
    }

    public static FuseDisk mount() {
        try {
            var disk = new FuseDisk(Files.createTempDirectory("fuse-source-"), Files.createTempDirectory("fuse-disk-"));
            await("mounted").until(() -> !Files.getFileStore(disk.directory).equals(Files.getFileStore(disk.source)));
            return disk;
        } catch (IOException cause) {
            throw new UncheckedIOException("cannot serve a file system", cause);
        }
    }

    /** Where it is mounted. */
    public Path directory() {
        return directory;
    }

    /** Stops its server (SIGSTOP). */
    public void stop() {
        Command.of("kill", "-STOP", pid()).output();
    }

    /** Lets its server go on; one that was not stopped goes on anyway. */
    public void resume() {
        Command.of("kill", "-CONT", pid()).output();
    }

    private String pid() {
        return String.valueOf(server.pid());
    }

    /** Unmounts it; what was in it is gone. */
    @Override
    public void close() {
        try {
            shell.outputWriter().close();
            shell.waitFor();
            server.waitFor();
            FileSystemUtils.deleteRecursively(source);
            Files.delete(directory);
        } catch (IOException cause) {
            throw new UncheckedIOException("cannot remove " + directory, cause);
        } catch (InterruptedException interrupted) {
            Thread.currentThread().interrupt();
            throw new IllegalStateException(interrupted);
        }
    }
}
