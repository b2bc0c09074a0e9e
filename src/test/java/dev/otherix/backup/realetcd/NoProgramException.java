package dev.otherix.backup.realetcd;

/** One way to real programs leads nowhere on this machine; the message says why. */
public final class NoProgramException extends RuntimeException {

    public NoProgramException(String message) {
        super(message);
    }

    public NoProgramException(String message, Throwable cause) {
        super(message, cause);
    }
}
