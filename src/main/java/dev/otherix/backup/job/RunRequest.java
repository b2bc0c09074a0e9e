package dev.otherix.backup.job;

import dev.otherix.backup.snapshot.SnapshotRequest;
import java.time.Duration;
import java.time.Instant;

/**
 * The wishes of one request for the run that answers it.
 *
 * @param recorded its entry in the record: the caller and the reason
 * @param pinned whether the snapshot is to be pinned
 * @param localIsEnough whether a snapshot of the local member's data is enough
 * @param patience how long the caller waits for an answer: until then the service asks a busy member again
 */
public record RunRequest(SnapshotRequest recorded, boolean pinned, boolean localIsEnough, Duration patience) {

    private static final Duration USUAL = Duration.ofMinutes(10);

    /** A request from a caller that waits for the usual time. */
    public RunRequest(SnapshotRequest recorded, boolean pinned, boolean localIsEnough) {
        this(recorded, pinned, localIsEnough, USUAL);
    }

    /** Until when the caller waits for an answer. */
    Instant until() {
        return recorded.at().plus(patience);
    }
}
