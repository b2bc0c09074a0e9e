package dev.otherix.backup.config;

import java.nio.file.Path;
import java.util.OptionalInt;
import org.jspecify.annotations.Nullable;

/**
 * A configuration file that stops the start because it cannot be read as one: missing, unreadable, empty, not UTF-8,
 * not YAML. Never quotes the file, which may hold another program's secrets.
 */
public final class UnusableConfigFile extends RuntimeException {

    private final Path file;
    private final @Nullable Integer line;
    private final String problem;
    private final String fix;

    /**
     * @param line where reading stopped, counted from 1; null if the whole file is meant
     * @param problem as the rest of a sentence that begins with the file's name: {@code "is empty"}
     * @param fix what to do, as a sentence
     */
    public UnusableConfigFile(
            Path file, @Nullable Integer line, String problem, String fix, @Nullable Throwable cause) {
        super("the configuration file " + file + " " + problem + (line == null ? "" : " (line " + line + ")"), cause);
        this.file = file;
        this.line = line;
        this.problem = problem;
        this.fix = fix;
    }

    public Path file() {
        return file;
    }

    /** The line where reading stopped, counted from 1; empty if the whole file is meant. */
    public OptionalInt line() {
        return line == null ? OptionalInt.empty() : OptionalInt.of(line);
    }

    public String problem() {
        return problem;
    }

    public String fix() {
        return fix;
    }
}
