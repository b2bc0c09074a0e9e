package dev.otherix.backup.verify;

import dev.otherix.backup.verify.bolt.BoltFile;
import dev.otherix.backup.verify.bolt.Bucket;
import dev.otherix.backup.verify.bolt.BucketCursor;
import dev.otherix.backup.verify.bolt.BulkWriter;
import dev.otherix.backup.verify.bolt.ElementVisitor;
import java.nio.channels.FileChannel;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.Iterator;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.Set;
import java.util.function.BiPredicate;
import org.jspecify.annotations.Nullable;

/** Gets each entry of a file as it is verified, and writes it; the buckets that are held back come at the end. */
final class CopiedFile implements ElementVisitor {

    private final BoltFile source;
    private final FileChannel target;
    private final long revision;
    private final long bump;
    private final Set<String> heldBack;
    private final BucketSums sums = new BucketSums();
    private long raisedTo;
    private @Nullable BulkWriter writer;
    private long txid;
    private boolean inKey;
    private boolean held;
    private long lastMain;

    /**
     * @param revision rows of bucket {@code key} above it are left out
     * @param bump how far above the source's last row a row is added, 0 = none
     * @param heldBack buckets that are not written as they are read
     */
    CopiedFile(BoltFile source, FileChannel target, long revision, long bump, Set<String> heldBack) {
        this.source = source;
        this.target = target;
        this.revision = revision;
        this.bump = bump;
        this.heldBack = heldBack;
    }

    @Override
    public void begin(int pageSize, long shown) {
        writer = new BulkWriter(target, pageSize, _ -> {});
        txid = shown;
    }

    private BulkWriter writer() {
        return Objects.requireNonNull(writer, "the meta page comes first");
    }

    @Override
    public void bucket(Bucket bucket) {
        endKeys();
        inKey = bucket.name().equals(RowCheck.KEY);
        held = heldBack.contains(bucket.name());
        if (!held) {
            begin(bucket.name(), source.copy(bucket.nameAt(), bucket.nameLength()));
        }
    }

    @Override
    public void element(long page, int index, long key, int keyLength, long valueLength) {
        if (held) {
            return;
        }
        if (inKey) {
            if (!RevisionKey.wellFormed(source, key, keyLength)) {
                return;
            }
            lastMain = RevisionKey.main(source, key);
            if (lastMain > revision) {
                return;
            }
        }
        put(key, keyLength, valueLength);
    }

    /** Adds the row that raises the revision, once, as etcdutl makes it: above the main revision of the last row. */
    private void endKeys() {
        if (inKey && bump > 0) {
            raisedTo = lastMain + bump;
            put(RevisionKey.of(raisedTo), new byte[0]);
        }
        inKey = false;
    }

    private void begin(String name, byte[] bytes) {
        sums.enter(name);
        writer().begin(bytes);
    }

    private void put(long key, int keyLength, long valueLength) {
        sums.add(source, key, keyLength + valueLength);
        writer().put(source, key, keyLength, valueLength);
    }

    private void put(byte[] key, byte[] value) {
        sums.add(key, value);
        writer().put(key, value);
    }

    /** The raised revision, 0 without one. */
    long raisedTo() {
        return raisedTo;
    }

    /**
     * Writes a bucket that was held back.
     *
     * @param stored its entries in the source
     * @param stays which of them stay, by the place and length of their keys
     * @param others entries that it gets, in the order of their keys; each replaces one of the source with its key
     */
    void write(
            String bucket,
            Optional<BucketCursor> stored,
            BiPredicate<Long, Integer> stays,
            Iterator<Map.Entry<byte[], byte[]>> others) {
        endKeys();
        begin(bucket, bucket.getBytes(StandardCharsets.UTF_8));
        var next = others.hasNext() ? others.next() : null;
        if (stored.isPresent()) {
            var rows = stored.get().forward();
            while (rows.next()) {
                var replaced = false;
                while (next != null) {
                    var order = Arrays.compareUnsigned(next.getKey(), source.copy(rows.key(), rows.keyLength()));
                    if (order > 0) {
                        break;
                    }
                    replaced |= order == 0;
                    put(next.getKey(), next.getValue());
                    next = others.hasNext() ? others.next() : null;
                }
                if (!replaced && stays.test(rows.key(), rows.keyLength())) {
                    put(rows.key(), rows.keyLength(), rows.valueLength());
                }
            }
        }
        while (next != null) {
            put(next.getKey(), next.getValue());
            next = others.hasNext() ? others.next() : null;
        }
    }

    /** Writes the rest; returns the length of the file. */
    long finish() {
        endKeys();
        return writer().finish(txid);
    }

    /** What was written. */
    BucketSums sums() {
        return sums;
    }
}
