package dev.otherix.backup.verify.bolt;

/**
 * Offsets in a page (bbolt: internal/common/page.go). Header: id u64, flags u16, count u16, overflow u32. Elements of
 * 16 bytes follow, then keys and values; {@code pos} of an element counts from the element's own start. Branch: pos
 * u32, ksize u32, child u64. Leaf: flags u32, pos u32, ksize u32, vsize u32.
 */
final class Page {

    static final int HEADER = 16;
    /** Offset of the flags in the header. */
    static final int FLAGS = 8;

    static final int ELEMENT = 16;
    static final int BRANCH = 0x01;
    static final int LEAF = 0x02;
    static final int META = 0x04;
    static final int FREELIST = 0x10;
    static final int BUCKET_ELEMENT = 0x01;
    /** The beginning of a bucket's value: root page u64, sequence u64. */
    static final int BUCKET_HEADER = 16;

    static final int LONGEST_KEY = 32768;

    private Page() {}

    /** Why a tree or the freelist cannot use a page, in a file with this many pages; the end of a sentence. */
    static String outside(long pages) {
        return pages > 2 ? "and only 2 to " + (pages - 1) + " are there" : "and none is there after the meta pages";
    }

    static int flags(BoltFile file, long at) {
        return file.u16(at + FLAGS);
    }

    static int count(BoltFile file, long at) {
        return file.u16(at + 10);
    }

    static long overflow(BoltFile file, long at) {
        return file.u32(at + 12);
    }

    static long element(long at, int index) {
        return at + HEADER + (long) index * ELEMENT;
    }

    static long branchKey(BoltFile file, long element) {
        return element + file.u32(element);
    }

    static long branchKeyLength(BoltFile file, long element) {
        return file.u32(element + 4);
    }

    static long child(BoltFile file, long element) {
        return file.u64(element + 8);
    }

    static long leafFlags(BoltFile file, long element) {
        return file.u32(element);
    }

    static long leafKey(BoltFile file, long element) {
        return element + file.u32(element + 4);
    }

    static long leafKeyLength(BoltFile file, long element) {
        return file.u32(element + 8);
    }

    static long valueLength(BoltFile file, long element) {
        return file.u32(element + 12);
    }
}
