package dev.otherix.backup.snapshot;

import java.nio.file.Path;

/**
 * Where the service keeps what has to outlive a volume of snapshots. It may be missing, or not be writable: then
 * nothing is kept.
 */
public record StateDirectory(Path path) {}
