package dev.otherix.backup.offsite;

import java.util.Locale;

/** Why a copy is kept in a store. */
enum CopyKept {
    /** One of the newest. */
    LAST,
    /** It is young enough. */
    WITHIN,
    /** The newest of its hour. */
    HOURLY,
    /** The newest of its day. */
    DAILY,
    /** The newest of its week. */
    WEEKLY,
    /** The newest of its month. */
    MONTHLY,
    /** The newest verified one. */
    LATEST,
    /** The newest verified one that holds all acknowledged writes of its moment. */
    LATEST_LINEARIZABLE,
    /** The newest verified one of an earlier lineage. */
    LINEAGE,
    /** It is pinned. */
    PINNED,
    /** Its time has not come yet, so a clock was wrong. */
    FUTURE,
    /** Time seems to have jumped, and nothing is removed before that is sure. */
    JUMP,
    /** Its record does not say that it was proven. */
    UNPROVEN;

    /** The word for a person. */
    String word() {
        return name().toLowerCase(Locale.ROOT);
    }
}
