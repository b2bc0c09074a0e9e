package dev.otherix.backup.offsite.store;

import java.time.Instant;
import org.jspecify.annotations.Nullable;

/**
 * One version of an object, or one mark that hides the versions before it. None of it is trusted.
 *
 * @param versionId what {@link ObjectStore#delete} takes; null if the store keeps no versions
 * @param marker whether it only marks that the object was deleted
 * @param sizeBytes 0 for a marker
 * @param modifiedAt by the store's clock; null if it does not say
 */
public record StoredVersion(
        String key,
        @Nullable String versionId,
        boolean marker,
        long sizeBytes,
        @Nullable Instant modifiedAt) {}
