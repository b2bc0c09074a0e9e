package dev.otherix.backup.snapshot;

/** What became of the wish to delete a snapshot. */
public enum Deletion {
    DELETED,
    /** There is none of that name. */
    MISSING,
    /** It stays: it is the one to restore. */
    NEWEST_VERIFIED,
    /** It stays: somebody pinned it. */
    PINNED
}
