package dev.otherix.backup.cli;

import com.google.protobuf.ByteString;
import dev.otherix.backup.realetcd.ClusterCa;
import dev.otherix.backup.verify.Rows.Row;
import dev.otherix.backup.verify.bolt.BoltWriter;
import java.io.IOException;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import tools.jackson.databind.json.JsonMapper;

/** A snapshot with an active cluster CA. */
final class CaSnapshot {

    private CaSnapshot() {}

    /** With the CA as it is. */
    static Path write(Path file, ClusterCa ca) throws IOException {
        return write(file, ca, ca.row());
    }

    /** @param row instead of the row of the CA */
    static Path write(Path file, ClusterCa ca, Map<String, Object> row) throws IOException {
        var rows = List.of(
                row(2, ca.rowKey(), JsonMapper.shared().writeValueAsString(row)),
                row(3, ClusterCa.ACTIVE_KEY, ca.id()));
        return BoltWriter.snapshot(
                file,
                4096,
                new TreeMap<>(Map.of("key", rows.stream().map(Row::entry).toList(), "meta", List.of())));
    }

    private static Row row(long revision, String key, String value) {
        return Row.put(revision, key, revision, 1, ByteString.copyFromUtf8(value));
    }
}
