package dev.otherix.backup.snapshot;

import com.fasterxml.jackson.annotation.JsonValue;
import java.util.Locale;

/** What started a run. */
public enum Trigger {
    /** The interval had passed. */
    SCHEDULE,
    /** The service started and a snapshot was overdue. */
    STARTUP,
    /** It was requested. */
    REQUEST;

    /** The word in records, API and metrics. */
    @JsonValue
    public String word() {
        return name().toLowerCase(Locale.ROOT);
    }
}
