package dev.otherix.backup.snapshot;

/** The outcome of a request to delete a snapshot. */
public enum Deletion {
    DELETED,
    /** No snapshot has that name. */
    MISSING,
    /** It is kept: it is the one to restore. */
    NEWEST_VERIFIED,
    /** It is kept: it is pinned. */
    PINNED
}
