package dev.otherix.backup.verify.bolt;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.params.provider.Arguments.arguments;

import dev.otherix.backup.verify.bolt.BoltWriter.Entry;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.TreeMap;
import java.util.function.UnaryOperator;
import java.util.stream.IntStream;
import java.util.stream.LongStream;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;

/**
 * Each damage has the finding that names it. The file: metas 0 and 1, leaves 2 to 6 of bucket {@code key}, their branch
 * 7, the list of buckets 8.
 */
class DamageTests {

    private static final int PAGE = 4096;
    private static final int BRANCH = 7;
    private static final int ROOT = 8;

    @TempDir
    private Path dir;

    interface Edit {
        void on(ByteBuffer file);
    }

    static Stream<Arguments> damages() {
        return Stream.of(
                damage("flags of a leaf", f -> f.putShort(2 * PAGE + 8, (short) 0x12), "page_flags"),
                damage("flags of a branch", f -> f.putShort(BRANCH * PAGE + 8, (short) 0), "page_flags"),
                damage("id of a page", f -> f.putLong(3 * PAGE, 77), "page_id"),
                damage("count of a leaf", f -> f.putShort(2 * PAGE + 10, (short) 0xFFFF), "element_count"),
                damage("count of a branch", f -> f.putShort(BRANCH * PAGE + 10, (short) 0xFFFF), "element_count"),
                damage("a branch without children", f -> f.putShort(BRANCH * PAGE + 10, (short) 0), "element_count"),
                damage("run past the last page", f -> f.putInt(3 * PAGE + 12, 1000), "page_run"),
                damage("run into the next page", f -> f.putInt(2 * PAGE + 12, 1), "page_shared"),
                damage("run of four billion pages", f -> f.putInt(2 * PAGE + 12, -1), "page_run"),
                damage("key past the page", f -> f.putInt(leaf(2, 0) + 4, 100_000), "element_bounds"),
                damage("key inside the table", f -> f.putInt(leaf(2, 0) + 4, 16), "element_bounds"),
                damage("key at minus one", f -> f.putInt(leaf(2, 0) + 4, -1), "element_bounds"),
                damage("key without a byte", f -> f.putInt(leaf(2, 0) + 8, 0), "element_bounds"),
                damage("value of four gigabytes", f -> f.putInt(leaf(2, 0) + 12, -1), "element_bounds"),
                damage(
                        "two elements on one place",
                        f -> f.putInt(leaf(2, 1) + 4, f.getInt(leaf(2, 0) + 4) - 16),
                        "element_bounds"),
                damage("flags of an element", f -> f.putInt(leaf(2, 3), 1), "element_flags"),
                damage("keys out of order", f -> f.put(leaf(2, 1) + f.getInt(leaf(2, 1) + 4), (byte) '!'), "key_order"),
                damage(
                        "key below its parent's",
                        f -> f.put(leaf(3, 0) + f.getInt(leaf(3, 0) + 4), (byte) '!'),
                        "key_order",
                        "key_parent"),
                damage(
                        "parents out of order",
                        f -> f.put(branch(2) + f.getInt(branch(2)), (byte) '!'),
                        "key_parent",
                        "key_parent",
                        "key_order"),
                damage("branch key past the page", f -> f.putInt(branch(1), 100_000), "element_bounds"),
                damage("child that is its own parent", f -> f.putLong(branch(1) + 8, BRANCH), "page_shared"),
                damage("child twice", f -> f.putLong(branch(1) + 8, 2), "page_shared"),
                damage("child that is a meta page", f -> f.putLong(branch(1) + 8, 1), "page_outside"),
                damage("child past the end", f -> f.putLong(branch(1) + 8, 9), "page_outside"),
                damage("child at minus one", f -> f.putLong(branch(1) + 8, -1), "page_outside"),
                damage(
                        "two pages swapped",
                        f -> swap(f, 3, 4),
                        "page_id",
                        "key_parent",
                        "key_parent",
                        "page_id",
                        "key_order",
                        "key_parent",
                        "key_parent"),
                damage("bucket described too shortly", f -> f.putInt(leaf(ROOT, 0) + 12, 8), "bucket_value"),
                damage("list of buckets with a key", f -> f.putInt(leaf(ROOT, 0), 0), "element_flags"),
                damage("bucket inside a page without one", f -> f.putLong(leaf(ROOT, 0) + 16 + 3, 0), "inline_bucket"),
                damage("checksum of meta 0", f -> f.put(17, (byte) 1), "meta"),
                damage("content of meta 0", f -> f.put(40, (byte) 1), "meta"),
                damage("content of meta 1", f -> f.put(PAGE + 40, (byte) 1), "meta"),
                damage("version of meta 0", f -> f.putInt(20, 3), "meta"),
                damage("id of meta 1", f -> f.putLong(PAGE, 5), "meta"),
                damage("both metas", f -> f.put(40, (byte) 1).put(PAGE + 40, (byte) 1), "meta", "no_meta"),
                damage("metas of two transactions", f -> signed(f.putLong(PAGE + 64, 7), PAGE), "meta_relation"),
                damage("page size of none", f -> signed(f.putInt(24, 3000), 0), "page_size"),
                damage("high-water mark past the end", f -> both(f, 56, 20), "data_length"),
                damage("high-water mark of all ones", f -> both(f, 56, -1), "data_length"),
                damage("high-water mark below the root", f -> both(f, 56, ROOT), "data_length", "page_outside"),
                damage("freelist past the end", f -> both(f, 48, 99), "freelist"),
                damage("freelist that is a leaf", f -> both(f, 48, 3), "page_flags"));
    }

    @ParameterizedTest(name = "{0}")
    @MethodSource("damages")
    void aDamageHasItsFinding(String damage, Edit edit, List<String> codes) throws IOException {
        assertThat(codesOf(edited(file -> {
                    edit.on(ByteBuffer.wrap(file).order(ByteOrder.LITTLE_ENDIAN));
                    return file;
                })))
                .as(damage)
                .isEqualTo(codes);
    }

    @Test
    void aFileThatWasCutSaysSo() throws IOException {
        assertThat(codesOf(edited(file -> Arrays.copyOf(file, ROOT * PAGE))))
                .containsExactly("data_length", "page_outside");
        assertThat(codesOf(edited(file -> Arrays.copyOf(file, 9 * PAGE - 1))))
                .containsExactly("data_length", "page_outside");
        assertThat(codesOf(edited(file -> Arrays.copyOf(file, 9 * PAGE + 1)))).containsExactly("data_length");
        assertThat(codesOf(edited(file -> Arrays.copyOf(file, 10 * PAGE)))).containsExactly("data_length");
        assertThat(codesOf(edited(file -> Arrays.copyOf(file, 100))))
                .containsExactly("meta", "data_length", "page_outside");
    }

    @Test
    void whatIsNoDatabaseSaysSo() throws IOException {
        assertThat(codesOf(edited(_ -> new byte[0]))).containsExactly("meta", "no_meta");
        assertThat(codesOf(edited(_ -> new byte[31]))).containsExactly("meta", "no_meta");
        assertThat(codesOf(edited(file -> {
                    new Random(1).nextBytes(file);
                    return file;
                })))
                .containsExactly("meta", "no_meta");
    }

    @Test
    void aTreeDeeperThanAnyIsLeft() throws IOException {
        assertThat(codesOf(BoltWriter.deep(dir.resolve("64.db"), 1024, 64))).isEmpty();
        assertThat(codesOf(BoltWriter.deep(dir.resolve("65.db"), 1024, 65))).containsExactly("depth");
    }

    @Test
    void aFreelistThatDoesNotFitSaysWhy() throws IOException {
        assertThat(codesOf(free(List.of(2L, 3L, 4L)))).isEmpty();
        assertThat(codesOf(free(List.of(2L, 3L)))).containsExactly("page_unreachable");
        assertThat(codesOf(free(List.of(2L, 3L, 3L, 4L)))).containsExactly("freelist");
        assertThat(codesOf(free(List.of(3L, 2L, 4L)))).containsExactly("freelist");
        assertThat(codesOf(free(List.of(1L, 2L, 3L, 4L)))).containsExactly("freelist");
        assertThat(codesOf(free(List.of(2L, 3L, 4L, 5L)))).containsExactly("freelist");
        assertThat(codesOf(free(List.of(2L, 3L, 4L, 99L)))).containsExactly("freelist");
    }

    @Test
    void aFreelistOfMorePagesThanItsRoomSaysSo() throws IOException {
        var file = free(LongStream.range(2, 5).boxed().toList());
        var bytes = ByteBuffer.wrap(Files.readAllBytes(file)).order(ByteOrder.LITTLE_ENDIAN);
        var list = (int) bytes.getLong(48) * 1024;
        Files.write(file, bytes.putShort(list + 10, (short) 200).array());
        assertThat(codesOf(file)).containsExactly("element_count");
        Files.write(
                file,
                bytes.putShort(list + 10, (short) 0xFFFF).putLong(list + 16, -5).array());
        assertThat(codesOf(file)).containsExactly("element_count");
    }

    @Test
    void everyFindingIsCountedAndTheFirstAreKept() throws IOException {
        var file = edited(bytes -> {
            var all = ByteBuffer.wrap(bytes).order(ByteOrder.LITTLE_ENDIAN);
            IntStream.range(0, 60).forEach(i -> all.putInt(leaf(2, i), 9).putInt(leaf(3, i), 9));
            return bytes;
        });
        try (var bolt = BoltFile.open(file, Files.size(file), BoltFile.Access.MAP)) {
            var report = BoltChecker.check(bolt, true, (page, index, key, keyLength, valueLength) -> {});
            assertThat(report.findings()).hasSize(Findings.MOST);
            assertThat(report.findingCount()).isEqualTo(120);
            assertThat(report.findings().getFirst())
                    .isEqualTo(new Finding(
                            "element_flags", 2L, "key", "element 0 of leaf page 2 has flags 9 where a key has 0"));
        }
    }

    private Path edited(UnaryOperator<byte[]> edit) throws IOException {
        var whole = dir.resolve("whole.db");
        if (Files.notExists(whole)) {
            var keys = IntStream.range(0, 400)
                    .mapToObj(i -> Entry.of("%05d".formatted(i), "0123456789abcdefghij"))
                    .toList();
            BoltWriter.sparse(whole, PAGE, new TreeMap<>(Map.of("key", keys)), 0);
            assertThat(Files.size(whole)).isEqualTo(9 * PAGE);
            assertThat(codesOf(whole)).isEmpty();
        }
        return Files.write(dir.resolve("damaged.db"), edit.apply(Files.readAllBytes(whole)));
    }

    private Path free(List<Long> named) throws IOException {
        Files.deleteIfExists(dir.resolve("free.db"));
        return BoltWriter.withFreelist(
                dir.resolve("free.db"), 1024, new TreeMap<>(Map.of("x", List.of(Entry.of("a", "1")))), 3, named);
    }

    private static List<String> codesOf(Path file) throws IOException {
        try (var bolt = BoltFile.open(file, Files.size(file), BoltFile.Access.MAP)) {
            return BoltChecker.check(bolt, true, (page, index, key, keyLength, valueLength) -> {}).findings().stream()
                    .map(Finding::code)
                    .toList();
        }
    }

    private static Arguments damage(String name, Edit edit, String... codes) {
        return arguments(name, edit, List.of(codes));
    }

    private static int leaf(int page, int element) {
        return page * PAGE + 16 + element * 16;
    }

    private static int branch(int element) {
        return BRANCH * PAGE + 16 + element * 16;
    }

    private static void swap(ByteBuffer file, int a, int b) {
        for (int i = 0; i < PAGE; i++) {
            var kept = file.get(a * PAGE + i);
            file.put(a * PAGE + i, file.get(b * PAGE + i)).put(b * PAGE + i, kept);
        }
    }

    private static void both(ByteBuffer file, int offset, long value) {
        signed(file.putLong(offset, value), 0);
        signed(file.putLong(PAGE + offset, value), PAGE);
    }

    private static void signed(ByteBuffer file, int meta) {
        BoltWriter.sign(file, meta);
    }
}
