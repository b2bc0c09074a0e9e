package dev.otherix.backup.verify.bolt;

import static org.assertj.core.api.Assertions.assertThat;

import dev.otherix.backup.verify.bolt.BoltWriter.Entry;
import java.io.IOException;
import java.io.RandomAccessFile;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.SequencedMap;
import java.util.TreeMap;
import java.util.stream.IntStream;
import java.util.stream.LongStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Sound files of every shape have no finding, and each element is seen once. */
class BoltCheckerTests {

    @TempDir
    private Path dir;

    @ParameterizedTest
    @ValueSource(ints = {1 << 10, 4 << 10, 16 << 10, 64 << 10})
    void aSoundFileHasNoFindingWhateverItsPageSize(int pageSize) throws IOException {
        var file = database(pageSize, 3000);
        var seen = new ArrayList<String>();
        try (var bolt = BoltFile.open(file, Files.size(file) - 32, BoltFile.Access.MAP)) {
            var report = BoltChecker.check(bolt, true, names(bolt, seen));
            assertThat(report.findings()).isEmpty();
            assertThat(report.sound()).isTrue();
            assertThat(report.pageSize()).isEqualTo(pageSize);
            assertThat(report.pageCount()).isEqualTo((Files.size(file) - 32) / pageSize);
            assertThat(report.buckets()).extracting(Bucket::name).containsExactly("big", "empty", "many");
            assertThat(seen)
                    .hasSize(3003)
                    .startsWith("big-0", "big-1", "big-2", "00000")
                    .endsWith("02999");
            var backward = new ArrayList<String>();
            new BucketCursor(bolt, report, report.bucket("many").orElseThrow()).backward(names(bolt, backward));
            assertThat(backward.reversed()).isEqualTo(seen.subList(3, seen.size()));
        }
    }

    @Test
    void aBucketInsideAPageIsSeen() throws IOException {
        var file = dir.resolve("inline.db");
        var inline = BoltWriter.leaf(List.of(Entry.of("a", "1"), Entry.of("b", "2")), 0);
        var value = new byte[16 + inline.length];
        System.arraycopy(inline, 0, value, 16, inline.length);
        var buckets = new TreeMap<String, List<Entry>>();
        buckets.put("x", List.of());
        BoltWriter.snapshot(file, 4096, buckets);
        // the root page is the last one; its only element becomes the inline bucket
        try (var raw = new RandomAccessFile(file.toFile(), "rw")) {
            var root = Files.size(file) - 32 - 4096;
            raw.seek(root + 16 + 12);
            raw.writeInt(Integer.reverseBytes(value.length));
            raw.seek(root + 33);
            raw.write(value);
        }
        var seen = new ArrayList<String>();
        try (var bolt = BoltFile.open(file, Files.size(file) - 32, BoltFile.Access.MAP)) {
            var report = BoltChecker.check(bolt, true, names(bolt, seen));
            assertThat(report.findings()).isEmpty();
            assertThat(seen).containsExactly("a", "b");
        }
    }

    @ParameterizedTest
    @ValueSource(longs = {0, 1, 5000, 0xFFFE, 0xFFFF, 70_000})
    void aStoredFreelistMayBeOfAnyLength(long free) throws IOException {
        var named = LongStream.range(2, 2 + free).boxed().toList();
        var file = BoltWriter.withFreelist(dir.resolve("free.db"), 1024, one(), free, named);
        try (var bolt = BoltFile.open(file, Files.size(file), BoltFile.Access.MAP)) {
            assertThat(BoltChecker.check(bolt, true, ignored()).findings()).isEmpty();
        }
    }

    @Test
    void pagesBeyondFourGigabytesAreRead() throws IOException {
        var free = (5L << 30) / 4096;
        var file = BoltWriter.sparse(dir.resolve("far.db"), 4096, one(), free);
        var seen = new ArrayList<String>();
        try (var bolt = BoltFile.open(file, Files.size(file), BoltFile.Access.MAP)) {
            var report = BoltChecker.check(bolt, true, names(bolt, seen));
            assertThat(report.findings()).isEmpty();
            assertThat(report.pageCount()).isGreaterThan(free);
            assertThat(seen).containsExactly("a");
        }
    }

    @Test
    void aMembersOwnFileMayHaveRoomBehindItsLastPage() throws IOException {
        var file = BoltWriter.sparse(dir.resolve("raw.db"), 4096, one(), 0);
        try (var raw = new RandomAccessFile(file.toFile(), "rw")) {
            raw.setLength(raw.length() + 10_000);
        }
        try (var bolt = BoltFile.open(file, Files.size(file), BoltFile.Access.MAP)) {
            assertThat(BoltChecker.check(bolt, false, ignored()).findings()).isEmpty();
            assertThat(BoltChecker.check(bolt, true, ignored()).findings())
                    .extracting(Finding::code)
                    .containsExactly("data_length");
        }
    }

    private static SequencedMap<String, List<Entry>> one() {
        return new TreeMap<>(Map.of("x", List.of(Entry.of("a", "1"))));
    }

    private Path database(int pageSize, int keys) throws IOException {
        var buckets = new TreeMap<String, List<Entry>>();
        buckets.put(
                "big",
                IntStream.range(0, 3)
                        .mapToObj(i -> Entry.of("big-" + i, "v".repeat(300_000)))
                        .toList());
        buckets.put("empty", List.of());
        buckets.put(
                "many",
                IntStream.range(0, keys)
                        .mapToObj(i -> Entry.of("%05d".formatted(i), "value"))
                        .toList());
        return BoltWriter.snapshot(dir.resolve("s.db"), pageSize, buckets);
    }

    private static ElementVisitor names(BoltFile file, List<String> into) {
        return (page, index, key, keyLength, valueLength) -> into.add(file.text(key, keyLength));
    }

    private static ElementVisitor ignored() {
        return (page, index, key, keyLength, valueLength) -> {};
    }
}
