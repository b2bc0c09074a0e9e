package dev.otherix.backup.history;

import com.google.protobuf.ByteString;
import dev.otherix.backup.verify.bolt.BoltWriter;
import dev.otherix.backup.verify.bolt.BoltWriter.Entry;
import io.etcd.jetcd.api.KeyValue;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;

/** Writes a snapshot with a past that a test makes up: rows as etcd writes them, transaction by transaction. */
public final class WrittenPast {

    private final List<Entry> rows = new ArrayList<>();
    private final List<Entry> meta = new ArrayList<>();
    private final Map<ByteString, KeyValue> live = new HashMap<>();
    private long revision = 1;
    private long sub;

    /** Begins the next transaction. */
    public WrittenPast next() {
        return at(revision + 1);
    }

    /** Begins the transaction with this revision. */
    public WrittenPast at(long main) {
        revision = main;
        sub = 0;
        return this;
    }

    public WrittenPast put(String key, String value) {
        return put(ByteString.copyFromUtf8(key), ByteString.copyFromUtf8(value), 0);
    }

    public WrittenPast put(String key, String value, long lease) {
        return put(ByteString.copyFromUtf8(key), ByteString.copyFromUtf8(value), lease);
    }

    public WrittenPast put(ByteString key, ByteString value, long lease) {
        var before = live.get(key);
        var row = KeyValue.newBuilder()
                .setKey(key)
                .setValue(value)
                .setLease(lease)
                .setCreateRevision(before == null ? revision : before.getCreateRevision())
                .setModRevision(revision)
                .setVersion(before == null ? 1 : before.getVersion() + 1)
                .build();
        live.put(key, row);
        rows.add(new Entry(rowKey(17), row.toByteArray()));
        return this;
    }

    public WrittenPast delete(String key) {
        var bytes = ByteString.copyFromUtf8(key);
        live.remove(bytes);
        var row = KeyValue.newBuilder().setKey(bytes).build();
        rows.add(new Entry(rowKey(18), row.toByteArray()));
        return this;
    }

    private byte[] rowKey(int length) {
        var key = ByteBuffer.allocate(length).putLong(revision).put((byte) '_').putLong(sub++);
        return length == 17 ? key.array() : key.put((byte) 't').array();
    }

    /** The compact revision. */
    public WrittenPast compacted(long at) {
        var value = ByteBuffer.allocate(17).putLong(at).put((byte) '_').array();
        meta.add(new Entry("scheduledCompactRev".getBytes(StandardCharsets.UTF_8), value));
        return this;
    }

    public Path write(Path file) throws IOException {
        return BoltWriter.snapshot(file, 4096, new TreeMap<>(Map.of("key", rows, "meta", meta)));
    }

    /**
     * Five transactions above revision 10, which is compacted: overwrites, a deletion, a lease, a key that is not text.
     */
    public static WrittenPast small() {
        return new WrittenPast()
                .compacted(10)
                .at(9)
                .put("/otherix/users/ann", "ann 1")
                .at(10)
                .put("/otherix/users/bob", "bob 1")
                .at(11)
                .put("/otherix/users/ann", "ann 2")
                .put("/otherix/user_names/ann", "x")
                .at(12)
                .delete("/otherix/users/bob")
                .at(13)
                .put("/otherix/nodes/n1", "up", 0x1234abcdL)
                .at(14)
                .put("/otherix/users/bob", "bob 2")
                .at(15)
                .put(
                        ByteString.copyFrom(new byte[] {'/', (byte) 0xff, 'b'}),
                        ByteString.copyFrom(new byte[] {0, (byte) 0xfe}),
                        0);
    }
}
