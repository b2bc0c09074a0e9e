package dev.otherix.backup.verify;

/**
 * What a sound file shows of its store.
 *
 * @param revision the store's revision
 * @param compactRevision its compact revision, -1 if it was never compacted
 * @param liveKeys distinct user keys that are not deleted
 * @param totalEntries entries of all buckets, all revisions and deletions
 * @param hashKv etcd's HashKV at these two revisions, unsigned
 * @param comparable whether that hash can be compared: without a live key it depends on the progress of a compaction
 */
public record StoreFacts(
        long revision, long compactRevision, long liveKeys, long totalEntries, long hashKv, boolean comparable) {}
