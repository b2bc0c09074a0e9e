package dev.otherix.backup.verify.bolt;

import dev.otherix.backup.verify.bolt.KeyCheck.Range;
import org.jspecify.annotations.Nullable;

/**
 * Checks one tree after the other, each from its root to its leaves, and passes on every element whose position is
 * sound. No page is entered twice, whatever the pages point to, so the check of any file ends.
 */
final class TreeCheck {

    /** A deeper bbolt tree would need more pages than a file can have. */
    static final int DEEPEST = 64;

    private final BoltFile file;
    private final long pageSize;
    private final long pages;
    private final PageSet reached;
    private final KeyCheck keys;
    private boolean bucketsWanted;
    private ElementVisitor visitor;
    private long previousKey;
    private int previousLength;

    /** @param pages number of usable pages: up to the high-water mark and the end of the file */
    TreeCheck(BoltFile file, long pageSize, long pages, PageSet reached, Findings findings) {
        this.file = file;
        this.pageSize = pageSize;
        this.pages = pages;
        this.reached = reached;
        this.keys = new KeyCheck(file, pageSize, findings);
        this.visitor = (page, index, key, keyLength, valueLength) -> {};
    }

    /** The tree whose leaves list the buckets; their values are passed on whole. */
    void root(long page, ElementVisitor shown) {
        begin(null, true, shown);
        page(page, 0, Range.ALL);
    }

    /** The tree of one bucket. */
    void bucket(Bucket checked, ElementVisitor shown) {
        begin(checked.name(), false, shown);
        if (checked.inline()) {
            inline(checked);
        } else {
            page(checked.root(), 0, Range.ALL);
        }
    }

    private void begin(@Nullable String name, boolean listsBuckets, ElementVisitor shown) {
        keys.enter(name);
        bucketsWanted = listsBuckets;
        visitor = shown;
        previousLength = 0;
    }

    private void page(long id, int depth, Range range) {
        if (depth > DEEPEST) {
            keys.find("depth", id, () -> "a tree is deeper than " + DEEPEST + " pages");
            return;
        }
        if (id < 2 || id >= pages) {
            keys.find(
                    "page_outside",
                    null,
                    () -> "a tree points to page " + Long.toUnsignedString(id) + ", " + Page.outside(pages));
            return;
        }
        var at = id * pageSize;
        file.enter(at, pageSize);
        if (file.u64(at) != id) {
            keys.find(
                    "page_id", id, () -> "page " + id + " says that it is page " + Long.toUnsignedString(file.u64(at)));
        }
        var flags = Page.flags(file, at);
        if (flags != Page.BRANCH && flags != Page.LEAF) {
            reached.add(id);
            keys.find(
                    "page_flags",
                    id,
                    () -> "page " + id + " has flags 0x%02x where a tree has branches and leaves".formatted(flags));
            return;
        }
        var run = Page.overflow(file, at) + 1;
        if (run > pages - id) {
            reached.add(id);
            keys.find(
                    "page_run",
                    id,
                    () -> "page " + id + " runs over " + run + " pages, past the last one, " + (pages - 1));
            return;
        }
        if (!reached.addRun(id, run)) {
            keys.find(
                    "page_shared",
                    id,
                    () -> "page " + id + ", or one of the " + run + " that it runs over, is reached a second time");
            return;
        }
        file.enter(at, run * pageSize);
        if (flags == Page.BRANCH) {
            branch(id, at, run * pageSize, depth, range);
        } else {
            leaf(id, at, at + run * pageSize, range);
        }
    }

    private void branch(long id, long at, long bytes, int depth, Range range) {
        var count = Page.count(file, at);
        var data = Page.element(at, count);
        if (count == 0 || data > at + bytes) {
            keys.find(
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
            if (!keys.inside(id, i, key, length, 0, data, at + bytes)) {
                continue;
            }
            var keyLength = (int) length;
            data = key + length;
            keys.above(id, i, key, keyLength, lastKey, lastLength);
            keys.inRange(id, i, key, keyLength, range);
            lastKey = key;
            lastLength = keyLength;
            page(
                    Page.child(file, element),
                    depth + 1,
                    below(range, key, keyLength, at, bytes, i + 1 < count ? i + 1 : -1));
        }
    }

    /** The range of a child: from its own key to the next one on its page, or to the end of the page's range. */
    private Range below(Range range, long key, int keyLength, long at, long bytes, int next) {
        if (next >= 0) {
            var element = Page.element(at, next);
            var nextKey = Page.branchKey(file, element);
            var nextLength = Page.branchKeyLength(file, element);
            // a key outside its page is reported when it is checked itself
            if (nextLength > 0 && nextLength <= Page.LONGEST_KEY && nextKey + nextLength <= at + bytes) {
                return new Range(key, keyLength, nextKey, (int) nextLength);
            }
        }
        return new Range(key, keyLength, range.high(), range.highLength());
    }

    private void inline(Bucket checked) {
        var at = checked.inlineAt();
        var end = at + checked.inlineLength();
        if (checked.inlineLength() < Page.HEADER
                || Page.flags(file, at) != Page.LEAF
                || file.u64(at) != 0
                || Page.overflow(file, at) != 0) {
            keys.find(
                    "inline_bucket",
                    checked.page(),
                    () -> "the bucket is inside page " + checked.page() + ", where " + checked.inlineLength()
                            + " bytes are no leaf page with id 0");
            return;
        }
        leaf(checked.page(), at, end, Range.ALL);
    }

    private void leaf(long id, long at, long end, Range range) {
        var count = Page.count(file, at);
        var data = Page.element(at, count);
        if (data > end) {
            keys.find(
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
            if (!keys.inside(id, i, key, length, value, data, end)) {
                continue;
            }
            data = key + length + value;
            var flags = Page.leafFlags(file, element);
            if (flags != (bucketsWanted ? Page.BUCKET_ELEMENT : 0)) {
                var position = i;
                keys.find(
                        "element_flags",
                        id,
                        () -> "element " + position + " of leaf page " + id + " has flags " + flags + " where "
                                + (bucketsWanted ? "a bucket has 1" : "a key has 0"));
                continue;
            }
            var keyLength = (int) length;
            keys.above(id, i, key, keyLength, previousKey, previousLength);
            if (i == 0 || i == count - 1) {
                keys.inRange(id, i, key, keyLength, range);
            }
            previousKey = key;
            previousLength = keyLength;
            visitor.element(id, i, key, keyLength, value);
        }
    }
}
