package dev.otherix.backup.snapshot;

/** A fact that becomes known long after a snapshot was taken, and is added to its record. */
sealed interface Noted permits Copy, Drilled {

    /** The same snapshot with this fact. */
    Snapshot in(Snapshot snapshot);

    boolean isIn(Snapshot snapshot);
}
