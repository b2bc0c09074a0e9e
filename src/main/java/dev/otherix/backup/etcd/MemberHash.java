package dev.otherix.backup.etcd;

import org.jspecify.annotations.Nullable;

/** A member's answer to a request for the hash of its key space, etcd's HashKV. */
public sealed interface MemberHash {

    /**
     * The hash. It may come from an earlier compaction, which the member remembers: then its compact revision is below
     * the current one.
     *
     * @param hash CRC-32C, unsigned
     * @param compactRevision the compact revision that it was computed with; -1 if there never was a compaction
     * @param hashRevision the revision that it was computed at; null before etcd 3.6, which does not return it
     * @param memberRevision the revision of the member's key space when it answered
     */
    record Told(long hash, long compactRevision, @Nullable Long hashRevision, long memberRevision)
            implements MemberHash {}

    /** No hash is available now, which does not mean that the key space is bad. */
    record Untold(Reason reason) implements MemberHash {}

    /** Why there is none. */
    enum Reason {
        /** The member has compacted its history beyond the revision asked for. */
        COMPACTED,
        /** The member has not reached the revision asked for. */
        FUTURE,
        /** A learner does not return a hash. */
        LEARNER,
        /** The user that this service logs in as lacks the permission. */
        DENIED,
        /** The member did not answer within the limit. */
        TIMEOUT
    }
}
