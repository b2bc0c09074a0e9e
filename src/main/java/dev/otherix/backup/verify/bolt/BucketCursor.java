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
        all(forward(), visitor);
    }

    /** From the largest key to the smallest. */
    public void backward(ElementVisitor visitor) {
        all(backward(), visitor);
    }

    /** A walk from the smallest key to the largest, step by step. */
    public Walk forward() {
        return new Walk(true);
    }

    /** A walk from the largest key to the smallest, step by step. */
    public Walk backward() {
        return new Walk(false);
    }

    private static void all(Walk walk, ElementVisitor visitor) {
        while (walk.next()) {
            visitor.element(walk.page, walk.index, walk.key, walk.keyLength, walk.valueLength);
        }
    }

    /** Where a walk is: before the first element, at an element, or behind the last one. */
    public final class Walk {

        private final boolean ascending;
        private final long[] branches = new long[TreeCheck.DEEPEST + 1];
        private final int[] next = new int[TreeCheck.DEEPEST + 1];
        private int depth = -1;
        private boolean begun;
        private long leaf;
        private int left;
        private long page;
        private int index;
        private long key;
        private int keyLength;
        private long valueLength;

        private Walk(boolean ascending) {
            this.ascending = ascending;
        }

        /** Goes to the next element; false behind the last one. */
        public boolean next() {
            while (left == 0) {
                if (!nextLeaf()) {
                    return false;
                }
            }
            left--;
            index += ascending ? 1 : -1;
            var element = Page.element(leaf, index);
            key = Page.leafKey(file, element);
            keyLength = (int) Page.leafKeyLength(file, element);
            valueLength = Page.valueLength(file, element);
            return true;
        }

        private boolean nextLeaf() {
            if (!begun) {
                begun = true;
                if (bucket.inline()) {
                    enterLeaf(bucket.page(), bucket.inlineAt());
                } else {
                    enter(bucket.root());
                }
                return true;
            }
            while (depth >= 0) {
                var branch = branches[depth];
                var count = Page.count(file, branch);
                var child = next[depth]++;
                if (child < count) {
                    enter(Page.child(file, Page.element(branch, ascending ? child : count - 1 - child)));
                    return true;
                }
                depth--;
            }
            return false;
        }

        private void enter(long id) {
            var at = id * pageSize;
            file.enter(at, pageSize);
            file.enter(at, (Page.overflow(file, at) + 1) * pageSize);
            if (Page.flags(file, at) == Page.LEAF) {
                enterLeaf(id, at);
            } else {
                depth++;
                branches[depth] = at;
                next[depth] = 0;
            }
        }

        private void enterLeaf(long id, long at) {
            page = id;
            leaf = at;
            left = Page.count(file, at);
            index = ascending ? -1 : left;
        }

        /** Offset of the key; the value begins where the key ends. */
        public long key() {
            return key;
        }

        /** In bytes. */
        public int keyLength() {
            return keyLength;
        }

        /** In bytes. */
        public long valueLength() {
            return valueLength;
        }
    }
}
