package dev.otherix.backup.verify;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

import com.google.protobuf.ByteString;
import dev.otherix.backup.verify.Rows.Row;
import dev.otherix.backup.verify.bolt.BoltFile.Access;
import dev.otherix.backup.verify.bolt.BoltWriter;
import dev.otherix.backup.verify.bolt.BoltWriter.Entry;
import java.io.IOException;
import java.nio.channels.FileChannel;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import java.util.TreeMap;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** However the bytes come into memory, and wherever a part ends, the proof is the same. */
class WindowsTests {

    @TempDir
    private Path dir;

    @Test
    void aFileThatIsReadIsProvenAsOneThatIsMapped() throws IOException {
        var random = new Random(7);
        var rows = new ArrayList<Entry>();
        for (int i = 0; i < 3000; i++) {
            // from a few bytes to several parts, at any offset; keys that differ in their last byte only
            var key = "/otherix/" + "k".repeat(i % 50 == 0 ? 20_000 : 3) + random.nextInt(900);
            var value = new byte[i % 40 == 0 ? 70_000 + i : random.nextInt(500)];
            random.nextBytes(value);
            rows.add(Row.put(i + 2, key, i + 2, 1, ByteString.copyFrom(value)).entry());
        }
        var buckets = new TreeMap<String, Iterable<Entry>>();
        buckets.put("key", rows);
        buckets.put("meta", List.of());
        var file = BoltWriter.snapshot(dir.resolve("any.db"), 4096, buckets);
        try (var mapped = verify(file, Access.MAP);
                var read = verify(file, Access.READ)) {
            assertThat(read.findings()).isEmpty();
            assertThat(read.facts()).isPresent().isEqualTo(mapped.facts());
            assertThat(read.hashKv(1500)).isEqualTo(mapped.hashKv(1500));
            assertThat(read.details()).isPresent().isEqualTo(mapped.details());
        }
    }

    @Test
    void aFileThatBecomesShorterCannotBeRead() throws IOException {
        var rows = new ArrayList<Entry>();
        for (int i = 0; i < 100_000; i++) {
            rows.add(Row.put(i + 2, "/otherix/" + i, i + 2, 1, ByteString.copyFrom(new byte[100]))
                    .entry());
        }
        var buckets = new TreeMap<String, Iterable<Entry>>();
        buckets.put("key", rows);
        buckets.put("meta", List.of());
        var file = BoltWriter.snapshot(dir.resolve("long.db"), 4096, buckets);
        assertThatExceptionOfType(IOException.class)
                .isThrownBy(() -> new SnapshotVerifier(Access.READ)
                        .verify(file, SnapshotVerifier.Options.PLAIN, _ -> cut(file))
                        .close())
                .withMessageContaining("shorter");
    }

    private static void cut(Path file) {
        try (var channel = FileChannel.open(file, StandardOpenOption.WRITE)) {
            channel.truncate(1 << 20);
        } catch (IOException broken) {
            throw new AssertionError(broken);
        }
    }

    private static SnapshotProof verify(Path file, Access access) throws IOException {
        return new SnapshotVerifier(access).verify(file, new SnapshotVerifier.Options(false, 0, true), _ -> {});
    }
}
