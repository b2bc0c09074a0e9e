package dev.otherix.backup.verify.bolt;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Random;
import java.util.zip.CRC32C;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class BulkWriterTests {

    @TempDir
    private Path dir;

    private record Entry(String bucket, byte[] key, byte[] value) {

        @Override
        public String toString() {
            return bucket + " " + Arrays.hashCode(key) + " " + key.length + " " + value.length + " "
                    + Arrays.hashCode(value);
        }
    }

    @ParameterizedTest
    @CsvSource({
        // page size, entries, longest key, longest value
        "4096, 0, 20, 10",
        "4096, 1, 20, 10",
        "4096, 1, 20, 100000",
        "4096, 20000, 20, 200",
        "4096, 300, 20, 9000",
        "4096, 40, 32768, 10",
        "4096, 12, 20, 3000000",
        "1024, 20000, 20, 60",
        "16384, 5000, 300, 300",
        "65536, 20000, 20, 0",
    })
    void whatWasWrittenIsReadBackInOrderAndTheStructureIsSound(int pageSize, int count, int keys, int values)
            throws IOException {
        var random = new Random(pageSize + count);
        var entries = new ArrayList<Entry>();
        for (var i = 0; i < count; i++) {
            var key = new byte[4 + random.nextInt(keys - 3)];
            random.nextBytes(key);
            ByteBuffer.wrap(key).putInt(i);
            var value = new byte[values == 0 ? 0 : random.nextInt(values)];
            random.nextBytes(value);
            entries.add(new Entry(i < count / 10 ? "few" : "key", key, value));
        }
        var file = dir.resolve("made.db");
        var written = new ArrayList<Long>();
        long length;
        try (var target = create(file)) {
            var writer = new BulkWriter(target, pageSize, written::add);
            for (var bucket : List.of("meta", "key", "few", "empty")) {
                writer.begin(bucket.getBytes(StandardCharsets.UTF_8));
                entries.stream()
                        .filter(entry -> entry.bucket().equals(bucket))
                        .forEach(entry -> writer.put(entry.key(), entry.value()));
            }
            length = writer.finish(812);
            assertThat(target.size()).isEqualTo(length);
        }
        assertThat(written).isSorted().endsWith(length);
        try (var opened = BoltFile.open(file, length, BoltFile.Access.READ)) {
            var found = new Found(opened);
            var report = BoltChecker.check(opened, true, found);
            assertThat(report.findings()).isEmpty();
            assertThat(report.pageSize()).isEqualTo(pageSize);
            assertThat(found.buckets).containsExactly("empty", "few", "key", "meta");
            assertThat(found.txid).isEqualTo(812);
            assertThat(found.entries).hasToString(entries.toString());
        }
    }

    @Test
    void rowsOfAnotherFileAreCopiedByteByByteWhateverTheirSize() throws IOException {
        var first = dir.resolve("first.db");
        var random = new Random(5);
        long length;
        try (var target = create(first)) {
            var writer = new BulkWriter(target, 4096, _ -> {});
            writer.begin("key".getBytes(StandardCharsets.UTF_8));
            for (var i = 0; i < 3000; i++) {
                var value = new byte[i % 500 == 7 ? 2_500_000 : random.nextInt(9000)];
                random.nextBytes(value);
                writer.put(ByteBuffer.allocate(4).putInt(i).array(), value);
            }
            length = writer.finish(5);
        }
        for (var access : BoltFile.Access.values()) {
            var second = dir.resolve("second-" + access + ".db");
            try (var source = BoltFile.open(first, length, access);
                    var target = create(second)) {
                var writer = new BulkWriter(target, 4096, _ -> {});
                var copy = new ElementVisitor() {
                    @Override
                    public void bucket(Bucket bucket) {
                        writer.begin(bucket.name().getBytes(StandardCharsets.UTF_8));
                    }

                    @Override
                    public void element(long page, int index, long key, int keyLength, long valueLength) {
                        // as a sum of what is copied does it
                        source.sum(new CRC32C(), key, keyLength);
                        writer.put(source, key, keyLength, valueLength);
                    }
                };
                assertThat(BoltChecker.check(source, true, copy).sound()).isTrue();
                writer.finish(5);
            }
            assertThat(second).hasSameBinaryContentAs(first);
        }
    }

    private static FileChannel create(Path file) throws IOException {
        return FileChannel.open(file, StandardOpenOption.CREATE_NEW, StandardOpenOption.WRITE);
    }

    /** What the check of the structure passes on. */
    private static final class Found implements ElementVisitor {

        private final BoltFile file;
        private final List<Entry> entries = new ArrayList<>();
        private final List<String> buckets = new ArrayList<>();
        private String bucket = "";
        private long txid;

        private Found(BoltFile file) {
            this.file = file;
        }

        @Override
        public void begin(int pageSize, long shown) {
            txid = shown;
        }

        @Override
        public void bucket(Bucket entered) {
            bucket = entered.name();
            buckets.add(bucket);
        }

        @Override
        public void element(long page, int index, long key, int keyLength, long valueLength) {
            entries.add(new Entry(
                    bucket, file.copy(key, keyLength), file.copy(key + keyLength, Math.toIntExact(valueLength))));
        }
    }
}
