package dev.otherix.backup.snapshot;

import com.fasterxml.jackson.annotation.JsonValue;
import java.util.Locale;

/** What a snapshot is known to hold. */
public enum Consistency {
    /** Every write that the cluster had acknowledged before the run began. */
    LINEARIZABLE,
    /** What the local member had applied, which may lag behind the cluster. */
    LOCAL;

    /** The word in records, API and metrics. */
    @JsonValue
    public String word() {
        return name().toLowerCase(Locale.ROOT);
    }

    /** Why a snapshot is only {@link #LOCAL}. */
    public enum Reason {
        /** The cluster had no leader, so no member could confirm the commits. */
        NO_QUORUM,
        /** A learner does not answer linearizable reads. */
        LEARNER,
        /** The cluster has a leader, but the read did not return in time. */
        TIMEOUT;

        /** The word in records and API. */
        @JsonValue
        public String word() {
            return name().toLowerCase(Locale.ROOT);
        }
    }
}
