package dev.otherix.backup.offsite;

import org.jspecify.annotations.Nullable;

/** A copy is not there, or is not what its record says, or does not open. The message names it. */
public final class CopyRefused extends RuntimeException {

    private final Reason reason;
    private final String fix;

    CopyRefused(Reason reason, String message, String fix, @Nullable Throwable cause) {
        super(message, cause);
        this.reason = reason;
        this.fix = fix;
    }

    Reason reason() {
        return reason;
    }

    /** What to do now, as a sentence. */
    public String fix() {
        return fix;
    }

    /** What is wrong with it. */
    enum Reason {
        /** The store says that there is no such object. */
        MISSING,
        /** The stored bytes are not those of its record. */
        CHANGED,
        /** It is in an archive class. */
        ARCHIVED,
        /** No identity that was given opens it. */
        CLOSED,
        /** It opens, and holds something else than its record says. */
        DIFFERENT,
        /** Its record is no record, or another copy's. */
        RECORD
    }
}
