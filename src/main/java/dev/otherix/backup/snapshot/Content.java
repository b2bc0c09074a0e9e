package dev.otherix.backup.snapshot;

import org.jspecify.annotations.Nullable;

/**
 * What a snapshot holds, as read from its file.
 *
 * @param revision the store's revision
 * @param compactRevision the store's compact revision, -1 where it was never compacted
 * @param liveKeys distinct keys that are not deleted
 * @param totalEntries entries of all buckets
 * @param hashKv etcd's HashKV at revision and compactRevision
 * @param caFingerprint of the active cluster CA, {@code sha256:<hex>}; null where there is none
 */
public record Content(
        long revision,
        long compactRevision,
        long liveKeys,
        long totalEntries,
        long hashKv,
        @Nullable String caFingerprint) {}
