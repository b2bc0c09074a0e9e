package dev.otherix.backup.restore;

import static org.assertj.core.api.Assertions.assertThat;

import com.google.protobuf.ByteString;
import dev.otherix.backup.history.ProvenFile;
import dev.otherix.backup.history.WrittenPast;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.Map;
import java.util.Random;
import java.util.TreeMap;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class StateReaderTests {

    private static final String VM = "{\"Name\":\"web\",\"DesiredPhase\":\"stopped\",\"PinnedNodeID\":\"n1\"}";

    @TempDir
    private Path dir;

    private WillHappen read(WrittenPast past, long revision) throws IOException {
        try (var file = ProvenFile.open(past.write(dir.resolve(revision + ".db")), false, _ -> {})) {
            return StateReader.read(file.rows(), revision, _ -> {});
        }
    }

    @Test
    void whatIsNoRowOfThatKindIsCountedAndNothingMore() throws IOException {
        var past = new WrittenPast().compacted(1).at(2);
        var rows = new String[] {
            "",
            " ",
            "null",
            "[]",
            "1",
            "\"text\"",
            "{",
            "{\"Name\":",
            "{\"Name\":1}",
            "{\"Name\":{}}",
            "\u0000\u0000\u00fe\u00ff",
            "[".repeat(5_000),
            "{\"x\":" + "[".repeat(5_000),
            "{\"DesiredPhase\":\"asleep\"}",
            "{\"x\":\"" + "y".repeat(1 << 20)
        };
        for (var i = 0; i < rows.length; i++) {
            past.put(key("/otherix/vms/v" + i), ByteString.copyFrom(rows[i].getBytes(StandardCharsets.ISO_8859_1)), 0);
        }
        past.put("/otherix/vms/", VM).put("/otherix/vms/a/b", VM).put("/otherix/vms/" + "i".repeat(300), VM);
        past.put("/otherix/jobs/1", "{\"state\":\"pending\"}")
                .put("/otherix/jobs/2", "{\"kind\":\"x\",\"state\":\"new\"}");
        var happens = read(past, 2);
        assertThat(happens.unreadable()).isEqualTo(new TreeMap<>(Map.of("vms", rows.length + 3L, "jobs", 2L)));
        assertThat(happens.vms().stopped().count()).isZero();
        assertThat(happens.jobs().pending()).isEmpty();
    }

    @Test
    void theStateIsThatOfTheRevision() throws IOException {
        var past = new WrittenPast()
                .compacted(1)
                .at(2)
                .put("/otherix/vms/v1", VM)
                .at(3)
                .put("/otherix/vms/v2", VM)
                .at(4)
                .delete("/otherix/vms/v1");
        assertThat(read(past, 2).vms().stopped().first())
                .extracting(WillHappen.Named::id)
                .containsExactly("v1");
        assertThat(read(past, 3).vms().stopped().count()).isEqualTo(2);
        assertThat(read(past, 4).vms().stopped().first())
                .extracting(WillHappen.Named::id)
                .containsExactly("v2");
    }

    @Test
    void noBytesOfARowAreAFault() throws IOException {
        var random = new Random(17);
        var past = new WrittenPast().compacted(1).at(2);
        for (var i = 0; i < 2_000; i++) {
            var bytes = VM.getBytes(StandardCharsets.UTF_8);
            for (var changes = 1 + random.nextInt(4); changes > 0; changes--) {
                bytes[random.nextInt(bytes.length)] = (byte) random.nextInt();
            }
            past.put(key("/otherix/vms/v" + i), ByteString.copyFrom(bytes), 0);
        }
        var happens = read(past, 2);
        assertThat(happens.unreadable().get("vms")).isBetween(100L, 1_999L);
    }

    private static ByteString key(String text) {
        return ByteString.copyFromUtf8(text);
    }
}
