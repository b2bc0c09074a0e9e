package dev.otherix.backup.config;

import java.nio.file.Path;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/** Text that does not hold the certificate or the key that it should. Never quotes it. */
public final class UnusablePem extends RuntimeException {

    private final @Nullable String command;

    /**
     * @param problem what is wrong, as the rest of a sentence that begins with where the text came from
     * @param command what helps, with {@code %s} for the file; null where nothing but another file does
     */
    UnusablePem(String problem, @Nullable String command, @Nullable Throwable cause) {
        super(problem, cause);
        this.command = command;
    }

    /** What is wrong, as the rest of a sentence. */
    public String problem() {
        return String.valueOf(getMessage());
    }

    /** The command that makes a usable file, or shows what is in this one. */
    Optional<String> command(Path file) {
        return Optional.ofNullable(command).map(line -> line.formatted(file));
    }
}
