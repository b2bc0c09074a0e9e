package dev.otherix.backup.offsite;

import org.jspecify.annotations.Nullable;

/** One snapshot cannot be copied now, although the store answers; others can. */
final class NotCopied extends RuntimeException {

    private final Why why;

    NotCopied(Why why, String message, @Nullable Throwable cause) {
        super(message, cause);
        this.why = why;
    }

    NotCopied(Why why, String message) {
        this(why, message, null);
    }

    Why why() {
        return why;
    }

    /** What is to be done about it. */
    enum Why {
        /** The store holds copies of another cluster under this name. */
        OTHER_CLUSTER,
        /** Its key has a record of another writer. */
        OTHER_WRITER,
        /** Its key has a record, but the object is gone or is another one. */
        STORED_OBJECT,
        /** The local file is not what its record says, or cannot be read. */
        LOCAL_FILE,
        /** It no longer exists, is not verified, or it is not known which member it is of. */
        NO_SNAPSHOT
    }
}
