package dev.otherix.backup.snapshot;

import com.fasterxml.jackson.annotation.JsonValue;
import java.util.Locale;

/** What made a run happen. */
public enum Trigger {
    /** The interval had passed. */
    SCHEDULE,
    /** The service started and a snapshot was overdue. */
    STARTUP,
    /** Somebody asked for it. */
    REQUEST;

    /** The word in records, API and metrics. */
    @JsonValue
    public String word() {
        return name().toLowerCase(Locale.ROOT);
    }
}
