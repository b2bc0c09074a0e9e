package dev.otherix.backup.verify.bolt;

import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/**
 * Checks one tree after the other, each from its root to its leaves, and shows every element whose place is sound. No
 * page is entered twice, whatever the pages point to, so the check of any file ends.
 */
final class TreeCheck {

    /** bbolt fills a tree of this depth only with more pages than a file can have. */
    private static final int DEEPEST = 64;

    private final BoltFile file;
    private final long pageSize;
    private final long pages;
    private final PageSet reached;
    private final Findings findings;
    private @Nullable String bucket;
    private boolean bucketsWanted;
    private ElementVisitor visitor;
    private long previousKey;
    private int previousLength;

    /** @param pages how many may be used: up to the high-water mark and the end of the file */
    TreeCheck(BoltFile file, long pageSize, long pages, PageSet reached, Findings findings) {
        this.file = file;
        this.pageSize = pageSize;
        this.pages = pages;
        this.reached = reached;
        this.findings = findings;
        this.visitor = (page, index, key, keyLength, valueLength) -> {};
    }

    /** The tree whose leaves list the buckets; their values are shown whole. */
    void root(long page, ElementVisitor shown) {
        begin(null, true, shown);
        page(page, 0, 0, 0, 0, 0);
    }

    /** The tree of one bucket. */
    void bucket(Bucket checked, ElementVisitor shown) {
        begin(checked.name(), false, shown);
        if (checked.inline()) {
            inline(checked);
        } else {
            page(checked.root(), 0, 0, 0, 0, 0);
        }
    }

    private void begin(@Nullable String name, boolean listsBuckets, ElementVisitor shown) {
        bucket = name;
        bucketsWanted = listsBuckets;
        visitor = shown;
        previousLength = 0;
    }

    /**
     * @param low offset of the parent's key, which no key here is below; @param high of the next one, which all are
     *     below; length 0: none
     */
    private void page(long id, int depth, long low, int lowLength, long high, int highLength) {
        if (depth > DEEPEST) {
            find("depth", id, () -> "a tree is deeper than " + DEEPEST + " pages");
            return;
        }
        if (id < 2 || id >= pages) {
            find(
                    "page_outside",
                    null,
                    () -> "a tree points to page " + Long.toUnsignedString(id) + ", " + Page.outside(pages));
            return;
        }
        var at = id * pageSize;
        file.enter(at, pageSize);
        if (file.u64(at) != id) {
            find("page_id", id, () -> "page " + id + " says that it is page " + Long.toUnsignedString(file.u64(at)));
        }
        var flags = Page.flags(file, at);
        if (flags != Page.BRANCH && flags != Page.LEAF) {
            reached.add(id);
            find(
                    "page_flags",
                    id,
                    () -> "page " + id + " has flags 0x%02x where a tree has branches and leaves".formatted(flags));
            return;
        }
        var run = Page.overflow(file, at) + 1;
        if (run > pages - id) {
            reached.add(id);
            find(
                    "page_run",
                    id,
                    () -> "page " + id + " runs over " + run + " pages, past the last one, " + (pages - 1));
            return;
        }
        if (!reached.addRun(id, run)) {
            find(
                    "page_shared",
                    id,
                    () -> "page " + id + ", or one of the " + run + " that it runs over, is reached a second time");
            return;
        }
        file.enter(at, run * pageSize);
        if (flags == Page.BRANCH) {
            branch(id, at, run * pageSize, depth, low, lowLength, high, highLength);
        } else {
            leaf(id, at, at + run * pageSize, low, lowLength, high, highLength);
        }
    }

    private void branch(long id, long at, long bytes, int depth, long low, int lowLength, long high, int highLength) {
        var count = Page.count(file, at);
        var data = Page.element(at, count);
        if (count == 0 || data > at + bytes) {
            find(
                    "element_count",
                    id,
                    () -> "branch page " + id + " says that it has " + count + " elements in " + bytes + " bytes");
            return;
        }
        long lastKey = 0;
        int lastLength = 0;
        for (int i = 0; i < count; i++) {
            var element = Page.element(at, i);
            var key = Page.branchKey(file, element);
            var length = Page.branchKeyLength(file, element);
            if (!keyInside(id, i, key, length, 0, data, at + bytes)) {
                continue;
            }
            var keyLength = (int) length;
            data = key + length;
            if (lastLength > 0 && file.compare(key, keyLength, lastKey, lastLength) <= 0) {
                findOrder(id, i);
            }
            boundaries(id, i, key, keyLength, low, lowLength, high, highLength);
            lastKey = key;
            lastLength = keyLength;
            var nextKey = high;
            var nextLength = highLength;
            if (i + 1 < count) {
                var next = Page.element(at, i + 1);
                var nextAt = Page.branchKey(file, next);
                var nextBytes = Page.branchKeyLength(file, next);
                // a key that is not inside its page is told at its own turn
                if (nextBytes > 0 && nextBytes <= Page.LONGEST_KEY && nextAt + nextBytes <= at + bytes) {
                    nextKey = nextAt;
                    nextLength = (int) nextBytes;
                }
            }
            page(Page.child(file, element), depth + 1, key, keyLength, nextKey, nextLength);
        }
    }

    private void inline(Bucket checked) {
        var at = checked.inlineAt();
        var end = at + checked.inlineLength();
        if (checked.inlineLength() < Page.HEADER
                || Page.flags(file, at) != Page.LEAF
                || file.u64(at) != 0
                || Page.overflow(file, at) != 0) {
            find(
                    "inline_bucket",
                    checked.page(),
                    () -> "the bucket is inside page " + checked.page() + ", where " + checked.inlineLength()
                            + " bytes are no leaf page with id 0");
            return;
        }
        leaf(checked.page(), at, end, 0, 0, 0, 0);
    }

    private void leaf(long id, long at, long end, long low, int lowLength, long high, int highLength) {
        var count = Page.count(file, at);
        var data = Page.element(at, count);
        if (data > end) {
            find(
                    "element_count",
                    id,
                    () -> "leaf page " + id + " says that it has " + count + " elements in " + (end - at) + " bytes");
            return;
        }
        for (int i = 0; i < count; i++) {
            var element = Page.element(at, i);
            var key = Page.leafKey(file, element);
            var length = Page.leafKeyLength(file, element);
            var value = Page.valueLength(file, element);
            if (!keyInside(id, i, key, length, value, data, end)) {
                continue;
            }
            data = key + length + value;
            var flags = Page.leafFlags(file, element);
            if (flags != (bucketsWanted ? Page.BUCKET_ELEMENT : 0)) {
                var position = i;
                find(
                        "element_flags",
                        id,
                        () -> "element " + position + " of leaf page " + id + " has flags " + flags + " where "
                                + (bucketsWanted ? "a bucket has 1" : "a key has 0"));
                continue;
            }
            var keyLength = (int) length;
            if (previousLength > 0 && file.compare(key, keyLength, previousKey, previousLength) <= 0) {
                findOrder(id, i);
            }
            if (i == 0 || i == count - 1) {
                boundaries(id, i, key, keyLength, low, lowLength, high, highLength);
            }
            previousKey = key;
            previousLength = keyLength;
            visitor.element(id, i, key, keyLength, value);
        }
    }

    /**
     * Whether key and value lie between what came before them and the end of the page: bbolt writes them one after the
     * other.
     */
    private boolean keyInside(long id, int i, long key, long length, long value, long data, long end) {
        if (length > 0 && length <= Page.LONGEST_KEY && key >= data && key + length + value <= end) {
            return true;
        }
        find(
                "element_bounds",
                id,
                () -> "element " + i + " of page " + id + " has a key of " + length + " and a value of " + value
                        + " bytes at " + (key - id * pageSize) + "; its page has room from " + (data - id * pageSize)
                        + " to " + (end - id * pageSize));
        return false;
    }

    private void boundaries(
            long id, int i, long key, int keyLength, long low, int lowLength, long high, int highLength) {
        if (lowLength > 0 && file.compare(key, keyLength, low, lowLength) < 0) {
            find(
                    "key_parent",
                    id,
                    () -> "the key of element " + i + " of page " + id + " is below the key that leads to its page");
        }
        if (highLength > 0 && file.compare(key, keyLength, high, highLength) >= 0) {
            find(
                    "key_parent",
                    id,
                    () -> "the key of element " + i + " of page " + id
                            + " is not below the key that leads to the next page");
        }
    }

    private void findOrder(long id, int i) {
        find("key_order", id, () -> "the key of element " + i + " of page " + id + " is not above the key before it");
    }

    private void find(String code, @Nullable Long page, Supplier<String> message) {
        findings.add(code, page, bucket, message);
    }
}
