package dev.otherix.backup.job;

import java.util.Locale;

/** The phases of a run, in order. */
public enum Phase {
    /** Asks the member for its status and waits until it has applied everything committed before now. */
    BARRIER,
    /** The member's bytes go to the temporary file. */
    STREAM,
    /** The temporary file is checked. */
    VERIFY,
    /** The file gets its record and its name. From here on a run cannot be cancelled. */
    COMMIT,
    /** Retention removes the snapshots that are not kept. */
    PRUNE;

    /** The word in API and metrics. */
    public String word() {
        return name().toLowerCase(Locale.ROOT);
    }
}
