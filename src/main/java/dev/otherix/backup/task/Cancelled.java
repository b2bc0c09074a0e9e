package dev.otherix.backup.task;

/** The work was cancelled before it was done. */
public final class Cancelled extends RuntimeException {

    public Cancelled(String message) {
        super(message);
    }
}
