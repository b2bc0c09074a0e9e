package dev.otherix.backup.realetcd;

import java.util.Optional;
import org.junit.jupiter.api.extension.ConditionEvaluationResult;
import org.junit.jupiter.api.extension.ExtensionContext;

/**
 * Whether this build must run every test: then a missing tool is a failure, not a test that was not run. Demanded by
 * {@code OTHERIX_BACKUP_TESTS=complete}.
 */
public record Completeness(boolean demanded) {

    private static final String VARIABLE = "OTHERIX_BACKUP_TESTS";

    // lets a test of these tests demand it for a nested run alone
    static final String PARAMETER = "otherix.backup.tests";

    /** What this build demands. */
    public static Completeness of(ExtensionContext context) {
        return parse(context.getConfigurationParameter(PARAMETER)
                .orElseGet(() -> System.getenv().getOrDefault(VARIABLE, "")));
    }

    static Completeness parse(String value) {
        return switch (value) {
            case "" -> new Completeness(false);
            case "complete" -> new Completeness(true);
            default -> throw new IllegalArgumentException(
                    "%s: '%s' means nothing here; set it to 'complete' or not at all".formatted(VARIABLE, value));
        };
    }

    /** Lets a test run where nothing is missing, else keeps it from running, or fails where it must not be kept from that. */
    public ConditionEvaluationResult decide(Optional<String> missing) {
        missing.ifPresent(this::failIfDemanded);
        return missing.map(ConditionEvaluationResult::disabled)
                .orElseGet(() -> ConditionEvaluationResult.enabled("nothing is missing"));
    }

    void failIfDemanded(String missing) {
        if (demanded) {
            throw new AssertionError("%s, and %s=complete demands every test".formatted(missing, VARIABLE));
        }
    }
}
