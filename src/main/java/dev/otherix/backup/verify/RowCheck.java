package dev.otherix.backup.verify;

import dev.otherix.backup.verify.bolt.BoltFile;
import dev.otherix.backup.verify.bolt.Bucket;
import dev.otherix.backup.verify.bolt.ElementVisitor;
import dev.otherix.backup.verify.bolt.Findings;

/**
 * Reads each entry of each bucket once, in the file's order: checks the rows of bucket {@code key}, passes the others
 * on to their check, counts, and reads the compact revision from {@code meta}.
 */
final class RowCheck implements ElementVisitor {

    /** The bucket with the history of all keys. */
    static final String KEY = "key";

    private static final String META = "meta";
    private static final int BETWEEN_LOOKS = 1 << 12;
    private static final long BYTES_BETWEEN_LOOKS = 8L << 20;

    private final BoltFile file;
    private final KeyValue row;
    private final CaRows caRows;
    private final StoreRows store;
    private final Progress progress;
    private final Findings findings = new Findings();
    private boolean inKey;
    private boolean inMeta;
    private long entries;
    private long seen;
    private long nextLook;
    private long rows;
    private long lastMain;
    private long lastSub = -1;
    private long scheduledCompaction = -1;
    private long finishedCompaction = -1;
    private boolean leased;

    /** @param store gets the rows of the other buckets */
    RowCheck(BoltFile file, StoreRows store, Progress progress) {
        this.file = file;
        this.row = new KeyValue(file);
        this.caRows = new CaRows(file);
        this.store = store;
        this.progress = progress;
    }

    @Override
    public void bucket(Bucket bucket) {
        inKey = bucket.name().equals(KEY);
        inMeta = bucket.name().equals(META);
        store.enter(bucket.name());
    }

    @Override
    public void element(long page, int index, long key, int keyLength, long valueLength) {
        if ((entries++ & (BETWEEN_LOOKS - 1)) == 0 || seen >= nextLook) {
            nextLook = seen + BYTES_BETWEEN_LOOKS;
            if (Thread.currentThread().isInterrupted()) {
                throw new VerificationCancelled();
            }
            progress.walked(seen);
        }
        seen += keyLength + valueLength;
        if (inKey) {
            row(page, index, key, keyLength, valueLength);
        } else {
            if (inMeta) {
                meta(page, key, keyLength, valueLength);
            }
            store.see(page, index, key, keyLength, valueLength);
        }
    }

    private void row(long page, int index, long key, int keyLength, long valueLength) {
        rows++;
        if (!RevisionKey.wellFormed(file, key, keyLength)) {
            find("revision_key", page, index, "its key of " + keyLength + " bytes is no revision");
            return;
        }
        var main = RevisionKey.main(file, key);
        var sub = RevisionKey.sub(file, key);
        if (main < lastMain || main == lastMain && sub <= lastSub) {
            find(
                    "revision_order",
                    page,
                    index,
                    "revision " + main + "_" + sub + " comes after " + lastMain + "_" + lastSub);
        }
        lastMain = Math.max(lastMain, main);
        lastSub = sub;
        if (!row.read(key + keyLength, valueLength)) {
            find("row_message", page, index, "the row of revision " + main + "_" + sub + " is no KeyValue message");
        } else if (RevisionKey.deletion(keyLength)) {
            caRows.see(row, true);
            if (!row.keyOnly() || row.keyLength == 0) {
                find(
                        "row_deletion",
                        page,
                        index,
                        "the deletion of revision " + main + "_" + sub + " has more or less than a key");
            }
        } else if (valueLength > 0) {
            put(page, index, main, sub);
        }
        // without a value it is the row that a restore with a raised revision adds
    }

    private void put(long page, int index, long main, long sub) {
        caRows.see(row, false);
        leased |= row.lease != 0;
        if (row.modRevision != main) {
            find(
                    "row_revision",
                    page,
                    index,
                    "the row of revision " + main + "_" + sub + " says that it is of revision " + row.modRevision);
        }
        if (row.createRevision < 1 || row.createRevision > row.modRevision) {
            find(
                    "row_create",
                    page,
                    index,
                    "the row of revision " + main + "_" + sub + " says that its key was created at "
                            + row.createRevision);
        }
        if (row.version < 1) {
            find(
                    "row_version",
                    page,
                    index,
                    "the row of revision " + main + "_" + sub + " says that it is version " + row.version
                            + " of its key");
        }
        if (row.keyLength == 0) {
            find("row_key", page, index, "the row of revision " + main + "_" + sub + " has no key");
        }
    }

    private void meta(long page, long key, int keyLength, long valueLength) {
        var scheduled = named("scheduledCompactRev", key, keyLength);
        if (!scheduled && !named("finishedCompactRev", key, keyLength)) {
            return;
        }
        var value = key + keyLength;
        if (valueLength != RevisionKey.LENGTH || !RevisionKey.wellFormed(file, value, RevisionKey.LENGTH)) {
            findings.add(
                    "compact_revision",
                    page,
                    META,
                    () -> "the compact revision of " + valueLength + " bytes is no revision");
        } else if (scheduled) {
            scheduledCompaction = RevisionKey.main(file, value);
        } else {
            finishedCompaction = RevisionKey.main(file, value);
        }
    }

    private boolean named(String name, long key, int keyLength) {
        return keyLength == name.length() && file.text(key, keyLength).equals(name);
    }

    private void find(String code, long page, int index, String what) {
        findings.add(code, page, KEY, () -> "element " + index + " of page " + page + ": " + what);
    }

    CaRows caRows() {
        return caRows;
    }

    /** What is wrong with the history of the keys. */
    Findings findings() {
        return findings;
    }

    /** The rows of the other buckets. */
    StoreRows store() {
        return store;
    }

    /** Whether any key was ever written with a lease. */
    boolean leased() {
        return leased;
    }

    /** Entries of all buckets. */
    long entries() {
        return entries;
    }

    /** Rows of bucket {@code key}. */
    long rows() {
        return rows;
    }

    /** Main revision of the last row, 0 without rows. */
    long lastRow() {
        return lastMain;
    }

    /** The store's revision. The last row alone does not show it: a compaction may have removed the newest deletion. */
    long revision() {
        return Math.max(Math.max(1, lastMain), compactRevision());
    }

    /**
     * The store's compact revision, -1 if it was never compacted; etcd refuses reads below it from the moment it is
     * scheduled.
     */
    long compactRevision() {
        return Math.max(scheduledCompaction, finishedCompaction);
    }
}
