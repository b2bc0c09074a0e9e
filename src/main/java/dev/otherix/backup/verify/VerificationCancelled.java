package dev.otherix.backup.verify;

/** The verifying thread was interrupted. Its interrupt flag stays set. */
public final class VerificationCancelled extends RuntimeException {

    VerificationCancelled() {
        super("the verification was cancelled");
    }
}
