package dev.otherix.backup.verify;

import dev.otherix.backup.verify.bolt.BoltFile;
import dev.otherix.backup.verify.bolt.Bucket;
import dev.otherix.backup.verify.bolt.ElementVisitor;
import java.util.HashMap;
import java.util.Map;
import java.util.zip.CRC32C;
import org.jspecify.annotations.Nullable;

/** Counts and sums the entries of each bucket, to compare what was read with what was written. */
final class BucketSums {

    private final Map<String, Sum> sums = new HashMap<>();
    private Sum current = new Sum();

    /** Of one bucket: how many entries it has, and a CRC-32C over them in their order. */
    private static final class Sum {

        private final CRC32C crc = new CRC32C();
        private long entries;

        private boolean isLike(@Nullable Sum other) {
            return other != null && entries == other.entries && crc.getValue() == other.crc.getValue();
        }
    }

    /** The entries that follow are in this bucket. */
    void enter(String bucket) {
        current = sums.computeIfAbsent(bucket, _ -> new Sum());
    }

    /** An entry that stands in a file. */
    void add(BoltFile file, long at, long length) {
        current.entries++;
        file.sum(current.crc, at, length);
    }

    /** An entry in memory. */
    void add(byte[] key, byte[] value) {
        current.entries++;
        current.crc.update(key);
        current.crc.update(value);
    }

    /** Adds what is read of a file. */
    ElementVisitor of(BoltFile file) {
        return new ElementVisitor() {
            @Override
            public void bucket(Bucket bucket) {
                enter(bucket.name());
            }

            @Override
            public void element(long page, int index, long key, int keyLength, long valueLength) {
                add(file, key, keyLength + valueLength);
            }
        };
    }

    /** Whether both have the same entries in the same buckets. */
    boolean areLike(BucketSums other) {
        return sums.keySet().equals(other.sums.keySet())
                && sums.entrySet().stream()
                        .allMatch(bucket -> bucket.getValue().isLike(other.sums.get(bucket.getKey())));
    }
}
