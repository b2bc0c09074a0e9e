package dev.otherix.backup.etcd;

import java.util.Locale;
import org.jspecify.annotations.Nullable;

/** What the member answers when it is asked for the hash of its key space, etcd's HashKV. */
public sealed interface MemberHash {

    /**
     * The hash. It may be one that the member remembers from an earlier compaction: then its compact revision is below
     * that of the key space now.
     *
     * @param hash CRC-32C, unsigned
     * @param compactRevision the compact revision that it was computed with; -1 where there never was a compaction
     * @param hashRevision the revision that it was computed at; null before etcd 3.6, which does not tell
     * @param memberRevision the revision of the member's key space when it answered
     */
    record Told(long hash, long compactRevision, @Nullable Long hashRevision, long memberRevision)
            implements MemberHash {}

    /** There is none to be had now, which says nothing about the key space. */
    record Untold(Reason reason) implements MemberHash {}

    /** Why there is none. */
    enum Reason {
        /** The member has compacted its history beyond the revision asked for. */
        COMPACTED,
        /** The member has not reached the revision asked for. */
        FUTURE,
        /** A learner does not tell. */
        LEARNER,
        /** The user that this service logs in as may not ask. */
        DENIED,
        /** The member did not answer within the limit. */
        TIMEOUT;

        /** The word in logs and records. */
        public String word() {
            return name().toLowerCase(Locale.ROOT);
        }
    }
}
