package dev.otherix.backup.verify;

import dev.otherix.backup.verify.bolt.BoltFile;
import dev.otherix.backup.verify.bolt.BucketCursor;
import java.util.SequencedMap;

/** Counts the live keys of each kind of otherix resource: {@code /otherix/<kind>/...}. */
final class ResourceCount {

    private final LatestRows latest;
    private final KeyValue row;
    private final ResourceKinds kinds = new ResourceKinds();
    private long ordinal;

    private ResourceCount(BoltFile file, LatestRows latest) {
        this.latest = latest;
        this.row = new KeyValue(file);
    }

    static SequencedMap<String, Long> of(BoltFile file, BucketCursor rows, LatestRows latest) {
        var count = new ResourceCount(file, latest);
        rows.forward(count::see);
        return count.kinds.counts();
    }

    private void see(long page, int index, long key, int keyLength, long valueLength) {
        if (latest.contains(ordinal++)) {
            row.read(key + keyLength, valueLength);
            if (row.keyLength > 0) {
                kinds.count(row.kind());
            }
        }
    }
}
