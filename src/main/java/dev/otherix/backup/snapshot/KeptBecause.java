package dev.otherix.backup.snapshot;

import com.fasterxml.jackson.annotation.JsonValue;
import java.util.Locale;

/** Why retention keeps a snapshot. */
public enum KeptBecause {
    /** One of the newest scheduled ones. */
    NEWEST,
    /** A scheduled one, not older than {@code retention.within}. */
    WITHIN,
    /** One of the newest requested ones. */
    REQUESTED,
    /** It is pinned. */
    PINNED,
    /** The newest verified one. */
    LATEST,
    /** The newest verified one that holds all acknowledged writes of its moment. */
    LATEST_LINEARIZABLE,
    /** The newest verified one of an earlier lineage. */
    LINEAGE,
    /** The last one before the live keys fell by half. */
    SHRUNK,
    /** Its record was damaged; a person must decide. */
    DAMAGED_RECORD,
    /** It has no off-site copy yet. */
    NOT_OFFSITE;

    /** The word in records and API. */
    @JsonValue
    public String word() {
        return name().toLowerCase(Locale.ROOT);
    }
}
