package dev.otherix.backup.snapshot;

import java.time.Duration;

/** The time between two scheduled snapshots. */
public record SnapshotInterval(Duration value) {

    private static final Duration SHORTEST_LATE = Duration.ofHours(6);
    private static final int LATE_INTERVALS = 3;

    /** The age from which a snapshot without an off-site copy is late. */
    public Duration lateCopy() {
        var some = value.multipliedBy(LATE_INTERVALS);
        return some.compareTo(SHORTEST_LATE) > 0 ? some : SHORTEST_LATE;
    }
}
