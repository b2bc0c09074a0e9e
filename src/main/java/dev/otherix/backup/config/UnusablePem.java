package dev.otherix.backup.config;

import java.nio.file.Path;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/** Text without the required certificate or key. Never quotes it. */
public final class UnusablePem extends RuntimeException {

    private final @Nullable String command;

    /**
     * @param problem what is wrong, as the rest of a sentence that begins with the source of the text @param command
     *     the command that helps, with {@code %s} for the file; null if only another file helps
     */
    UnusablePem(String problem, @Nullable String command, @Nullable Throwable cause) {
        super(problem, cause);
        this.command = command;
    }

    /** What is wrong, as the rest of a sentence. */
    public String problem() {
        return String.valueOf(getMessage());
    }

    /** The command that makes a usable file, or shows the content of this one. */
    Optional<String> command(Path file) {
        return Optional.ofNullable(command).map(line -> line.formatted(file));
    }
}
