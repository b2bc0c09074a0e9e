package dev.otherix.backup.check;

import dev.otherix.backup.snapshot.Verification.Outcome;
import org.jspecify.annotations.Nullable;

/**
 * What a comparison with something other than the file came to.
 *
 * @param detail why it did not simply pass; null where it did
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
