package dev.otherix.backup.verify;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;
import static org.assertj.core.api.Assertions.assertThatIOException;
import static org.junit.jupiter.params.provider.Arguments.arguments;

import com.google.protobuf.ByteString;
import dev.otherix.backup.snapshot.Verification.Outcome;
import dev.otherix.backup.verify.Rows.Row;
import dev.otherix.backup.verify.bolt.BoltFile;
import dev.otherix.backup.verify.bolt.BoltWriter;
import dev.otherix.backup.verify.bolt.BoltWriter.Entry;
import dev.otherix.backup.verify.bolt.Finding;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.TreeMap;
import java.util.function.UnaryOperator;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;

/** What is wrong with the content of a file, and what a sound one says of its store. */
class SnapshotVerifierTests {

    @TempDir
    private Path dir;

    static Stream<Arguments> rows() {
        return Stream.of(
                arguments(
                        "a key that is no revision",
                        new Entry(new byte[17], Row.put(3, "a", 3, 1).value()),
                        "revision_key"),
                arguments("a key too short", new Entry(new byte[5], new byte[0]), "revision_key"),
                arguments("a key with another mark behind", marked('x'), "revision_key"),
                arguments("a row that is cut", cut(Row.put(3, "a", 3, 1).entry()), "row_message"),
                arguments(
                        "a row that is noise",
                        new Entry(Rows.key(3, 0), new byte[] {(byte) 0xff, (byte) 0xff, 1}),
                        "row_message"),
                arguments(
                        "a row with a length past its end",
                        new Entry(Rows.key(3, 0), new byte[] {0x0a, 100, 'a'}),
                        "row_message"),
                arguments("a lease of a fixed width", followed(0x31, 8), "row_message"),
                arguments("a key of a fixed width", followed(0x0d, 4), "row_message"),
                arguments(
                        "another revision inside",
                        new Entry(Rows.key(3, 0), Row.put(4, "a", 3, 1).value()),
                        "row_revision"),
                arguments(
                        "created later than changed",
                        new Entry(Rows.key(3, 0), Row.put(3, "a", 4, 1).value()),
                        "row_create"),
                arguments(
                        "never created",
                        new Entry(Rows.key(3, 0), Row.put(3, "a", 0, 1).value()),
                        "row_create"),
                arguments(
                        "version 0",
                        new Entry(Rows.key(3, 0), Row.put(3, "a", 3, 0).value()),
                        "row_version"),
                arguments(
                        "no key", new Entry(Rows.key(3, 0), Row.put(3, "", 3, 1).value()), "row_key"),
                arguments(
                        "a deletion with a value",
                        new Entry(Rows.deletionKey(3, 0), Row.put(3, "a", 3, 1).value()),
                        "row_deletion"),
                arguments("a deletion of nothing", new Entry(Rows.deletionKey(3, 0), new byte[0]), "row_deletion"));
    }

    @ParameterizedTest(name = "{0}")
    @MethodSource("rows")
    void aWrongRowHasItsFinding(String what, Entry row, String code) throws IOException {
        var sorted = new ArrayList<>(List.of(Row.put(2, "a", 2, 1).entry(), row));
        sorted.sort((x, y) -> Arrays.compareUnsigned(x.key(), y.key()));
        try (var proof = verify(snapshot(sorted))) {
            assertThat(proof.findings()).as(what).extracting(Finding::code).containsExactly(code);
            assertThat(proof.findings())
                    .allSatisfy(finding -> assertThat(finding.bucket()).isEqualTo("key"));
            assertThat(proof.good()).isFalse();
            assertThat(proof.rows().outcome()).isEqualTo(Outcome.FAILED);
            assertThat(proof.pages().passed()).isTrue();
            assertThat(proof.footer().passed()).isTrue();
            assertThat(proof.facts()).isEmpty();
        }
    }

    @Test
    void aPutAndADeletionOfOneRevisionAreOutOfOrder() throws IOException {
        try (var proof = verify(snapshot(
                List.of(Row.put(2, "a", 2, 1).entry(), Row.deletion(2, "a").entry())))) {
            assertThat(proof.findings()).extracting(Finding::code).containsExactly("revision_order");
        }
    }

    @Test
    void aCompactRevisionThatIsNoneHasItsFinding() throws IOException {
        var file = snapshot(List.of(Row.put(2, "a", 2, 1).entry()), List.of(Entry.of("finishedCompactRev", "nine")));
        try (var proof = verify(file)) {
            assertThat(proof.findings()).extracting(Finding::code).containsExactly("compact_revision");
        }
    }

    @Test
    void aBitInAValueIsFoundByTheFooterAlone() throws IOException {
        var file = edited(bytes -> {
            bytes[bytes.length - 32 - 2 * 4096 - 1] ^= 1;
            return bytes;
        });
        try (var proof = verify(file)) {
            assertThat(proof.findings()).extracting(Finding::code).containsExactly("footer");
            assertThat(proof.footer().detail()).contains("the footer says SHA-256");
            assertThat(proof.facts()).isPresent();
        }
    }

    @Test
    void aBitInTheFooterIsFound() throws IOException {
        try (var proof = verify(edited(bytes -> {
            bytes[bytes.length - 1] ^= 1;
            return bytes;
        }))) {
            assertThat(proof.findings()).extracting(Finding::code).containsExactly("footer");
        }
    }

    @Test
    void aMissingFooterIsAFindingUnlessTheFileIsRaw() throws IOException {
        var file = edited(bytes -> Arrays.copyOf(bytes, bytes.length - 32));
        try (var proof = verify(file)) {
            assertThat(proof.findings()).extracting(Finding::code).containsExactly("footer_missing");
            assertThat(proof.hasFooter()).isFalse();
        }
        try (var proof =
                new SnapshotVerifier().verify(file, new SnapshotVerifier.Options(true, 0, false), bytes -> {})) {
            assertThat(proof.findings()).isEmpty();
            assertThat(proof.footer().outcome()).isEqualTo(Outcome.SKIPPED);
        }
    }

    @Test
    void aCutFileIsFoundByFooterAndPages() throws IOException {
        try (var proof = verify(edited(bytes -> Arrays.copyOf(bytes, bytes.length - 4096)))) {
            assertThat(proof.findings()).extracting(Finding::code).startsWith("footer", "data_length");
            assertThat(proof.pages().passed()).isFalse();
            assertThat(proof.facts()).isEmpty();
        }
    }

    @Test
    void whatIsNoDatabaseOfEtcdSaysSo() throws IOException {
        var buckets = new TreeMap<String, List<Entry>>();
        buckets.put("other", List.of(Entry.of("a", "b")));
        try (var proof = verify(BoltWriter.snapshot(dir.resolve("other.db"), 4096, buckets))) {
            assertThat(proof.findings()).extracting(Finding::code).containsExactly("bucket_missing");
        }
        try (var proof = verify(Files.write(dir.resolve("empty.db"), new byte[0]))) {
            assertThat(proof.findings()).extracting(Finding::code).containsExactly("footer_missing", "meta", "no_meta");
        }
    }

    @Test
    void theHashIsThatOfTheWholeFile() throws IOException {
        var file = edited(UnaryOperator.identity());
        try (var proof = verify(file)) {
            assertThat(proof.sha256()).isEqualTo(IntegrityFooter.check(file).fileSha256());
            assertThat(proof.sizeBytes()).isEqualTo(Files.size(file));
        }
    }

    @Test
    void keysThatDoNotFitInTheTableAreToldApartInSeveralWalks() throws IOException {
        var rows = new ArrayList<Entry>();
        long revision = 2;
        for (int life = 0; life < 3; life++) {
            for (int i = 0; i < 1000; i++) {
                rows.add(Row.put(revision, "key-" + i, 2 + i, life + 1).entry());
                revision++;
            }
        }
        for (int i = 0; i < 1000; i += 4) {
            rows.add(Row.deletion(revision++, "key-" + i).entry());
        }
        var file = snapshot(rows);
        try (var one = verify(file);
                var several = new SnapshotVerifier(20, BoltFile.Access.READ)
                        .verify(file, SnapshotVerifier.Options.PLAIN, bytes -> {})) {
            assertThat(one.facts().orElseThrow().liveKeys()).isEqualTo(750);
            assertThat(several.facts()).isEqualTo(one.facts());
            assertThat(several.hashKv(2500)).isEqualTo(one.hashKv(2500)).isNotEqualTo(one.hashKv(3000));
            assertThat(one.walks()).isOne();
            assertThat(several.walks()).isGreaterThan(30);
        }
    }

    @Test
    void aHashOfACompactionBeforeTheFilesOwnIsRefused() throws IOException {
        try (var proof = verify(snapshot(List.of(Row.put(2, "a", 2, 1).entry())))) {
            assertThatExceptionOfType(IllegalArgumentException.class).isThrownBy(() -> proof.hashKv(3));
            assertThatExceptionOfType(IllegalArgumentException.class).isThrownBy(() -> proof.hashKv(-2));
        }
    }

    @Test
    void whatCannotBeReadIsNoFinding() throws IOException {
        assertThatIOException().isThrownBy(() -> verify(dir.resolve("absent.db")));
        assertThatIOException().isThrownBy(() -> verify(dir)).withMessageContaining("is no file");
        var link = Files.createSymbolicLink(dir.resolve("link.db"), edited(UnaryOperator.identity()));
        assertThatIOException().isThrownBy(() -> verify(link)).withMessageContaining("is no file");
    }

    @Test
    void anInterruptEndsIt() throws IOException {
        var file = edited(UnaryOperator.identity());
        Thread.currentThread().interrupt();
        assertThatExceptionOfType(VerificationCancelled.class).isThrownBy(() -> verify(file));
        assertThat(Thread.interrupted()).as("the flag stays").isTrue();
    }

    @Test
    void aReadLimitIsKept() throws IOException {
        var file = edited(UnaryOperator.identity());
        var began = System.nanoTime();
        try (var proof = new SnapshotVerifier()
                .verify(file, new SnapshotVerifier.Options(false, Files.size(file) * 4, false), bytes -> {})) {
            assertThat(proof.good()).isTrue();
        }
        assertThat(System.nanoTime() - began).isGreaterThan(200_000_000);
    }

    @Test
    void progressIsTold() throws IOException {
        var told = new ArrayList<Long>();
        var value = ByteString.copyFrom(new byte[1 << 20]);
        var file = snapshot(IntStream.range(0, 30)
                .mapToObj(i -> Row.put(i + 2, "key-" + i, i + 2, 1, value).entry())
                .toList());
        try (var proof = new SnapshotVerifier().verify(file, SnapshotVerifier.Options.PLAIN, told::add)) {
            assertThat(told)
                    .as("more than once in thirty rows of 1 MiB")
                    .hasSizeGreaterThan(6)
                    .isSorted()
                    .endsWith(proof.sizeBytes());
            assertThat(told.getFirst()).as("at the first row").isLessThan(proof.sizeBytes() / 2);
        }
    }

    private Path edited(UnaryOperator<byte[]> edit) throws IOException {
        var file = snapshot(IntStream.range(0, 500)
                .mapToObj(i -> Row.put(i + 2, "key-" + i, i + 2, 1).entry())
                .toList());
        return Files.write(file, edit.apply(Files.readAllBytes(file)));
    }

    private Path snapshot(List<Entry> rows) throws IOException {
        return snapshot(rows, List.of());
    }

    private Path snapshot(List<Entry> rows, List<Entry> meta) throws IOException {
        var buckets = new TreeMap<String, List<Entry>>();
        buckets.put("key", rows);
        buckets.put("meta", meta);
        return BoltWriter.snapshot(dir.resolve("snapshot.db"), 4096, buckets);
    }

    private static SnapshotProof verify(Path file) throws IOException {
        return new SnapshotVerifier().verify(file, SnapshotVerifier.Options.PLAIN, bytes -> {});
    }

    private static Entry followed(int tag, int width) {
        var row = Row.put(3, "a", 3, 1).entry();
        var value = Arrays.copyOf(row.value(), row.value().length + 1 + width);
        value[row.value().length] = (byte) tag;
        return new Entry(row.key(), value);
    }

    private static Entry cut(Entry entry) {
        return new Entry(entry.key(), Arrays.copyOf(entry.value(), entry.value().length - 1));
    }

    private static Entry marked(char mark) {
        return new Entry(
                ByteBuffer.allocate(18).put(Rows.key(3, 0)).put((byte) mark).array(), new byte[0]);
    }
}
