package dev.otherix.backup.job;

import java.util.Locale;

/** Where a run is, in the order in which it gets there. */
public enum Phase {
    /** Asks the member for its status and waits until it has applied what was committed before now. */
    BARRIER,
    /** The member's bytes go to the temporary file. */
    STREAM,
    /** The temporary file is checked. */
    VERIFY,
    /** The file gets its record and its name. From here on a run is not cancelled. */
    COMMIT,
    /** Retention removes what is not kept. */
    PRUNE;

    /** The word in API and metrics. */
    public String word() {
        return name().toLowerCase(Locale.ROOT);
    }
}
