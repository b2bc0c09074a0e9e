package dev.otherix.backup;

import static dev.otherix.backup.PackagedService.files;
import static org.assertj.core.api.Assertions.assertThat;

import dev.otherix.backup.verify.IntegrityFooter;
import dev.otherix.backup.verify.SnapshotVerifier;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.concurrent.ConcurrentSkipListMap;
import java.util.concurrent.atomic.AtomicInteger;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

/** A directory of snapshots whose service is killed again and again, and what has to hold after each time. */
final class KilledDirectory {

    private static final JsonMapper JSON = new JsonMapper();
    private static final String SNAPSHOT = "otherix-\\d{8}T\\d{6}Z\\.db";
    private static final String RECORD = "otherix-\\d{8}T\\d{6}Z\\.json";
    private static final List<String> FOREIGN =
            List.of("notes.txt", "otherix-20260101T000000Z.db.tmp", ".otherix-notes.db.tmp");

    private final Path path;
    private final int retention;
    private final SnapshotVerifier verifier = new SnapshotVerifier();
    private final Set<String> proven = new HashSet<>();
    private final AtomicInteger told = new AtomicInteger();
    /** The trigger of each snapshot that was ever there or told of. */
    private final Map<String, String> triggers = new ConcurrentSkipListMap<>();

    /** @param retention how many scheduled and how many requested ones are kept */
    KilledDirectory(Path path, int retention) throws IOException {
        this.path = path;
        this.retention = retention;
        Files.createDirectories(path);
        for (var foreign : FOREIGN) {
            Files.writeString(path.resolve(foreign), "of somebody else");
        }
    }

    Path path() {
        return path;
    }

    int seen() {
        return triggers.size();
    }

    /** A caller was told that this snapshot is there. */
    void told(String name) {
        triggers.put(name, "request");
        told.incrementAndGet();
    }

    int told() {
        return told.get();
    }

    /** What was going on, told from what was left. */
    enum Found {
        NOTHING,
        STREAM,
        /** All bytes are there: checked or synced. */
        VERIFY,
        RECORD,
        /** The file has its name and the temporary one. */
        NAME,
        PRUNE
    }

    Found found() throws IOException {
        var names = files(path);
        var pending = names.stream().filter(KilledDirectory::temporary).findFirst();
        if (pending.isPresent()) {
            var stamp = pending.get().substring(1, pending.get().indexOf('.', 1));
            if (names.contains(stamp + ".db")) {
                return Found.NAME;
            }
            if (names.contains(stamp + ".json") || names.contains("." + stamp + ".json.tmp")) {
                return Found.RECORD;
            }
            return IntegrityFooter.check(path.resolve(pending.get())).passed() ? Found.VERIFY : Found.STREAM;
        }
        return leftovers().isEmpty() && !tooMany() ? Found.NOTHING : Found.PRUNE;
    }

    private boolean tooMany() {
        var counts = new TreeMap<Boolean, Integer>();
        records()
                .forEach((_, record) ->
                        counts.merge(record.get("trigger").asString().equals("request"), 1, Integer::sum));
        return counts.values().stream().anyMatch(count -> count > retention);
    }

    /** What the next start has to remove. */
    List<String> leftovers() {
        var names = files(path);
        return names.stream()
                .filter(name -> name.matches("\\.otherix-\\d{8}T\\d{6}Z\\.(db|json)\\.tmp")
                        || name.matches(RECORD) && !names.contains(name.replace(".json", ".db")))
                .toList();
    }

    private static boolean temporary(String name) {
        return name.matches("\\.otherix-\\d{8}T\\d{6}Z\\.db\\.tmp");
    }

    private Map<String, JsonNode> records() {
        var records = new TreeMap<String, JsonNode>();
        for (var name : files(path)) {
            if (name.matches(SNAPSHOT)) {
                records.put(name, JSON.readTree(path.resolve(name.replace(".db", ".json"))));
            }
        }
        return records;
    }

    /**
     * Each snapshot is proven and recorded, none is missing without a reason, and nothing of somebody else's is gone.
     */
    void holds() throws IOException {
        var records = records();
        for (var entry : records.entrySet()) {
            isProven(entry.getKey(), entry.getValue());
            triggers.put(entry.getKey(), entry.getValue().get("trigger").asString());
        }
        triggers.forEach((name, trigger) -> {
            if (!records.containsKey(name)) {
                assertThat(newer(records, name, trigger))
                        .as(
                                "newer ones of its kind than %s (%s), which is gone; there are %s",
                                name, trigger, records.keySet())
                        .isGreaterThanOrEqualTo(retention);
            }
        });
        assertThat(files(path)).containsAll(FOREIGN);
    }

    private static long newer(Map<String, JsonNode> records, String than, String trigger) {
        return records.entrySet().stream()
                .filter(entry -> entry.getKey().compareTo(than) > 0)
                .filter(entry ->
                        entry.getValue().get("trigger").asString().equals("request") == trigger.equals("request"))
                .count();
    }

    private void isProven(String name, JsonNode record) throws IOException {
        var file = path.resolve(name);
        assertThat(record.get("name").asString()).isEqualTo(name);
        assertThat(record.get("size_bytes").asLong()).as("size of %s", name).isEqualTo(Files.size(file));
        assertThat(record.at("/verification/state").asString())
                .as("state of %s", name)
                .isEqualTo("verified");
        if (proven.add(name + Files.readAttributes(file, "unix:ino,lastModifiedTime"))) {
            try (var proof = verifier.verify(file, SnapshotVerifier.Options.PLAIN, _ -> {})) {
                assertThat(proof.findings()).as(name).isEmpty();
                assertThat(proof.good()).as(name).isTrue();
                assertThat(record.get("sha256").asString()).isEqualTo(proof.sha256());
            }
        }
    }
}
