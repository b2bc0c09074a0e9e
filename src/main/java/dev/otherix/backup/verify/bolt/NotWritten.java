package dev.otherix.backup.verify.bolt;

import java.io.IOException;

/** The file that is being made cannot be written; the one that is read is not to blame. */
public final class NotWritten extends RuntimeException {

    private final IOException reason;

    public NotWritten(IOException reason) {
        super(reason);
        this.reason = reason;
    }

    /** Why. */
    public IOException reason() {
        return reason;
    }
}
