package dev.otherix.backup.verify.bolt;

/**
 * The stored list of free pages (bbolt: internal/freelist). A count of 0xFFFF means that the first number is the real
 * count. etcd on Linux does not store one; builds for other systems do.
 */
final class Freelist {

    private static final int COUNT_ESCAPE = 0xFFFF;

    private Freelist() {}

    /** Checks the list at {@code page}, and that each page is either in {@code reached} or free. */
    static void check(BoltFile file, long pageSize, long pages, long page, PageSet reached, Findings findings) {
        if (page < 2 || page >= pages) {
            findings.add(
                    "freelist",
                    null,
                    null,
                    () -> "the freelist is said to be page " + Long.toUnsignedString(page) + ", "
                            + Page.outside(pages));
            return;
        }
        var at = page * pageSize;
        if (file.u64(at) != page) {
            findings.add(
                    "page_id",
                    page,
                    null,
                    () -> "page " + page + " says that it is page " + Long.toUnsignedString(file.u64(at)));
        }
        if (Page.flags(file, at) != Page.FREELIST) {
            findings.add(
                    "page_flags",
                    page,
                    null,
                    () -> "page " + page
                            + " has flags 0x%02x where the freelist has 0x10".formatted(Page.flags(file, at)));
            return;
        }
        var run = Page.overflow(file, at) + 1;
        if (run > pages - page) {
            findings.add(
                    "page_run",
                    page,
                    null,
                    () -> "page " + page + " runs over " + run + " pages, past the last one, " + (pages - 1));
            return;
        }
        if (!reached.addRun(page, run)) {
            findings.add(
                    "page_shared",
                    page,
                    null,
                    () -> "the freelist's page " + page + ", or one of the " + run
                            + " that it runs over, is part of a tree");
        }
        file.enter(at, run * pageSize);
        var room = (run * pageSize - Page.HEADER) / Long.BYTES;
        var escaped = Page.count(file, at) == COUNT_ESCAPE;
        var ids = at + Page.HEADER + (escaped ? Long.BYTES : 0);
        long count = escaped ? file.u64(at + Page.HEADER) : Page.count(file, at);
        if (count < 0 || count > room - (escaped ? 1 : 0)) {
            findings.add(
                    "element_count",
                    page,
                    null,
                    () -> "the freelist says that it has " + Long.toUnsignedString(count) + " pages in room for "
                            + room);
            return;
        }
        var free = read(file, pages, page, ids, count, reached, findings);
        for (long each = 2; each < pages; each++) {
            var lost = each;
            if (!reached.contains(each) && !free.contains(each)) {
                findings.add("page_unreachable", lost, null, () -> "page " + lost + " is in no tree and not free");
            }
        }
    }

    private static PageSet read(
            BoltFile file, long pages, long page, long ids, long count, PageSet reached, Findings findings) {
        var free = new PageSet(pages);
        long previous = 1;
        for (long i = 0; i < count; i++) {
            var id = file.u64(ids + i * Long.BYTES);
            if (id < 2 || id >= pages) {
                findings.add(
                        "freelist",
                        page,
                        null,
                        () -> "the freelist names page " + Long.toUnsignedString(id) + ", " + Page.outside(pages));
                continue;
            }
            if (id <= previous) {
                findings.add("freelist", page, null, () -> "the freelist names page " + id + " twice or out of order");
            }
            if (reached.contains(id)) {
                findings.add("freelist", id, null, () -> "page " + id + " is free and in a tree");
            }
            free.add(id);
            previous = id;
        }
        return free;
    }
}
