package dev.otherix.backup.verify.bolt;

/**
 * Walks the elements of one bucket, in order or backwards, of a file in which the check found no fault: it trusts the
 * file.
 */
public final class BucketCursor {

    private final BoltFile file;
    private final long pageSize;
    private final Bucket bucket;

    /** @param report of {@code file}, which is sound */
    public BucketCursor(BoltFile file, BoltReport report, Bucket bucket) {
        if (!report.sound()) {
            throw new IllegalArgumentException("a file with " + report.findingCount() + " findings cannot be walked");
        }
        this.file = file;
        this.pageSize = report.pageSize();
        this.bucket = bucket;
    }

    /** From the smallest key to the largest. */
    public void forward(ElementVisitor visitor) {
        walk(visitor, true);
    }

    /** From the largest key to the smallest. */
    public void backward(ElementVisitor visitor) {
        walk(visitor, false);
    }

    private void walk(ElementVisitor visitor, boolean ascending) {
        if (bucket.inline()) {
            leaf(bucket.page(), bucket.inlineAt(), visitor, ascending);
        } else {
            page(bucket.root(), visitor, ascending);
        }
    }

    private void page(long id, ElementVisitor visitor, boolean ascending) {
        var at = id * pageSize;
        file.enter(at, pageSize);
        file.enter(at, (Page.overflow(file, at) + 1) * pageSize);
        if (Page.flags(file, at) == Page.LEAF) {
            leaf(id, at, visitor, ascending);
            return;
        }
        var count = Page.count(file, at);
        for (int i = 0; i < count; i++) {
            page(Page.child(file, Page.element(at, ascending ? i : count - 1 - i)), visitor, ascending);
        }
    }

    private void leaf(long id, long at, ElementVisitor visitor, boolean ascending) {
        var count = Page.count(file, at);
        for (int i = 0; i < count; i++) {
            int index = ascending ? i : count - 1 - i;
            var element = Page.element(at, index);
            visitor.element(
                    id,
                    index,
                    Page.leafKey(file, element),
                    (int) Page.leafKeyLength(file, element),
                    Page.valueLength(file, element));
        }
    }
}
