package dev.otherix.backup.verify;

import com.google.protobuf.ByteString;
import dev.otherix.backup.verify.bolt.BoltWriter.Entry;
import io.etcd.jetcd.api.KeyValue;
import java.nio.ByteBuffer;

/** Rows of bucket {@code key} as etcd writes them, with etcd's own message. */
public final class Rows {

    private Rows() {}

    /** A row: its key and its value. */
    public record Row(byte[] key, byte[] value) {

        public static Row put(long revision, String key, long created, long version) {
            return put(revision, key, created, version, ByteString.copyFromUtf8("value"));
        }

        public static Row put(long revision, String key, long created, long version, ByteString value) {
            var row = KeyValue.newBuilder()
                    .setKey(ByteString.copyFromUtf8(key))
                    .setCreateRevision(created)
                    .setModRevision(revision)
                    .setVersion(version)
                    .setValue(value);
            return new Row(Rows.key(revision, 0), row.build().toByteArray());
        }

        public static Row deletion(long revision, String key) {
            return new Row(
                    deletionKey(revision, 0),
                    KeyValue.newBuilder()
                            .setKey(ByteString.copyFromUtf8(key))
                            .build()
                            .toByteArray());
        }

        public Entry entry() {
            return new Entry(key, value);
        }
    }

    static byte[] key(long main, long sub) {
        return ByteBuffer.allocate(17)
                .putLong(main)
                .put((byte) '_')
                .putLong(sub)
                .array();
    }

    static byte[] deletionKey(long main, long sub) {
        return ByteBuffer.allocate(18).put(key(main, sub)).put((byte) 't').array();
    }
}
