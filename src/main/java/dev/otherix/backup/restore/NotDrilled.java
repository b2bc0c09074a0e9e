package dev.otherix.backup.restore;

/** A drill is not possible here and now; that says nothing about the snapshot. */
final class NotDrilled extends RuntimeException {

    /** @param message what is missing, and what to do */
    NotDrilled(String message) {
        super(message);
    }
}
