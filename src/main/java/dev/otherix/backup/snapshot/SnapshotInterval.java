package dev.otherix.backup.snapshot;

import java.time.Duration;

/** The time between two scheduled snapshots. */
public record SnapshotInterval(Duration value) {}
