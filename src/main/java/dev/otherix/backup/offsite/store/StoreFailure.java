package dev.otherix.backup.offsite.store;

import org.jspecify.annotations.Nullable;

/**
 * A store refused, did not answer, or answered nonsense. The message says what happened, the value, and what to do. It
 * holds no secret, and no path of this host unless an operator wrote that path into the settings.
 */
public final class StoreFailure extends RuntimeException {

    private final Code code;

    public StoreFailure(Code code, String message, @Nullable Throwable cause) {
        super(message, cause);
        this.code = code;
    }

    public Code code() {
        return code;
    }

    /** What a caller acts on. */
    public enum Code {
        /** The key has an object, and was to get a new one only. */
        EXISTS,
        /** The store says that there is no such object, or no such version of it. */
        NO_SUCH_OBJECT,
        /** There is no such bucket; or the directory is not there, or lacks its mark. */
        NO_SUCH_PLACE,
        /** The credentials are missing, wrong, or may not do this. */
        DENIED,
        /** A lock or a legal hold keeps the object. */
        HELD,
        /** No room, or a quota is reached. */
        FULL,
        /** The object lies in an archive class. */
        ARCHIVED,
        /** No connection, no answer in time, an answer cut off, or one that says to try later. */
        UNAVAILABLE,
        /** The thread was interrupted. */
        INTERRUPTED,
        /** Anything else: the store's own code and message are in the message. */
        REFUSED
    }
}
