package dev.otherix.backup.realetcd;

/** One way to etcd's programs leads nowhere on this machine; the message says why. */
final class NoEtcdException extends RuntimeException {

    NoEtcdException(String message) {
        super(message);
    }

    NoEtcdException(String message, Throwable cause) {
        super(message, cause);
    }
}
