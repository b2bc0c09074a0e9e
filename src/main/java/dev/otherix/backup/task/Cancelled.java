package dev.otherix.backup.task;

/** Work was asked to end, and has ended before it was done. */
public final class Cancelled extends RuntimeException {

    public Cancelled(String message) {
        super(message);
    }
}
