package dev.otherix.backup.verify;

import static org.assertj.core.api.Assertions.assertThat;

import com.google.protobuf.ByteString;
import dev.otherix.backup.verify.Rows.Row;
import dev.otherix.backup.verify.bolt.BoltWriter;
import dev.otherix.backup.verify.bolt.BoltWriter.Entry;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.TreeMap;
import java.util.concurrent.atomic.AtomicLong;
import java.util.stream.LongStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.condition.EnabledOnOs;
import org.junit.jupiter.api.condition.OS;
import org.junit.jupiter.api.io.TempDir;

/** The process must not look as large as the file that it verifies: who watches memory would take that for a leak. */
class MappedMemoryTests {

    private static final long ROWS = 64_000;
    private static final int VALUE_BYTES = 1024;
    private static final long MIB = 1L << 20;

    @TempDir
    private Path dir;

    @Test
    @EnabledOnOs(OS.LINUX)
    void whatAWalkHasLeftBehindIsNotResident() throws IOException {
        var file = write(dir.resolve("large.db"));
        assertThat(Files.size(file)).isGreaterThan(64 * MIB);
        var most = new AtomicLong();
        try (var proof = new SnapshotVerifier()
                .verify(
                        file,
                        SnapshotVerifier.Options.PLAIN,
                        _ -> most.accumulateAndGet(residentOf(file), Math::max))) {
            assertThat(proof.good()).isTrue();
            assertThat(proof.facts().orElseThrow().liveKeys()).isEqualTo(ROWS / 2);
            // the last walk for the hash has gone over all of it
            most.accumulateAndGet(residentOf(file), Math::max);
            assertThat(most.get()).isBetween(MIB, 20 * MIB);
            assertThat(proof.hashKv(ROWS))
                    .isNotEqualTo(proof.facts().orElseThrow().hashKv());
            assertThat(residentOf(file)).isBetween(MIB, 20 * MIB);
        }
        assertThat(residentOf(file)).isZero();
    }

    /** Each key twice, one after the other. */
    private static Path write(Path file) throws IOException {
        var value = ByteString.copyFrom(new byte[VALUE_BYTES]);
        Iterable<Entry> rows = () -> LongStream.range(0, ROWS)
                .mapToObj(i -> Row.put(i + 2, "/otherix/things/%08d".formatted(i / 2), i / 2 * 2 + 2, i % 2 + 1, value)
                        .entry())
                .iterator();
        var buckets = new TreeMap<String, Iterable<Entry>>();
        buckets.put("key", rows);
        buckets.put("meta", List.of());
        return BoltWriter.snapshot(file, 4096, buckets);
    }

    /** What of the file's mappings the kernel counts as this process's memory, in bytes (proc_pid_smaps(5)). */
    private static long residentOf(Path file) {
        try {
            long resident = 0;
            boolean ofFile = false;
            for (var line : Files.readAllLines(Path.of("/proc/self/smaps"))) {
                if (line.matches("[0-9a-f]+-[0-9a-f]+ .*")) {
                    ofFile = line.endsWith(file.toString());
                } else if (ofFile && line.startsWith("Rss:")) {
                    resident += Long.parseLong(line.replaceAll("\\D", "")) * 1024;
                }
            }
            return resident;
        } catch (IOException unreadable) {
            throw new UncheckedIOException(unreadable);
        }
    }
}
