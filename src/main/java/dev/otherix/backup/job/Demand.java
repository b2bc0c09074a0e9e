package dev.otherix.backup.job;

import dev.otherix.backup.snapshot.SnapshotRequest;

/**
 * What one request wants of the run that answers it.
 *
 * @param request who asks and why, as it will stand in the record
 * @param pinned whether the snapshot is to be pinned
 * @param localIsEnough whether a snapshot of what the local member has answers it
 */
public record Demand(SnapshotRequest request, boolean pinned, boolean localIsEnough) {}
