package dev.otherix.backup.verify.bolt;

import org.jspecify.annotations.Nullable;

/** Chooses the meta page to go by, and tells what is wrong with either. */
final class Metas {

    static final int SMALLEST_PAGE = 1 << 10;
    static final int LARGEST_PAGE = 64 << 10;

    private Metas() {}

    /**
     * The meta page to go by: the valid one of the later transaction.
     *
     * @param streamed whether both metas were made from one transaction, as etcd does for a snapshot: ids T and T-1, all else equal
     * @return null where no meta page is usable
     */
    static @Nullable MetaPage choose(BoltFile file, boolean streamed, BoltFindings findings) {
        var first = at(file, 0, 0, findings);
        long pageSize = first != null ? first.pageSize() : probe(file);
        if (pageSize == 0) {
            findings.add("no_meta", null, null, () -> "neither meta page is valid; this is no bbolt database, or its beginning is lost");
            return null;
        }
        if (!plausible(pageSize)) {
            findings.add("page_size", 0L, null, () -> "page size " + pageSize + " is not a power of two from " + SMALLEST_PAGE + " to "
                    + LARGEST_PAGE);
            return null;
        }
        var second = at(file, pageSize, 1, findings);
        if (first == null || second == null) {
            return first != null ? first : second;
        }
        if (streamed) {
            compare(first, second, findings);
            return first;
        }
        return Long.compareUnsigned(first.txid(), second.txid()) >= 0 ? first : second;
    }

    private static @Nullable MetaPage at(BoltFile file, long offset, long page, BoltFindings findings) {
        var problem = MetaPage.problem(file, offset);
        if (problem != null) {
            findings.add("meta", page, null, () -> "meta page " + page + " is not valid: " + problem);
            return null;
        }
        if (file.u64(offset) != page || Page.flags(file, offset) != Page.META) {
            findings.add("meta", page, null, () -> "meta page " + page + " says that it is page " + Long.toUnsignedString(file.u64(offset))
                    + " with flags 0x%02x".formatted(Page.flags(file, offset)));
        }
        return MetaPage.read(file, offset);
    }

    /** The page size that a valid second meta page tells by its place, 0 where there is none. */
    private static long probe(BoltFile file) {
        for (long size = SMALLEST_PAGE; size <= LARGEST_PAGE; size <<= 1) {
            if (MetaPage.problem(file, size) == null && MetaPage.read(file, size).pageSize() == size) {
                return size;
            }
        }
        return 0;
    }

    private static boolean plausible(long pageSize) {
        return pageSize >= SMALLEST_PAGE && pageSize <= LARGEST_PAGE && Long.bitCount(pageSize) == 1;
    }

    private static void compare(MetaPage first, MetaPage second, BoltFindings findings) {
        var expected = new MetaPage(first.pageSize(), first.root(), first.freelist(), first.highWaterMark(), first.txid() - 1);
        if (!second.equals(expected)) {
            findings.add("meta_relation", 1L, null, () -> "the meta pages are not of one transaction: " + first + " and " + second);
        }
    }
}
