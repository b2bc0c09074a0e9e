package dev.otherix.backup.verify.bolt;

import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * Checks the structure of a database file: everything that {@code bbolt check} checks, and what it leaves out (ids,
 * bounds, runs, inline buckets, cycles). On any bytes it ends with findings, not with an exception. It needs one or two
 * bits of memory per page.
 */
public final class BoltChecker {

    /** etcd has ten. */
    private static final int MOST_BUCKETS = 1000;

    private final BoltFile file;
    private final boolean streamed;
    private final Findings findings;
    private final List<Bucket> buckets = new ArrayList<>();

    private BoltChecker(BoltFile file, boolean streamed) {
        this.file = file;
        this.streamed = streamed;
        this.findings = new Findings();
    }

    /**
     * Checks a file and passes each key of each top-level bucket to the visitor if its position is sound, in the file's
     * order, even if there are findings elsewhere.
     *
     * @param streamed whether etcd wrote it as a snapshot: both meta pages of one transaction, and no byte after the
     *     last page; otherwise it is a copy of a member's own file, for which one valid meta page is enough, as for
     *     bbolt
     * @param visitor gets the elements; an exception from it ends the check
     */
    public static BoltReport check(BoltFile file, boolean streamed, ElementVisitor visitor) {
        return new BoltChecker(file, streamed).check(visitor);
    }

    private BoltReport check(ElementVisitor visitor) {
        var metas = new Metas(file, findings);
        var meta = metas.choose(streamed);
        if (meta == null) {
            return report(0, 0, null);
        }
        var pageSize = meta.pageSize();
        visitor.begin((int) pageSize, meta.txid());
        var pages = pages(meta);
        var reached = new PageSet(pages);
        var trees = new TreeCheck(file, pageSize, pages, reached, findings);
        trees.root(meta.root(), this::list);
        for (var bucket : buckets) {
            visitor.bucket(bucket);
            trees.bucket(bucket, visitor);
        }
        if (meta.freelist() != MetaPage.NO_FREELIST) {
            Freelist.check(file, pageSize, pages, meta.freelist(), reached, findings);
        }
        return report((int) pageSize, meta.highWaterMark(), metas.torn());
    }

    /** How many pages can be used: up to the high-water mark, and not more than the file has. */
    private long pages(MetaPage meta) {
        var whole = file.length() / meta.pageSize();
        var mark = meta.highWaterMark();
        var missing = Long.compareUnsigned(mark, whole) > 0;
        if (missing || streamed && (mark < whole || file.length() % meta.pageSize() != 0)) {
            findings.add(
                    "data_length",
                    null,
                    null,
                    () -> "the database has " + Long.toUnsignedString(mark) + " pages of " + meta.pageSize()
                            + " bytes, the file has " + file.length() + " bytes of data"
                            + (missing ? ": its end is missing" : ""));
        }
        return missing ? whole : mark;
    }

    private void list(long page, int index, long key, int keyLength, long valueLength) {
        var value = key + keyLength;
        var name = file.text(key, keyLength);
        if (valueLength < Page.BUCKET_HEADER) {
            findings.add(
                    "bucket_value",
                    page,
                    name,
                    () -> "bucket " + index + " of page " + page + " is described in " + valueLength + " bytes; "
                            + Page.BUCKET_HEADER + " are needed");
        } else if (buckets.size() == MOST_BUCKETS) {
            findings.add(
                    "bucket_count",
                    page,
                    null,
                    () -> "more than " + MOST_BUCKETS + " buckets; those from here on are not checked");
        } else {
            buckets.add(new Bucket(
                    name,
                    key,
                    keyLength,
                    file.u64(value),
                    value + Page.BUCKET_HEADER,
                    valueLength - Page.BUCKET_HEADER,
                    page));
        }
    }

    private BoltReport report(int pageSize, long pageCount, @Nullable String tornMeta) {
        return new BoltReport(pageSize, pageCount, buckets, findings.first(), findings.count(), tornMeta);
    }
}
