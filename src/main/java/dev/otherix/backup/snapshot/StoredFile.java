package dev.otherix.backup.snapshot;

import org.jspecify.annotations.Nullable;

/**
 * A snapshot's file in the directory.
 *
 * @param sizeBytes of the whole file, footer included
 * @param sha256 of the whole file, lower-case hex, as sha256sum prints it; null if it could not be read to its end
 */
public record StoredFile(long sizeBytes, @Nullable String sha256) {}
