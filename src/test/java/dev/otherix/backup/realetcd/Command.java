package dev.otherix.backup.realetcd;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.concurrent.TimeUnit;

/**
 * One run of a program to its end.
 *
 * @param line program and arguments
 * @param environment added to what this process has; variables of etcd and its client are never inherited
 * @param timeout after it the program is killed and the run fails
 */
public record Command(List<String> line, Map<String, String> environment, Duration timeout) {

    /** How a program ended and what it printed. */
    public record Result(int exitCode, String output, String errors) {}

    /** With a minute to end, and nothing added to the environment. */
    public static Command of(String... line) {
        return new Command(List.of(line), Map.of(), Duration.ofMinutes(5));
    }

    /** Runs to the end, whatever the exit code. */
    public Result run() {
        try {
            var output = Files.createTempFile("command", ".out");
            var errors = Files.createTempFile("command", ".err");
            try {
                var exitCode = exitCode(output, errors);
                return new Result(exitCode, Files.readString(output), Files.readString(errors));
            } finally {
                Files.delete(output);
                Files.delete(errors);
            }
        } catch (IOException cause) {
            throw new UncheckedIOException("cannot run " + line, cause);
        }
    }

    /**
     * Runs and demands success.
     *
     * @throws IllegalStateException with the program's last words, when the exit code is not 0
     */
    public String output() {
        var result = run();
        if (result.exitCode() != 0) {
            throw new IllegalStateException(
                    "exit code %d of %s: %s%s".formatted(result.exitCode(), line, result.errors(), result.output()));
        }
        return result.output();
    }

    private int exitCode(Path output, Path errors) throws IOException {
        var builder = new ProcessBuilder(line).redirectOutput(output.toFile()).redirectError(errors.toFile());
        setEnvironment(builder, environment);
        var process = builder.start();
        try {
            if (!process.waitFor(timeout.toMillis(), TimeUnit.MILLISECONDS)) {
                throw new IllegalStateException(
                        "no end after %s of %s: %s".formatted(timeout, line, Files.readString(errors)));
            }
            return process.exitValue();
        } catch (InterruptedException cause) {
            Thread.currentThread().interrupt();
            throw new IllegalStateException("interrupted while waiting for " + line, cause);
        } finally {
            process.destroyForcibly();
        }
    }

    /** Inherits this process's environment without etcd's own variables, which the programs take as flags. */
    static void setEnvironment(ProcessBuilder builder, Map<String, String> added) {
        builder.environment().keySet().removeIf(name -> name.startsWith("ETCD"));
        builder.environment().putAll(added);
    }
}
