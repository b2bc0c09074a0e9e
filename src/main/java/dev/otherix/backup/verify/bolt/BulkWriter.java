package dev.otherix.backup.verify.bolt;

import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.function.LongConsumer;

/**
 * Writes a database file from front to back: one bucket after the other, each with its rows in the order of their keys.
 * Pages are filled as far as they go, so that the file is as small as after a defragmentation. Memory does not grow
 * with the file: it holds one open page for each level of a tree, and of a row from another file only its place.
 *
 * <p>The result is what bbolt writes for a copy (bbolt: tx.go, WriteTo): both meta pages of one transaction and no
 * stored freelist, which bbolt rebuilds when it opens the file. It is not synced. Not for use by several threads.
 */
public final class BulkWriter {

    private final PageOutput output;
    private final int pageSize;
    private final List<Listed> listed = new ArrayList<>();
    private byte[] name = new byte[0];
    private TreeWriter tree;

    /** A finished bucket. */
    private record Listed(byte[] name, byte[] value) {}

    /**
     * @param target empty, and at its beginning; the caller closes it
     * @param pageSize in bytes, as a meta page says it
     * @param written gets the number of bytes written so far
     */
    public BulkWriter(FileChannel target, int pageSize, LongConsumer written) {
        this.pageSize = pageSize;
        this.output = new PageOutput(target, pageSize, written);
        this.tree = new TreeWriter(output, pageSize);
    }

    /**
     * Begins a bucket; the one before is finished.
     *
     * @param bucketName not that of another bucket of the file
     */
    public void begin(byte[] bucketName) {
        finishBucket();
        name = bucketName.clone();
    }

    /**
     * Adds a row that stands in another file.
     *
     * @param key offset of the key in {@code source}; the value begins where the key ends. Both are read until the
     *     bucket is finished
     */
    public void put(BoltFile source, long key, int keyLength, long valueLength) {
        tree.add(new Element.Stored(source, key, keyLength, valueLength));
    }

    /** Adds a row. */
    public void put(byte[] key, byte[] value) {
        tree.add(new Element.Given(key, value, 0));
    }

    private void finishBucket() {
        if (name.length > 0) {
            listed.add(new Listed(name, tree.isEmpty() ? emptyBucket() : header(tree.finish())));
        }
        tree = new TreeWriter(output, pageSize);
    }

    /** A bucket without rows is a leaf page without elements, inside the page that lists the buckets. */
    private static byte[] emptyBucket() {
        return ByteBuffer.allocate(Page.BUCKET_HEADER + Page.HEADER)
                .order(PageOutput.ORDER)
                .putShort(Page.BUCKET_HEADER + Page.FLAGS, (short) Page.LEAF)
                .array();
    }

    private static byte[] header(long root) {
        return ByteBuffer.allocate(Page.BUCKET_HEADER)
                .order(PageOutput.ORDER)
                .putLong(root)
                .array();
    }

    /**
     * Finishes the last bucket, the list of the buckets and the meta pages.
     *
     * @param txid of the transaction that the file shows
     * @return the length of the file, in bytes
     */
    public long finish(long txid) {
        finishBucket();
        listed.sort((a, b) -> Arrays.compareUnsigned(a.name(), b.name()));
        for (var bucket : listed) {
            tree.add(new Element.Given(bucket.name(), bucket.value(), Page.BUCKET_ELEMENT));
        }
        var root = tree.finish();
        var pages = output.nextPage();
        output.metas(
                new MetaPage(pageSize, root, MetaPage.NO_FREELIST, pages, txid),
                new MetaPage(pageSize, root, MetaPage.NO_FREELIST, pages, txid - 1));
        return pages * pageSize;
    }
}
