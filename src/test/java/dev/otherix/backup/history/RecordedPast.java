package dev.otherix.backup.history;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.HexFormat;
import java.util.List;
import java.util.stream.Collectors;

/** Puts snapshots into a directory as the service leaves them: the file under its name, its record beside it. */
public final class RecordedPast {

    private final Path directory;
    private String lineage = "";
    private String etcd = "null";

    public RecordedPast(Path directory) {
        this.directory = directory;
    }

    /** Begins another lineage, named after its first snapshot. */
    public RecordedPast lineage(String stamp) {
        lineage = name(stamp);
        return this;
    }

    /** The id of the cluster that the next ones are of. */
    public RecordedPast cluster(String id) {
        etcd = """
                {"version":"3.6.14","cluster_id":"%s","member_id":"1","role":"leader","consistency":"linearizable",
                "consistency_reason":null,"alarms":[],"members":null}""".formatted(id);
        return this;
    }

    /**
     * Writes a snapshot.
     *
     * @param marks each a time and a revision
     */
    public Path add(String stamp, WrittenPast past, long compacted, long revision, String... marks) throws IOException {
        var file = past.write(directory.resolve(name(stamp)));
        var history = marks.length == 0
                ? "null"
                : "{\"from_revision\":%d,\"from_time\":null,\"marks\":[%s]}".formatted(compacted, list(marks));
        Files.writeString(record(file), """
                {"name":"%s","created_at":"2026-06-06T00:00:00Z","size_bytes":%d,"sha256":"%s","revision":%d,
                "compact_revision":%d,"live_keys":1,"total_entries":1,"hash_kv":1,"etcd":%s,"trigger":"schedule",
                "requests":[],"lineage":"%s","history":%s,"pinned":false,"kept_because":[],"ca_fingerprint":null,
                "verification":{"state":"verified","checked_at":"2026-06-06T00:00:00Z","checks":[]}}
                """.formatted(
                        name(stamp), Files.size(file), sha256(file), revision, compacted, etcd, lineage, history));
        return file;
    }

    public static Path record(Path file) {
        return file.resolveSibling(file.getFileName().toString().replace(".db", ".json"));
    }

    private static String name(String stamp) {
        return "otherix-" + stamp + ".db";
    }

    private static String list(String... marks) {
        return List.of(marks).stream()
                .map(mark -> mark.split(" "))
                .map(mark -> "[\"%s\",%s]".formatted(mark[0], mark[1]))
                .collect(Collectors.joining(","));
    }

    private static String sha256(Path file) throws IOException {
        try {
            return HexFormat.of().formatHex(MessageDigest.getInstance("SHA-256").digest(Files.readAllBytes(file)));
        } catch (NoSuchAlgorithmException everyJdkHasIt) {
            throw new IllegalStateException(everyJdkHasIt);
        }
    }
}
