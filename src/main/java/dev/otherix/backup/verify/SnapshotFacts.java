package dev.otherix.backup.verify;

/**
 * What a sound file says of the store in it.
 *
 * @param revision the store's revision
 * @param compactRevision its compact revision, -1 where it was never compacted
 * @param liveKeys distinct user keys that are not deleted
 * @param totalEntries entries of all buckets, all revisions and deletions
 * @param hashKv etcd's HashKV at these two revisions, unsigned
 * @param comparable whether that hash says something: without any live key it depends on how far a compaction has got
 */
public record SnapshotFacts(
        long revision, long compactRevision, long liveKeys, long totalEntries, long hashKv, boolean comparable) {}
