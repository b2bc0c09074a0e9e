package dev.otherix.backup.snapshot;

import java.nio.file.Path;

/**
 * The directory for state that must outlive a volume of snapshots. It may be missing or not writable: then nothing is
 * kept.
 */
public record StateDirectory(Path path) {}
