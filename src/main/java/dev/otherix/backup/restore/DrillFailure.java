package dev.otherix.backup.restore;

/** A drill shows that something is wrong with the snapshot, or with the way back to a cluster. */
public final class DrillFailure extends RuntimeException {

    /** @param message what happened */
    public DrillFailure(String message) {
        super(message);
    }
}
