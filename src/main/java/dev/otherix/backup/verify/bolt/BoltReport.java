package dev.otherix.backup.verify.bolt;

import java.util.List;
import java.util.Optional;

/**
 * What the check of a file's structure found.
 *
 * @param pageSize in bytes, 0 where no meta page says it
 * @param pageCount pages up to the high-water mark, 0 where no meta page says it
 * @param buckets the top-level ones, in the order of the file
 * @param findings the first of them
 * @param findingCount how many there are in all
 */
public record BoltReport(int pageSize, long pageCount, List<Bucket> buckets, List<BoltFinding> findings, long findingCount) {

    public BoltReport {
        buckets = List.copyOf(buckets);
        findings = List.copyOf(findings);
    }

    /** Whether nothing was found. */
    public boolean sound() {
        return findingCount == 0;
    }

    /** The bucket of this name. */
    public Optional<Bucket> bucket(String name) {
        return buckets.stream().filter(bucket -> bucket.name().equals(name)).findFirst();
    }
}
