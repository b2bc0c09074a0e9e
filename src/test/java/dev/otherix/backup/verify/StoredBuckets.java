package dev.otherix.backup.verify;

import static org.assertj.core.api.Assertions.assertThat;

import dev.otherix.backup.verify.bolt.BoltChecker;
import dev.otherix.backup.verify.bolt.BoltFile;
import dev.otherix.backup.verify.bolt.BoltWriter;
import dev.otherix.backup.verify.bolt.BoltWriter.Entry;
import dev.otherix.backup.verify.bolt.Bucket;
import dev.otherix.backup.verify.bolt.ElementVisitor;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import java.util.TreeMap;

/** The rows of a real snapshot, bucket by bucket, to be changed and written as another one. */
final class StoredBuckets {

    private static final int FOOTER = 32;

    private final TreeMap<String, TreeMap<byte[], byte[]>> buckets = new TreeMap<>();

    /** All that is in {@code snapshot}, which is sound. */
    static StoredBuckets of(Path snapshot) throws IOException {
        var read = new StoredBuckets();
        try (var file = BoltFile.open(snapshot, Files.size(snapshot) - FOOTER, BoltFile.Access.MAP)) {
            var report = BoltChecker.check(file, true, read.visitor(file));
            assertThat(report.findings()).isEmpty();
        }
        return read;
    }

    private ElementVisitor visitor(BoltFile file) {
        return new ElementVisitor() {
            private TreeMap<byte[], byte[]> rows = new TreeMap<>(Arrays::compareUnsigned);

            @Override
            public void bucket(Bucket bucket) {
                rows = new TreeMap<>(Arrays::compareUnsigned);
                buckets.put(bucket.name(), rows);
            }

            @Override
            public void element(long page, int index, long key, int keyLength, long valueLength) {
                rows.put(
                        file.copy(key, Math.toIntExact(keyLength)),
                        file.copy(key + keyLength, Math.toIntExact(valueLength)));
            }
        };
    }

    StoredBuckets put(String bucket, byte[] key, byte[] value) {
        buckets.computeIfAbsent(bucket, _ -> new TreeMap<>(Arrays::compareUnsigned))
                .put(key, value);
        return this;
    }

    StoredBuckets put(String bucket, String key, String value) {
        return put(bucket, key.getBytes(StandardCharsets.UTF_8), value.getBytes(StandardCharsets.UTF_8));
    }

    StoredBuckets put(String bucket, String key, byte[] value) {
        return put(bucket, key.getBytes(StandardCharsets.UTF_8), value);
    }

    /** Makes {@code value} the value of every row. */
    StoredBuckets setAll(String bucket, byte[] value) {
        buckets.get(bucket).replaceAll((_, _) -> value);
        return this;
    }

    /** Puts {@code more} behind the value of the last row. */
    StoredBuckets appendToLast(String bucket, byte[] more) {
        var last = buckets.get(bucket).lastEntry();
        var value = Arrays.copyOf(last.getValue(), last.getValue().length + more.length);
        System.arraycopy(more, 0, value, last.getValue().length, more.length);
        return put(bucket, last.getKey(), value);
    }

    StoredBuckets remove(String bucket, String key) {
        buckets.get(bucket).remove(key.getBytes(StandardCharsets.UTF_8));
        return this;
    }

    StoredBuckets empty(String bucket) {
        buckets.put(bucket, new TreeMap<>(Arrays::compareUnsigned));
        return this;
    }

    StoredBuckets drop(String bucket) {
        buckets.remove(bucket);
        return this;
    }

    TreeMap<byte[], byte[]> rows(String bucket) {
        return buckets.get(bucket);
    }

    Path write(Path file) throws IOException {
        var written = new TreeMap<String, List<Entry>>();
        buckets.forEach((name, rows) -> written.put(
                name,
                rows.entrySet().stream()
                        .map(row -> new Entry(row.getKey(), row.getValue()))
                        .toList()));
        return BoltWriter.snapshot(file, 4096, written);
    }
}
