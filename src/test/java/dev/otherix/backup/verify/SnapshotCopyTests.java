package dev.otherix.backup.verify;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.otherix.backup.verify.Rows.Row;
import dev.otherix.backup.verify.bolt.BoltWriter;
import dev.otherix.backup.verify.bolt.BoltWriter.Entry;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.TreeMap;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class SnapshotCopyTests {

    @TempDir
    private Path dir;

    private final SnapshotVerifier verifier = new SnapshotVerifier();
    private Path source = Path.of("");
    private Path target = Path.of("");

    @BeforeEach
    void write() throws IOException {
        var rows = List.of(
                Row.put(2, "/a", 2, 1).entry(),
                Row.put(3, "/b", 3, 1).entry(),
                Row.deletion(4, "/a").entry());
        source = BoltWriter.snapshot(
                dir.resolve("source.db"),
                4096,
                new TreeMap<>(Map.of("key", rows, "meta", List.<Entry>of(), "auth", List.of(Entry.of("on", "no")))));
        target = dir.resolve("target.db");
    }

    private SnapshotCopy copy(FileChannel into) throws IOException {
        return SnapshotCopy.begin(
                verifier,
                () -> FileChannel.open(source),
                new SnapshotCopy.Plan(false, OptionalLong.of(3), Optional.empty()),
                into,
                _ -> {});
    }

    private FileChannel created() throws IOException {
        return FileChannel.open(target, StandardOpenOption.CREATE_NEW, StandardOpenOption.WRITE);
    }

    @Test
    void whatWasWrittenIsProvenEntryByEntry() throws IOException {
        try (var into = created();
                var copy = copy(into)) {
            assertThat(copy.finish().bytes()).isEqualTo(Files.size(target));
            try (var proof = copy.prove(verifier, () -> FileChannel.open(target), _ -> {})) {
                assertThat(proof.good()).isTrue();
                assertThat(proof.facts().orElseThrow().revision()).isEqualTo(3);
                assertThat(proof.facts().orElseThrow().liveKeys()).isEqualTo(2);
            }
        }
    }

    @Test
    void anotherValueThatNoCheckOfTheFileAloneFindsIsFound() throws IOException {
        damaged("value", "VALUE");
    }

    @Test
    void anEntryOfAnotherBucketIsFound() throws IOException {
        damaged("onno", "onNO");
    }

    private void damaged(String text, String other) throws IOException {
        try (var into = created();
                var copy = copy(into)) {
            copy.finish();
            var bytes = Files.readAllBytes(target);
            var at = new String(bytes, StandardCharsets.ISO_8859_1).indexOf(text);
            into.write(ByteBuffer.wrap(other.getBytes(StandardCharsets.ISO_8859_1)), at);
            assertThatThrownBy(() -> copy.prove(verifier, () -> FileChannel.open(target), _ -> {}))
                    .isInstanceOf(SnapshotCopy.Different.class);
        }
    }
}
