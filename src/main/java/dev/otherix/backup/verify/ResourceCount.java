package dev.otherix.backup.verify;

import dev.otherix.backup.verify.bolt.BoltFile;
import dev.otherix.backup.verify.bolt.BucketCursor;
import java.util.SequencedMap;
import java.util.TreeMap;

/** Counts the live keys of each kind of otherix resource: {@code /otherix/<kind>/...}. */
final class ResourceCount {

    private static final String PREFIX = "/otherix/";
    private static final String OTHER = "other";
    private static final int LONGEST_KIND = 64;
    private static final int MOST_KINDS = 100;

    private final BoltFile file;
    private final LatestRows latest;
    private final KeyValue row;
    private final TreeMap<String, Long> counts = new TreeMap<>();
    private long ordinal;

    private ResourceCount(BoltFile file, LatestRows latest) {
        this.file = file;
        this.latest = latest;
        this.row = new KeyValue(file);
    }

    static SequencedMap<String, Long> of(BoltFile file, BucketCursor rows, LatestRows latest) {
        var count = new ResourceCount(file, latest);
        rows.forward(count::see);
        return count.counts;
    }

    private void see(long page, int index, long key, int keyLength, long valueLength) {
        if (latest.contains(ordinal++)) {
            row.read(key + keyLength, valueLength);
            if (row.keyLength > 0) {
                var kind = kind();
                counts.merge(counts.size() < MOST_KINDS || counts.containsKey(kind) ? kind : OTHER, 1L, Long::sum);
            }
        }
    }

    private String kind() {
        var length = (int) Math.min(row.keyLength, PREFIX.length() + LONGEST_KIND + 1);
        var start = file.text(row.keyAt, length);
        var end = start.indexOf('/', PREFIX.length());
        return start.startsWith(PREFIX) && end > PREFIX.length() ? start.substring(PREFIX.length(), end) : OTHER;
    }
}
