package dev.otherix.backup.verify;

import dev.otherix.backup.verify.bolt.BoltFile;
import dev.otherix.backup.verify.bolt.BucketCursor;

/**
 * etcd's HashKV, computed from a file (etcd: server/storage/mvcc/hash.go): CRC-32C over the name of bucket {@code key},
 * then key and value of each row in order. Rows up to the compact revision count only if they are the last row of a
 * live key, so that the value does not depend on how many of them a compaction has deleted. If no key is live, all rows
 * count except deletions at that revision.
 */
final class HashKv {

    private final BoltFile file;
    private final LatestRows latest;
    private final long compactRevision;
    private final FileCrc crc;
    private long ordinal;

    private HashKv(BoltFile file, LatestRows latest, long compactRevision) {
        this.file = file;
        this.latest = latest;
        this.compactRevision = compactRevision;
        this.crc = new FileCrc(file);
    }

    /**
     * The hash at the revision of {@code latest}.
     *
     * @param compactRevision not below the file's own
     */
    static long of(BoltFile file, BucketCursor rows, LatestRows latest, long compactRevision) {
        var hash = new HashKv(file, latest, compactRevision);
        hash.crc.add(RowCheck.KEY);
        rows.forward(hash::add);
        return hash.crc.value();
    }

    private void add(long page, int index, long key, int keyLength, long valueLength) {
        var row = ordinal++;
        if ((row & 0xfff) == 0 && Thread.currentThread().isInterrupted()) {
            throw new VerificationCancelled();
        }
        var main = RevisionKey.main(file, key);
        var counts = main <= latest.revision() && (main > compactRevision || counts(row, main, keyLength));
        if (counts) {
            crc.add(key, keyLength + valueLength);
        }
    }

    /** For a row up to the compact revision. */
    private boolean counts(long row, long main, int keyLength) {
        return latest.count() > 0 ? latest.contains(row) : main < compactRevision || !RevisionKey.deletion(keyLength);
    }
}
