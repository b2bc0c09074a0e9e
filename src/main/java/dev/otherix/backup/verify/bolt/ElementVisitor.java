package dev.otherix.backup.verify.bolt;

/** Gets the keys and values of top-level buckets, in the order of the file. Offsets are into {@link BoltFile#bytes}. */
public interface ElementVisitor {

    /**
     * The file's meta page was read.
     *
     * @param pageSize in bytes
     * @param txid of the transaction that the file shows
     */
    default void begin(int pageSize, long txid) {}

    /** The elements that follow are in this bucket. */
    default void bucket(Bucket bucket) {}

    /**
     * One key with its value; the value begins where the key ends.
     *
     * @param page where it is; for a bucket inside a page, the enclosing page
     * @param index its position in the page, from 0
     * @param key offset of the key
     */
    void element(long page, int index, long key, int keyLength, long valueLength);
}
