package dev.otherix.backup.job;

import dev.otherix.backup.snapshot.SnapshotRequest;
import java.time.Duration;
import java.time.Instant;

/**
 * What one request wants of the run that answers it.
 *
 * @param recorded who asks and why, as it will stand in the record
 * @param pinned whether the snapshot is to be pinned
 * @param localIsEnough whether a snapshot of what the local member has answers it
 * @param patience how long an answer is waited for: until then a member that will answer later is asked again
 */
public record RunRequest(SnapshotRequest recorded, boolean pinned, boolean localIsEnough, Duration patience) {

    private static final Duration USUAL = Duration.ofMinutes(10);

    /** From somebody who waits as long as most do. */
    public RunRequest(SnapshotRequest recorded, boolean pinned, boolean localIsEnough) {
        this(recorded, pinned, localIsEnough, USUAL);
    }

    /** Until when an answer is waited for. */
    Instant until() {
        return recorded.at().plus(patience);
    }
}
