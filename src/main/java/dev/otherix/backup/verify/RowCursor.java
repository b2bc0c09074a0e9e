package dev.otherix.backup.verify;

import dev.otherix.backup.verify.bolt.BoltFile;
import dev.otherix.backup.verify.bolt.BucketCursor;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;

/**
 * Goes through rows of bucket {@code key} of a proven file, in their order or backwards. A row is one put or one
 * deletion of one key (etcd: server/storage/mvcc). The methods about a row describe the one that {@link #next} has
 * reached. Not for use by several threads at once, also together with other cursors of the same file. If the file can
 * no longer be read, each method throws an {@link java.io.UncheckedIOException}.
 */
public final class RowCursor {

    private static final int PIECE = 1 << 16;

    private final BoltFile file;
    private final BucketCursor.Walk walk;
    private final KeyValue row;
    private final int step;
    private final Filter filter;
    private long ordinal;

    /** Which rows are shown. */
    interface Filter {

        /** Whether the row with this number is, counted from 0 in the order of the file. */
        boolean shows(long ordinal);
    }

    /** @param rows number of rows of the bucket */
    RowCursor(BoltFile file, BucketCursor bucket, long rows, boolean ascending, Filter filter) {
        this.file = file;
        this.walk = ascending ? bucket.forward() : bucket.backward();
        this.row = new KeyValue(file);
        this.step = ascending ? 1 : -1;
        this.ordinal = ascending ? -1 : rows;
        this.filter = filter;
    }

    /** Goes to the next row; false behind the last one. */
    public boolean next() {
        while (walk.next()) {
            ordinal += step;
            // the row that a raised revision adds has no value, and is no change of a key
            var changes = walk.valueLength() > 0;
            if (changes && filter.shows(ordinal)) {
                row.read(walk.key() + walk.keyLength(), walk.valueLength());
                return true;
            }
        }
        return false;
    }

    /** The number of the row, counted from 0 in the order of the file. */
    public long ordinal() {
        return ordinal;
    }

    /** The revision of its transaction: the main revision. */
    public long revision() {
        return RevisionKey.main(file, walk.key());
    }

    /** Its place in the transaction, from 0. */
    public long sub() {
        return RevisionKey.sub(file, walk.key());
    }

    /** Whether it deletes its key. */
    public boolean deletion() {
        return RevisionKey.deletion(walk.keyLength());
    }

    /** In bytes. */
    public long keyLength() {
        return row.keyLength;
    }

    /**
     * A copy of the key.
     *
     * @throws ArithmeticException if it has 2 GiB or more
     */
    public byte[] key() {
        return file.copy(row.keyAt, Math.toIntExact(row.keyLength));
    }

    /** The kind of otherix resource that its key belongs to, or {@code other}. */
    public String kind() {
        return row.kind();
    }

    /** Whether its key is this one. */
    public boolean isOf(byte[] key) {
        return row.keyLength == key.length && startsWith(key);
    }

    /** Whether its key begins with these bytes. */
    public boolean startsWith(byte[] prefix) {
        if (row.keyLength < prefix.length) {
            return false;
        }
        // from the end: most keys of otherix have the same beginning
        for (var i = prefix.length - 1; i >= 0; i--) {
            if (file.i8(row.keyAt + i) != prefix[i]) {
                return false;
            }
        }
        return true;
    }

    /** The revision in which the key was created; 0 for a deletion. */
    public long createRevision() {
        return row.createRevision;
    }

    /** How often the key was put since it was created; 0 for a deletion. */
    public long version() {
        return row.version;
    }

    /** The id of the key's lease; 0 for none. */
    public long lease() {
        return row.lease;
    }

    /** In bytes; 0 for a deletion. */
    public long valueLength() {
        return row.valueLength;
    }

    /**
     * A copy of the value.
     *
     * @throws ArithmeticException if it has 2 GiB or more
     */
    public byte[] value() {
        return file.copy(row.valueAt, Math.toIntExact(row.valueLength));
    }

    /** The bytes of the value, as long as the cursor stays at this row. */
    public InputStream openValue() {
        return new StoredValue(file, row.valueAt, row.valueLength);
    }

    /** Writes the value. */
    public void writeValue(OutputStream out) throws IOException {
        for (long done = 0; done < row.valueLength; done += PIECE) {
            out.write(file.copy(row.valueAt + done, (int) Math.min(PIECE, row.valueLength - done)));
        }
    }

    /** Whether this row comes before that of another file: by revision, then by its place in the transaction. */
    public boolean isBefore(RowCursor other) {
        return revision() < other.revision() || revision() == other.revision() && sub() < other.sub();
    }

    /** Whether this row and that of another file are the same change: in every field. */
    public boolean sameAs(RowCursor other) {
        return revision() == other.revision()
                && sub() == other.sub()
                && deletion() == other.deletion()
                && row.createRevision == other.row.createRevision
                && row.version == other.row.version
                && row.lease == other.row.lease
                && file.sameBytes(row.keyAt, row.keyLength, other.file, other.row.keyAt, other.row.keyLength)
                && file.sameBytes(row.valueAt, row.valueLength, other.file, other.row.valueAt, other.row.valueLength);
    }

    /** Where the row is in the file, for {@link StoredRows#sameValue}. */
    public Place place() {
        return new Place(row.valueAt, row.valueLength, row.lease);
    }

    /**
     * A row's value in the file.
     *
     * @param at offset, in bytes
     * @param length in bytes
     * @param lease the id of the key's lease, 0 for none
     */
    public record Place(long at, long length, long lease) {}
}
