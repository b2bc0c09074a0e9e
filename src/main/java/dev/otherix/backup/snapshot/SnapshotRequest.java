package dev.otherix.backup.snapshot;

import java.time.Instant;
import java.util.Objects;
import org.jspecify.annotations.Nullable;

/**
 * One request that a run answered.
 *
 * @param by the name of the token; null if none was needed
 * @param reason why, in the words of the caller
 * @param requestId the request's id, as in the logs and in {@code X-Request-ID}
 * @param at when it arrived
 */
public record SnapshotRequest(
        @Nullable String by,
        @Nullable String reason,
        @Nullable String requestId,
        Instant at) {

    public SnapshotRequest {
        Objects.requireNonNull(at, "at");
    }
}
