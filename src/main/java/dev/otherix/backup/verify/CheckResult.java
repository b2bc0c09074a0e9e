package dev.otherix.backup.verify;

import dev.otherix.backup.snapshot.Verification.Outcome;
import java.time.Duration;
import org.jspecify.annotations.Nullable;

/**
 * How one check of a file ended.
 *
 * @param detail the first finding and the number of findings, or why it was skipped; null if it passed
 * @param took how long it took
 */
public record CheckResult(Outcome outcome, @Nullable String detail, Duration took) {

    /** Whether nothing was found. */
    public boolean passed() {
        return outcome == Outcome.PASSED;
    }

    static CheckResult of(long findings, @Nullable String first, Duration took) {
        if (findings == 0) {
            return new CheckResult(Outcome.PASSED, null, took);
        }
        return new CheckResult(
                Outcome.FAILED, findings == 1 ? first : first + " (and " + (findings - 1) + " more)", took);
    }

    static CheckResult skipped(String why) {
        return new CheckResult(Outcome.SKIPPED, why, Duration.ZERO);
    }
}
