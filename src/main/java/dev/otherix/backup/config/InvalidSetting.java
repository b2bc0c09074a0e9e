package dev.otherix.backup.config;

import java.nio.file.Path;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * A setting that stops the start: a value that breaks a rule, or a key that does not exist. Shows everything that the
 * operator needs: the key, the value, the problem, the place, and the fix. Never made for a value in another program's
 * file, which may be a secret.
 */
public final class InvalidSetting extends RuntimeException {

    private final String key;
    private final @Nullable String value;
    private final String inGeneral;
    private final String problem;
    private final String fix;
    private final @Nullable String source;

    /**
     * @param value the value as the operator wrote it; null if the setting is missing
     * @param problem what is wrong, as the rest of a sentence that begins with the key: {@code "is below zero"}
     * @param fix what to do, as a sentence
     */
    public InvalidSetting(String key, @Nullable Object value, String problem, String fix) {
        this(key, value == null ? null : value.toString(), problem, problem, fix, null, null);
    }

    /** The setting {@code key} names a file that cannot be read. */
    public InvalidSetting(String key, Path file, UnreadableFile why) {
        this(key, file.toString(), why.inGeneral(), why.problem(), why.fix(), null, null);
    }

    private InvalidSetting(
            String key,
            @Nullable String value,
            String inGeneral,
            String problem,
            String fix,
            @Nullable String source,
            @Nullable Throwable cause) {
        super(message(key, value, problem, source), cause);
        this.key = key;
        this.value = value;
        this.inGeneral = inGeneral;
        this.problem = problem;
        this.fix = fix;
        this.source = source;
    }

    /** The same refusal, with the place that set the value. */
    InvalidSetting at(String place) {
        return new InvalidSetting(key, value, inGeneral, problem, fix, place, this);
    }

    /** The same refusal of a missing setting, with the source that has it without a value. */
    InvalidSetting leftEmptyAt(String place) {
        return new InvalidSetting(
                key, value, inGeneral, problem.replaceFirst("^is not set\\b", "is empty"), fix, place, this);
    }

    public String key() {
        return key;
    }

    public Optional<String> value() {
        return Optional.ofNullable(value);
    }

    public String problem() {
        return problem;
    }

    /** The problem of a file that the setting names, without any path. */
    public String inGeneral() {
        return inGeneral;
    }

    public String fix() {
        return fix;
    }

    /**
     * Where the value was set: a file with its line, an environment variable, the command line; empty for a default.
     */
    public Optional<String> source() {
        return Optional.ofNullable(source);
    }

    private static String message(String key, @Nullable String value, String problem, @Nullable String source) {
        return key + (value == null ? "" : " = " + value) + " " + problem
                + (source == null ? "" : " (set by " + source + ")");
    }
}
