package dev.otherix.backup.verify.bolt;

import org.jspecify.annotations.Nullable;

/** Chooses the meta page to use, and reports what is wrong with each. */
final class Metas {

    static final int SMALLEST_PAGE = 1 << 10;
    static final int LARGEST_PAGE = 64 << 10;

    private final BoltFile file;
    private final Findings findings;
    private @Nullable String torn;

    Metas(BoltFile file, Findings findings) {
        this.file = file;
        this.findings = findings;
    }

    /**
     * The meta page to use: the valid one with the later transaction.
     *
     * @param streamed whether both meta pages come from one transaction, as in a snapshot by etcd: ids T and T-1,
     *     everything else equal; otherwise one valid page is enough
     * @return null if no meta page is usable
     */
    @Nullable
    MetaPage choose(boolean streamed) {
        var wrong = MetaPage.problem(file, 0);
        long pageSize = wrong == null ? MetaPage.read(file, 0).pageSize() : probe();
        if (pageSize == 0) {
            findInvalid(0, wrong);
            findings.add(
                    "no_meta",
                    null,
                    null,
                    () -> "neither meta page is valid; this is no bbolt database, or its beginning is lost");
            return null;
        }
        if (!plausible(pageSize)) {
            findings.add(
                    "page_size",
                    0L,
                    null,
                    () -> "page size " + pageSize + " is not a power of two from " + SMALLEST_PAGE + " to "
                            + LARGEST_PAGE);
            return null;
        }
        var secondWrong = MetaPage.problem(file, pageSize);
        if (wrong != null || secondWrong != null) {
            long bad = wrong != null ? 0 : 1;
            one(streamed || file.length() < 2 * pageSize, bad, wrong != null ? wrong : secondWrong);
            return valid(1 - bad, pageSize);
        }
        var first = valid(0, pageSize);
        var second = valid(1, pageSize);
        if (streamed) {
            compare(first, second);
            return first;
        }
        return Long.compareUnsigned(first.txid(), second.txid()) >= 0 ? first : second;
    }

    /** What is wrong with the page that is not used, if it may be torn. */
    @Nullable
    String torn() {
        return torn;
    }

    private void one(boolean finding, long bad, @Nullable String problem) {
        if (finding) {
            findInvalid(bad, problem);
        } else {
            torn = "meta page " + bad + " is torn (" + problem + "); the file is read by meta page " + (1 - bad)
                    + ", as etcd reads it. The last write before the crash may be missing";
        }
    }

    private void findInvalid(long page, @Nullable String problem) {
        findings.add("meta", page, null, () -> "meta page " + page + " is not valid: " + problem);
    }

    private MetaPage valid(long page, long pageSize) {
        var offset = page * pageSize;
        if (file.u64(offset) != page || Page.flags(file, offset) != Page.META) {
            findings.add(
                    "meta",
                    page,
                    null,
                    () -> "meta page " + page + " says that it is page " + Long.toUnsignedString(file.u64(offset))
                            + " with flags 0x%02x".formatted(Page.flags(file, offset)));
        }
        return MetaPage.read(file, offset);
    }

    /** The page size that follows from the position of a valid second meta page, 0 if there is none. */
    private long probe() {
        for (long size = SMALLEST_PAGE; size <= LARGEST_PAGE; size <<= 1) {
            if (MetaPage.problem(file, size) == null
                    && MetaPage.read(file, size).pageSize() == size) {
                return size;
            }
        }
        return 0;
    }

    private static boolean plausible(long pageSize) {
        return pageSize >= SMALLEST_PAGE && pageSize <= LARGEST_PAGE && Long.bitCount(pageSize) == 1;
    }

    private void compare(MetaPage first, MetaPage second) {
        var expected =
                new MetaPage(first.pageSize(), first.root(), first.freelist(), first.highWaterMark(), first.txid() - 1);
        if (!second.equals(expected)) {
            findings.add(
                    "meta_relation",
                    1L,
                    null,
                    () -> "the meta pages are not of one transaction: " + text(0, first) + ", and " + text(1, second));
        }
    }

    private static String text(int page, MetaPage meta) {
        return "page " + page + " is of transaction " + Long.toUnsignedString(meta.txid()) + " with its root at page "
                + Long.toUnsignedString(meta.root()) + ", " + Long.toUnsignedString(meta.highWaterMark()) + " pages of "
                + meta.pageSize() + " bytes and "
                + (meta.freelist() == MetaPage.NO_FREELIST
                        ? "no freelist"
                        : "the freelist at page " + Long.toUnsignedString(meta.freelist()));
    }
}
