package dev.otherix.backup.check;

import dev.otherix.backup.snapshot.Verification.Outcome;
import org.jspecify.annotations.Nullable;

/**
 * The result of a comparison with something outside the file.
 *
 * @param detail why it did not pass; null if it passed
 */
public record Comparison(Outcome outcome, @Nullable String detail) {

    static final Comparison PASSED = new Comparison(Outcome.PASSED, null);

    static Comparison failed(String detail) {
        return new Comparison(Outcome.FAILED, detail);
    }

    static Comparison inconclusive(String detail) {
        return new Comparison(Outcome.INCONCLUSIVE, detail);
    }

    static Comparison skipped(String detail) {
        return new Comparison(Outcome.SKIPPED, detail);
    }
}
