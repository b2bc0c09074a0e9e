package dev.otherix.backup.check;

import static org.assertj.core.api.Assertions.assertThat;

import dev.otherix.backup.verify.bolt.BoltWriter;
import dev.otherix.backup.verify.bolt.BoltWriter.Entry;
import dev.otherix.backup.verify.bolt.Finding;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.channels.FileChannel;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Clock;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.condition.EnabledOnOs;
import org.junit.jupiter.api.condition.OS;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** What a run holds a streamed file against. */
class FileCheckTests {

    @TempDir
    private Path dir;

    @ParameterizedTest
    @CsvSource({"3.6.14, false", "3.7.3, true", "3.8.0, true", "unknown, true"})
    void versionsAreJudgedByTheMemberThatSentTheFile(String member, boolean good) throws IOException {
        var checked = streamed(
                member,
                Map.of("key", List.of(), "meta", List.of(), "cluster", List.of(Entry.of("clusterVersion", "3.7.0"))));
        assertThat(checked.good()).isEqualTo(good);
        assertThat(checked.findings())
                .extracting(Finding::code)
                .isEqualTo(good ? List.of() : List.of("cluster_version"));
    }

    @Test
    void aRowThatKeepsEtcdFromStartingIsNoGoodSnapshot() throws IOException {
        var checked = streamed(
                "3.6.14", Map.of("key", List.of(), "meta", List.of(), "lease", List.of(Entry.of("12345678", "noise"))));
        assertThat(checked.good()).isFalse();
        assertThat(checked.summary()).endsWith("in bucket lease is no lease");
        assertThat(checked.findings()).extracting(Finding::bucket).containsExactly("lease");
    }

    @Test
    @EnabledOnOs(OS.LINUX)
    void aFileIsNotMappedWhileItIsChecked() throws IOException {
        var file = BoltWriter.snapshot(
                dir.resolve("streamed.db"), 4096, new TreeMap<>(Map.of("key", List.of(), "meta", List.of())));
        var maps = new ArrayList<String>();
        var checked = files().streamed(() -> FileChannel.open(file), "3.6.14", _ -> {
            // the file is still held: its rows may be read again for another hash
            maps.addAll(mapped());
            return Comparison.skipped("not asked");
        });
        assertThat(checked.good()).isTrue();
        assertThat(maps).isNotEmpty().noneMatch(line -> line.contains(file.toString()));
    }

    /** What is mapped into this process (proc_pid_maps(5)). */
    private static List<String> mapped() {
        try {
            return Files.readAllLines(Path.of("/proc/self/maps"));
        } catch (IOException unreadable) {
            throw new UncheckedIOException(unreadable);
        }
    }

    private FileCheck files() {
        return new FileCheck(new CaCheck(new ClusterCaProperties(dir.resolve("no-ca.crt"))), Clock.systemUTC());
    }

    private CheckedFile streamed(String member, Map<String, List<Entry>> buckets) throws IOException {
        var file = BoltWriter.snapshot(dir.resolve("streamed.db"), 4096, new TreeMap<>(buckets));
        return files().streamed(() -> FileChannel.open(file), member, _ -> Comparison.skipped("not asked"));
    }
}
