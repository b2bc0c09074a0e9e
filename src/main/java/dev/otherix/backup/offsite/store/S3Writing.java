package dev.otherix.backup.offsite.store;

import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * What each new object is told, as the store's own words.
 *
 * @param sse server-side encryption, {@code AES256} or {@code aws:kms}; null: as the bucket has it
 * @param kmsKeyId only with {@code aws:kms}
 * @param storageClass null: the usual one
 * @param tags by key
 */
public record S3Writing(
        @Nullable String sse,
        @Nullable String kmsKeyId,
        @Nullable String storageClass,
        Map<String, String> tags) {

    /** Nothing in particular. */
    public static final S3Writing PLAIN = new S3Writing(null, null, null, Map.of());

    public S3Writing {
        tags = Map.copyOf(tags);
    }
}
