package dev.otherix.backup.snapshot;

import com.fasterxml.jackson.annotation.JsonValue;
import java.util.Locale;

/** Where off-site copies go. Each kind is there at most once. */
public enum Target {
    /** A bucket of a store that speaks S3. */
    S3,
    /** A directory on another file system. */
    FILESYSTEM;

    /** The word in records, API and metrics. */
    @JsonValue
    public String word() {
        return name().toLowerCase(Locale.ROOT);
    }
}
