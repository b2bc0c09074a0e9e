package dev.otherix.backup.realetcd;

/** A server did not start because another program was quicker to take its port. */
final class PortInUseException extends RuntimeException {

    PortInUseException(String message) {
        super(message);
    }
}
