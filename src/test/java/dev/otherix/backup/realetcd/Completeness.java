package dev.otherix.backup.realetcd;

import java.util.Optional;
import org.junit.jupiter.api.extension.ConditionEvaluationResult;
import org.junit.jupiter.api.extension.ExtensionContext;

/**
 * Whether this build must run every test: then a missing tool is a failure, not a test that was not run. Demanded by
 * {@code OTHERIX_BACKUP_TESTS=complete}; {@code one-etcd} demands the same but for further lines of etcd. What needs
 * root is demanded of root alone.
 *
 * @param tests of the tests that need no further line of etcd
 * @param lines of the tests that need a certain one
 */
public record Completeness(boolean tests, boolean lines) {

    private static final String VARIABLE = "OTHERIX_BACKUP_TESTS";

    // lets a test of these tests demand it for a nested run alone
    static final String PARAMETER = "otherix.backup.tests";

    /** What this build demands of a test. */
    public static Completeness of(ExtensionContext context) {
        var asked = parse(context.getConfigurationParameter(PARAMETER)
                .orElseGet(() -> System.getenv().getOrDefault(VARIABLE, "")));
        return asked.of(context.getTags().contains(NeedsRoot.TAG), ThisUser.of().isRoot());
    }

    static Completeness parse(String value) {
        return switch (value) {
            case "" -> new Completeness(false, false);
            case "complete" -> new Completeness(true, true);
            case "one-etcd" -> new Completeness(true, false);
            default ->
                throw new IllegalArgumentException(
                        "%s: '%s' means nothing here; set it to 'complete', to 'one-etcd' or not at all"
                                .formatted(VARIABLE, value));
        };
    }

    /** The same for a test that needs root or not, in a process that is root's or not. */
    Completeness of(boolean needsRoot, boolean root) {
        return needsRoot && !root ? new Completeness(false, false) : this;
    }

    /**
     * Lets a test run where nothing is missing, else keeps it from running, or fails where it must not be kept from
     * that.
     */
    public ConditionEvaluationResult decide(Optional<String> missing) {
        return decide(missing, tests);
    }

    /** The same for a line of etcd that is missing. */
    ConditionEvaluationResult decideForLine(Optional<String> missing) {
        return decide(missing, lines);
    }

    private static ConditionEvaluationResult decide(Optional<String> missing, boolean demanded) {
        if (demanded && missing.isPresent()) {
            throw new AssertionError("%s, and %s demands this test".formatted(missing.get(), VARIABLE));
        }
        return missing.map(ConditionEvaluationResult::disabled)
                .orElseGet(() -> ConditionEvaluationResult.enabled("nothing is missing"));
    }
}
