package dev.otherix.backup.offsite.store;

import java.time.Instant;
import org.jspecify.annotations.Nullable;

/**
 * What a store says of one object. None of it is trusted.
 *
 * @param versionId the id of this version; null if the store keeps no versions or does not say
 * @param modifiedAt by the store's clock; null if it does not say
 * @param archived whether it lies in a class that cannot be read at once
 */
public record StoredObject(
        String key,
        long sizeBytes,
        @Nullable String versionId,
        @Nullable Instant modifiedAt,
        boolean archived) {}
