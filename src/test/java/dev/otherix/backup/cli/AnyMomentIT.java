package dev.otherix.backup.cli;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import com.google.protobuf.ByteString;
import dev.otherix.backup.history.RandomHistory;
import dev.otherix.backup.history.RecordedWatch;
import dev.otherix.backup.realetcd.EtcdHome;
import dev.otherix.backup.realetcd.EtcdLines;
import dev.otherix.backup.realetcd.EtcdProcess;
import dev.otherix.backup.realetcd.NeedsEtcd;
import io.etcd.jetcd.api.Event;
import io.etcd.jetcd.api.KeyValue;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Base64;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Random;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import tools.jackson.databind.JsonNode;

/** What the commands show of a snapshot's past is what the member itself reported to a watch of all keys. */
@NeedsEtcd
@Timeout(180)
class AnyMomentIT {

    private static final int SEED = 16;

    @TempDir
    private Path dir;

    @ParameterizedTest
    @EtcdLines
    void thePastIsThatOfAWatchOfTheWholeRange(EtcdHome home) {
        try (var etcd = EtcdProcess.start(home);
                var history = new RandomHistory(etcd.clientUrl(), SEED)) {
            var watch = RecordedWatch.of(history.channel());
            history.write(150);
            var expiring = history.expiring();
            var compacted = history.putOne();
            history.write(250);
            history.manyAndNone();
            await().until(() -> watch.hasDeletionOf(expiring));
            history.write(50);
            var last = history.putOne();
            await().until(() -> watch.has(last));
            history.compact(compacted);
            var file = dir.resolve("a.db").toString();
            etcd.etcdctl("snapshot", "save", file);

            historyIsThatOf(watch, file, compacted, last);
            transactionsAreThoseOf(watch, file, compacted, last);
            statesAreThoseOf(watch, file, compacted, last);
        }
    }

    private static void historyIsThatOf(RecordedWatch watch, String file, long compacted, long last) {
        var expected = new ArrayList<List<Object>>();
        var changes = watch.upTo(last).reversed();
        assertThat(changes).hasSizeGreaterThan(3000);
        for (var event : changes) {
            var kv = event.getKv();
            if (kv.getModRevision() > compacted) {
                var put = event.getType() == Event.EventType.PUT;
                expected.add(List.of(
                        encoded(kv.getKey()),
                        kv.getModRevision(),
                        put ? "put" : "delete",
                        put ? kv.getVersion() : 0L,
                        kv.getLease() == 0 ? "null" : Long.toHexString(kv.getLease()),
                        (long) kv.getValue().size()));
            }
        }
        var shown = new ArrayList<List<Object>>();
        for (var change : json("history", file, "--prefix", "").get("changes")) {
            shown.add(List.of(
                    key(change),
                    change.get("revision").asLong(),
                    change.get("op").asString(),
                    change.get("version").asLong(),
                    change.get("lease").isNull() ? "null" : change.get("lease").asString(),
                    change.get("size_bytes").asLong()));
        }
        assertThat(shown).isEqualTo(expected);
        var one = encoded(ByteString.copyFromUtf8("/otherix/vms/03"));
        assertThat(json("history", file, "/otherix/vms/03").get("changes")).hasSize((int) expected.stream()
                .filter(change -> change.getFirst().equals(one))
                .count());
    }

    private static void transactionsAreThoseOf(RecordedWatch watch, String file, long compacted, long last) {
        var puts = new HashMap<Long, Long>();
        var deletes = new HashMap<Long, Long>();
        for (var event : watch.upTo(last)) {
            var revision = event.getKv().getModRevision();
            if (revision > compacted) {
                (event.getType() == Event.EventType.PUT ? puts : deletes).merge(revision, 1L, Long::sum);
            }
        }
        var shownPuts = new HashMap<Long, Long>();
        var shownDeletes = new HashMap<Long, Long>();
        for (var transaction :
                json("history", file, "--prefix", "", "--transactions").get("transactions")) {
            put(shownPuts, transaction, "puts");
            put(shownDeletes, transaction, "deletes");
            long kinds = 0;
            for (var kind : transaction.get("kinds")) {
                kinds += kind.asLong();
            }
            assertThat(kinds)
                    .isEqualTo(transaction.get("puts").asLong()
                            + transaction.get("deletes").asLong());
        }
        assertThat(shownPuts).isEqualTo(puts);
        assertThat(shownDeletes).isEqualTo(deletes).containsValue(1500L);
    }

    private static void put(Map<Long, Long> numbers, JsonNode transaction, String name) {
        if (transaction.get(name).asLong() > 0) {
            numbers.put(
                    transaction.get("revision").asLong(), transaction.get(name).asLong());
        }
    }

    private static void statesAreThoseOf(RecordedWatch watch, String file, long compacted, long last) {
        var random = new Random(SEED);
        var before = compacted;
        for (var i = 0; i < 12; i++) {
            var revision = i == 0 ? compacted : i == 1 ? last : random.nextLong(compacted, last + 1);
            var state = watch.at(revision);
            assertThat(keys(json("keys", file, "--revision", Long.toString(revision))
                            .get("keys")))
                    .as("keys at %d", revision)
                    .isEqualTo(state.keySet().stream().map(AnyMomentIT::encoded).toList());
            var texts = state.values().stream()
                    .filter(kv -> kv.getKey().isValidUtf8())
                    .toList();
            for (var j = 0; j < 3; j++) {
                valueIsThatOf(texts.get(random.nextInt(texts.size())), file, revision);
            }
            differenceIsThatOf(watch, file, Math.min(before, revision), Math.max(before, revision));
            before = revision;
        }
    }

    private static void valueIsThatOf(KeyValue kv, String file, long revision) {
        var key = kv.getKey().toStringUtf8();
        var raw = OfflineScene.run("get", file, key, "--rev", Long.toString(revision));
        assertThat(raw.exitCode()).as(raw.err()).isZero();
        assertThat(raw.bytes()).isEqualTo(kv.getValue().toByteArray());
        var json = json("get", file, key, "--rev", Long.toString(revision));
        assertThat(json.get("create_revision").asLong()).isEqualTo(kv.getCreateRevision());
        assertThat(json.get("revision").asLong()).isEqualTo(kv.getModRevision());
        assertThat(json.get("version").asLong()).isEqualTo(kv.getVersion());
        assertThat(json.get("lease").isNull() ? "0" : json.get("lease").asString())
                .isEqualTo(Long.toHexString(kv.getLease()));
        if (kv.getValue().isValidUtf8()) {
            assertThat(json.get("value").asString()).isEqualTo(kv.getValue().toStringUtf8());
        } else {
            assertThat(Base64.getDecoder().decode(json.get("value_base64").asString()))
                    .isEqualTo(kv.getValue().toByteArray());
        }
    }

    private static void differenceIsThatOf(RecordedWatch watch, String file, long from, long to) {
        var was = watch.at(from);
        var is = watch.at(to);
        var added = new ArrayList<String>();
        var changed = new ArrayList<String>();
        var removed = new ArrayList<String>();
        is.forEach((key, kv) -> {
            var old = was.get(key);
            if (old == null) {
                added.add(encoded(key));
            } else if (!old.getValue().equals(kv.getValue()) || old.getLease() != kv.getLease()) {
                changed.add(encoded(key));
            }
        });
        was.keySet().stream()
                .filter(key -> !is.containsKey(key))
                .map(AnyMomentIT::encoded)
                .forEach(removed::add);
        var json = json("diff", file, "--from", Long.toString(from), "--to", Long.toString(to));
        assertThat(keys(json.get("added"))).as("from %d to %d", from, to).isEqualTo(added);
        assertThat(keys(json.get("changed"))).as("from %d to %d", from, to).isEqualTo(changed);
        assertThat(keys(json.get("removed"))).as("from %d to %d", from, to).isEqualTo(removed);
    }

    private static JsonNode json(String... args) {
        var all = new ArrayList<>(List.of(args));
        all.addAll(List.of("-o", "json"));
        var run = OfflineScene.run(all.toArray(String[]::new));
        assertThat(run.exitCode()).as(run.err()).isZero();
        return run.json();
    }

    private static List<String> keys(JsonNode list) {
        var keys = new ArrayList<String>();
        list.forEach(element -> keys.add(element.isString() ? encoded(element.asString()) : key(element)));
        return keys;
    }

    private static String key(JsonNode change) {
        return change.has("key")
                ? encoded(change.get("key").asString())
                : change.get("key_base64").asString();
    }

    private static String encoded(String key) {
        return encoded(ByteString.copyFromUtf8(key));
    }

    private static String encoded(ByteString key) {
        return Base64.getEncoder().encodeToString(key.toByteArray());
    }
}
