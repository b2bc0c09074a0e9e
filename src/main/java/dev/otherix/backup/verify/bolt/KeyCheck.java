package dev.otherix.backup.verify.bolt;

import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/** Checks the position and the order of the keys in a tree's pages. */
final class KeyCheck {

    private final BoltFile file;
    private final long pageSize;
    private final Findings findings;
    private @Nullable String bucket;

    /**
     * The range that a parent sets for the keys in a page: none is below {@code low}, all are below {@code high}. Each
     * is the offset of a key; with length 0 there is no such limit.
     */
    record Range(long low, int lowLength, long high, int highLength) {

        static final Range ALL = new Range(0, 0, 0, 0);
    }

    KeyCheck(BoltFile file, long pageSize, Findings findings) {
        this.file = file;
        this.pageSize = pageSize;
        this.findings = findings;
    }

    /** Findings from here on are in this bucket. */
    void enter(@Nullable String name) {
        bucket = name;
    }

    /**
     * Whether key and value are between the previous ones and the end of the page: bbolt writes them one after the
     * other.
     */
    boolean inside(long id, int i, long key, long length, long value, long data, long end) {
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

    /** Whether the key is in the parent's range. */
    void inRange(long id, int i, long key, int keyLength, Range range) {
        if (range.lowLength() > 0 && file.compare(key, keyLength, range.low(), range.lowLength()) < 0) {
            find(
                    "key_parent",
                    id,
                    () -> "the key of element " + i + " of page " + id + " is below the key that leads to its page");
        }
        if (range.highLength() > 0 && file.compare(key, keyLength, range.high(), range.highLength()) >= 0) {
            find(
                    "key_parent",
                    id,
                    () -> "the key of element " + i + " of page " + id
                            + " is not below the key that leads to the next page");
        }
    }

    /** Whether the key is above the one before it; with length 0 there is none before it. */
    void above(long id, int i, long key, int keyLength, long before, int beforeLength) {
        if (beforeLength > 0 && file.compare(key, keyLength, before, beforeLength) <= 0) {
            find(
                    "key_order",
                    id,
                    () -> "the key of element " + i + " of page " + id + " is not above the key before it");
        }
    }

    void find(String code, @Nullable Long page, Supplier<String> message) {
        findings.add(code, page, bucket, message);
    }
}
