package dev.otherix.backup.snapshot;

import org.jspecify.annotations.Nullable;

/**
 * What a snapshot holds, as read from its file. All fields are null if it has not been read yet.
 *
 * @param revision the store's revision
 * @param compactRevision the store's compact revision, -1 if it was never compacted
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

    /** The file has not been read, or it is too damaged for that. */
    public static final Content UNREAD = new Content(null, null, null, null, null);

    /** Whether no fact is missing; the record of an earlier version may lack one. */
    public boolean complete() {
        return revision != null
                && compactRevision != null
                && liveKeys != null
                && totalEntries != null
                && hashKv != null;
    }
}
