package dev.otherix.backup.api;

import org.jspecify.annotations.Nullable;

/**
 * The body of a request for a snapshot; every field may be left out.
 *
 * @param reason why, for the record, at most {@value #LONGEST_REASON} characters
 * @param pinned whether retention must always keep it
 * @param consistency {@code local} if a snapshot of the local member's data is enough, else {@code linearizable}
 */
record SnapshotOrder(
        @Nullable String reason,
        @Nullable Boolean pinned,
        @Nullable String consistency) {

    static final SnapshotOrder PLAIN = new SnapshotOrder(null, null, null);
    private static final int LONGEST_REASON = 200;
    private static final String LOCAL = "local";
    private static final String LINEARIZABLE = "linearizable";

    /** @throws ApiFailure naming the field that is wrong */
    SnapshotOrder checked() {
        if (reason != null && reason.codePointCount(0, reason.length()) > LONGEST_REASON) {
            throw ApiFailure.invalid("reason", "is longer than " + LONGEST_REASON + " characters");
        }
        if (consistency != null && !consistency.equals(LOCAL) && !consistency.equals(LINEARIZABLE)) {
            throw ApiFailure.invalid("consistency", "must be " + LINEARIZABLE + " or " + LOCAL);
        }
        return this;
    }

    boolean pin() {
        return Boolean.TRUE.equals(pinned);
    }

    boolean localIsEnough() {
        return LOCAL.equals(consistency);
    }
}
