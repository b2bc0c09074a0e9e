package dev.otherix.backup.snapshot;

import org.jspecify.annotations.Nullable;

/**
 * What is remembered of the scheduled drills that take a copy.
 *
 * @param since how many scheduled drills have had a result since the last one with a copy
 * @param missed whether the copy could not be had, and no drill has had a result since
 * @param last where the copy was that was drilled last; null if none was
 */
public record CopyDrills(
        int since, boolean missed, @Nullable Target last) {

    static final CopyDrills NONE = new CopyDrills(0, false, null);

    /** The copy cannot be had. */
    CopyDrills miss() {
        return new CopyDrills(since, true, last);
    }

    /** A drill that did not count had a result. */
    CopyDrills settled() {
        return new CopyDrills(since, false, last);
    }

    /** A scheduled drill of a snapshot of the directory had a result. */
    CopyDrills one() {
        return new CopyDrills(since + 1, false, last);
    }

    /** A drill of the copy in {@code target} had a result. */
    static CopyDrills of(Target target) {
        return new CopyDrills(0, false, target);
    }
}
