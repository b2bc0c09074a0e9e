package dev.otherix.backup.offsite.store;

import java.time.Instant;
import org.jspecify.annotations.Nullable;

/**
 * What keeps one version of an object from being removed, as the store says. A store may hide it from credentials that
 * lack a right.
 *
 * @param lock null if there is none; it may have run out
 * @param legalHold whether a person keeps it, until a person lifts that
 */
public record Protection(@Nullable ObjectLock lock, boolean legalHold) {

    /** Nothing. */
    public static final Protection NONE = new Protection(null, false);

    /** Whether it cannot be removed at {@code now}. */
    public boolean holdsAt(Instant now) {
        return legalHold || lock != null && lock.until().isAfter(now);
    }
}
