package dev.otherix.backup.verify;

import dev.otherix.backup.verify.bolt.BoltFile;
import dev.otherix.backup.verify.bolt.BucketCursor;
import java.util.function.DoubleConsumer;

/**
 * The rows of a proven file: every change above its compact revision, and each state from there to its revision. Rows
 * up to the compact revision are the state at it, and perhaps older ones that a compaction had not yet removed.
 */
public final class StoredRows {

    private final BoltFile file;
    private final BucketCursor bucket;
    private final long count;
    private final long revision;
    private final long compactRevision;
    private final int mostKeys;

    StoredRows(BoltFile file, BucketCursor bucket, RowCheck rowCheck, int mostKeys) {
        this.file = file;
        this.bucket = bucket;
        this.count = rowCheck.rows();
        this.revision = rowCheck.revision();
        this.compactRevision = rowCheck.compactRevision();
        this.mostKeys = mostKeys;
    }

    /** How many rows there are. */
    public long count() {
        return count;
    }

    /** The store's revision. */
    public long revision() {
        return revision;
    }

    /** The store's compact revision, -1 if it was never compacted. */
    public long compactRevision() {
        return compactRevision;
    }

    /** All rows, the oldest first. */
    public RowCursor forward() {
        return new RowCursor(file, bucket, count, true, ordinal -> true);
    }

    /** All rows, the newest first. */
    public RowCursor backward() {
        return new RowCursor(file, bucket, count, false, ordinal -> true);
    }

    /**
     * The keys that are live at a revision. Reads all rows.
     *
     * @param at from the compact revision up to the revision
     * @param progress gets the share that is done, from 0 to 1
     */
    public LiveRows liveAt(long at, DoubleConsumer progress) {
        if (at < compactRevision || at > revision) {
            throw new IllegalArgumentException(
                    "revision " + at + " is not between " + compactRevision + " and " + revision);
        }
        var latest = new LatestRows(file, bucket, count, at, mostKeys, null, progress);
        try {
            latest.find();
            return new LiveRows(file, bucket, count, latest);
        } catch (RuntimeException | Error broken) {
            latest.close();
            throw broken;
        }
    }

    /**
     * How many keys are live at a revision, and etcd's HashKV there.
     *
     * @param liveKeys distinct user keys
     * @param hashKv unsigned
     */
    public record KeysAt(long liveKeys, long hashKv) {}

    /**
     * What a member that has compacted up to another revision says about one. Reads all rows twice.
     *
     * @param at up to the revision
     * @param compacted the member's compact revision, below 0 if it never compacted
     * @param progress gets the share that is done, from 0 to 1
     */
    public KeysAt keysAt(long at, long compacted, DoubleConsumer progress) {
        try (var latest =
                new LatestRows(file, bucket, count, at, mostKeys, null, share -> progress.accept(share / 2))) {
            latest.find();
            var hash = HashKv.of(file, bucket, latest, compacted);
            progress.accept(1);
            return new KeysAt(latest.keys(), hash);
        }
    }

    /**
     * A copy of the value that is there.
     *
     * @throws ArithmeticException if it has 2 GiB or more
     */
    public byte[] value(RowCursor.Place place) {
        return file.copy(place.at(), Math.toIntExact(place.length()));
    }

    /** Whether two rows of this file have the same value and the same lease. */
    public boolean sameValue(RowCursor.Place one, RowCursor.Place other) {
        return one.lease() == other.lease() && file.sameBytes(one.at(), one.length(), file, other.at(), other.length());
    }
}
