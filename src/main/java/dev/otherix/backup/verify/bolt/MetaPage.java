package dev.otherix.backup.verify.bolt;

import java.nio.ByteBuffer;
import org.jspecify.annotations.Nullable;

/**
 * A meta page: page 0 or 1 of a file (bbolt: internal/common/meta.go). Its struct follows the page header of 16 bytes.
 *
 * @param pageSize in bytes
 * @param root page of the tree that lists the buckets
 * @param freelist page of the freelist, {@link #NO_FREELIST} if it is not stored
 * @param highWaterMark the first page that was never used, which is the number of pages of the file
 * @param txid of the transaction that wrote it
 */
record MetaPage(long pageSize, long root, long freelist, long highWaterMark, long txid) {

    static final long NO_FREELIST = -1;
    /** Header and struct, in bytes. */
    static final int BYTES = 80;

    private static final long MAGIC = 0xED0CDAEDL;
    private static final long VERSION = 2;
    private static final int STRUCT = 16;
    private static final int CHECKSUM = 56;
    private static final long FNV_OFFSET = 0xcbf29ce484222325L;
    private static final long FNV_PRIME = 0x100000001b3L;

    /** What is wrong with the meta page at {@code page}; null if it is valid. */
    static @Nullable String problem(BoltFile file, long page) {
        if (page + BYTES > file.length()) {
            return "the file ends before it";
        }
        var at = page + STRUCT;
        if (file.u32(at) != MAGIC) {
            return "magic is 0x%08x".formatted(file.u32(at));
        }
        if (file.u32(at + 4) != VERSION) {
            return "version is " + file.u32(at + 4);
        }
        var sum = checksum(file, at);
        if (file.u64(at + CHECKSUM) != sum) {
            return "checksum is %016x, its content has %016x".formatted(file.u64(at + CHECKSUM), sum);
        }
        return null;
    }

    /** Reads the meta page at {@code page}, which has no problem. */
    static MetaPage read(BoltFile file, long page) {
        var at = page + STRUCT;
        return new MetaPage(
                file.u32(at + 8), file.u64(at + 16), file.u64(at + 32), file.u64(at + 40), file.u64(at + 48));
    }

    /**
     * Writes it as page {@code id}.
     *
     * @param page of the page size, filled with zeros
     */
    void write(ByteBuffer page, long id) {
        page.putLong(0, id).putShort(Page.FLAGS, (short) Page.META);
        page.putInt(STRUCT, (int) MAGIC)
                .putInt(STRUCT + 4, (int) VERSION)
                .putInt(STRUCT + 8, (int) pageSize)
                .putLong(STRUCT + 16, root)
                .putLong(STRUCT + 32, freelist)
                .putLong(STRUCT + 40, highWaterMark)
                .putLong(STRUCT + 48, txid);
        var sum = FNV_OFFSET;
        for (int i = 0; i < CHECKSUM; i++) {
            sum = (sum ^ Byte.toUnsignedLong(page.get(STRUCT + i))) * FNV_PRIME;
        }
        page.putLong(STRUCT + CHECKSUM, sum);
    }

    /** 64-bit FNV-1a over everything before the checksum. */
    private static long checksum(BoltFile file, long at) {
        var sum = FNV_OFFSET;
        for (int i = 0; i < CHECKSUM; i += 2) {
            var two = file.u16(at + i);
            sum = (sum ^ (two & 0xff)) * FNV_PRIME;
            sum = (sum ^ (two >>> 8)) * FNV_PRIME;
        }
        return sum;
    }
}
