package dev.otherix.backup.verify;

import dev.otherix.backup.verify.bolt.BoltFile;
import dev.otherix.backup.verify.bolt.BucketCursor;

/** The keys of a proven file that are live at one revision. Holds memory outside the heap until it is closed. */
public final class LiveRows implements AutoCloseable {

    private final BoltFile file;
    private final BucketCursor bucket;
    private final long rows;
    private final LatestRows latest;

    LiveRows(BoltFile file, BucketCursor bucket, long rows, LatestRows latest) {
        this.file = file;
        this.bucket = bucket;
        this.rows = rows;
        this.latest = latest;
    }

    /** How many keys are live. */
    public long count() {
        return latest.keys();
    }

    /** Whether the row with this number (see {@link RowCursor#ordinal}) is the last one of a live key. */
    public boolean contains(long ordinal) {
        return latest.contains(ordinal);
    }

    /** The last row of each live key, in the order of the file. */
    public RowCursor rows() {
        return new RowCursor(file, bucket, rows, true, latest::contains);
    }

    /**
     * etcd's HashKV at this revision.
     *
     * @param compactRevision from the file's own up to this revision
     */
    public long hashKv(long compactRevision) {
        return HashKv.of(file, bucket, latest, compactRevision);
    }

    @Override
    public void close() {
        latest.close();
    }
}
