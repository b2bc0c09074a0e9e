package dev.otherix.backup.snapshot;

import java.time.Instant;
import java.util.Objects;

/**
 * A drill that had no result.
 *
 * @param reason why not, and what to do, for a person
 * @param ended whether it began and something else ended it, such as a run; else it was not possible
 */
public record DrillSkip(Instant at, String reason, boolean ended) {

    public DrillSkip {
        Objects.requireNonNull(at, "at");
        Objects.requireNonNull(reason, "reason");
    }
}
