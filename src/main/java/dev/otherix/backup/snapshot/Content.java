package dev.otherix.backup.snapshot;

import org.jspecify.annotations.Nullable;

/**
 * What a snapshot holds, as read from its file. All null where nobody has read it yet.
 *
 * @param revision the store's revision
 * @param compactRevision the store's compact revision, -1 where it was never compacted
 * @param liveKeys distinct keys that are not deleted
 * @param totalEntries entries of all buckets
 * @param hashKv etcd's HashKV at revision and compactRevision
 */
public record Content(
        @Nullable Long revision,
        @Nullable Long compactRevision,
        @Nullable Long liveKeys,
        @Nullable Long totalEntries,
        @Nullable Long hashKv) {

    /** Nobody has read the file, or it is too damaged for that. */
    public static final Content UNREAD = new Content(null, null, null, null, null);

    /** Whether no fact is missing, as one may be in the record of an earlier version. */
    public boolean complete() {
        return revision != null
                && compactRevision != null
                && liveKeys != null
                && totalEntries != null
                && hashKv != null;
    }
}
