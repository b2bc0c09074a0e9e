package dev.otherix.backup.cli;

import java.util.LinkedHashMap;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * What is wanted of a snapshot.
 *
 * @param reason why, null where nobody said
 * @param local whether what the local member has is enough
 */
record SnapshotOrder(@Nullable String reason, boolean pinned, boolean local) {

    /** The request's body, by the names of the API. */
    Map<String, Object> body() {
        var body = new LinkedHashMap<String, Object>();
        if (reason != null) {
            body.put("reason", reason);
        }
        if (pinned) {
            body.put("pinned", true);
        }
        if (local) {
            body.put("consistency", "local");
        }
        return body;
    }
}
