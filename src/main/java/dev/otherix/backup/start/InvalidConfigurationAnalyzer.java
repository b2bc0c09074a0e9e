package dev.otherix.backup.start;

import dev.otherix.backup.config.InvalidSetting;
import dev.otherix.backup.config.UnusableConfigFile;
import org.jspecify.annotations.Nullable;
import org.springframework.boot.diagnostics.FailureAnalysis;
import org.springframework.boot.diagnostics.FailureAnalyzer;

/** Turns a wrong configuration into Spring Boot's Description and Action, in place of a stack trace. */
final class InvalidConfigurationAnalyzer implements FailureAnalyzer {

    @Override
    public @Nullable FailureAnalysis analyze(Throwable failure) {
        for (@Nullable Throwable cause = failure; cause != null; cause = cause.getCause()) {
            if (cause instanceof InvalidSetting setting) {
                return new FailureAnalysis(description(setting), setting.fix(), setting);
            }
            if (cause instanceof UnusableConfigFile file) {
                return new FailureAnalysis(description(file), file.fix(), file);
            }
        }
        return null;
    }

    private static String description(InvalidSetting setting) {
        return setting.key() + setting.value().map(value -> " = " + value).orElse("") + " " + setting.problem() + "."
                + setting.source()
                        .map(source -> System.lineSeparator() + "It is set by " + source + ".")
                        .orElse("");
    }

    private static String description(UnusableConfigFile file) {
        var line = file.line().isPresent() ? ", at line " + file.line().getAsInt() : "";
        return "The configuration file " + file.file() + " " + file.problem() + line + ".";
    }
}
