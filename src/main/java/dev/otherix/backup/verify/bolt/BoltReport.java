package dev.otherix.backup.verify.bolt;

import java.util.List;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * What the check of a file's structure found.
 *
 * @param pageSize in bytes, 0 if no meta page shows it
 * @param pageCount pages up to the high-water mark, 0 if no meta page shows it
 * @param buckets the top-level ones, in the order of the file
 * @param findings the first of them
 * @param findingCount the number of all findings
 * @param tornMeta what is wrong with the meta page that is not used, if that is allowed; else null
 */
public record BoltReport(
        int pageSize,
        long pageCount,
        List<Bucket> buckets,
        List<Finding> findings,
        long findingCount,
        @Nullable String tornMeta) {

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
