package dev.otherix.backup.job;

import dev.otherix.backup.snapshot.SnapshotRequest;
import java.time.Duration;
import java.time.Instant;

/**
 * What one request wants of the run that answers it.
 *
 * @param recorded its entry in the record: from whom, and why
 * @param pinned whether the snapshot is to be pinned
 * @param localIsEnough whether a snapshot of what the local member has answers it
 * @param patience how long an answer is waited for: until then a member that will answer later is asked again
 */
public record RunRequest(SnapshotRequest recorded, boolean pinned, boolean localIsEnough, Duration patience) {

    private static final Duration USUAL = Duration.ofMinutes(10);

    /** From a caller that waits for the usual time. */
    public RunRequest(SnapshotRequest recorded, boolean pinned, boolean localIsEnough) {
        this(recorded, pinned, localIsEnough, USUAL);
    }

    /** Until when an answer is waited for. */
    Instant until() {
        return recorded.at().plus(patience);
    }
}
