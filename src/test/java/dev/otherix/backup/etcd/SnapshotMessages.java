package dev.otherix.backup.etcd;

import com.google.protobuf.ByteString;
import com.google.protobuf.UnknownFieldSet;
import io.etcd.jetcd.api.SnapshotResponse;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Random;

/** The messages of a stream as etcd would send it, for tests that bend them. */
final class SnapshotMessages {

    static final int CHUNK = 32 * 1024;

    private SnapshotMessages() {}

    static byte[] data(int length) {
        var data = new byte[length];
        new Random(length).nextBytes(data);
        return data;
    }

    /** All messages of a snapshot with these data, the footer last. */
    static List<SnapshotResponse> of(byte[] data) {
        var messages = new ArrayList<SnapshotResponse>();
        for (int at = 0; at < data.length; at += CHUNK) {
            var end = Math.min(at + CHUNK, data.length);
            messages.add(message(data.length - end, Arrays.copyOfRange(data, at, end)));
        }
        messages.add(message(0, sha256(data)));
        return messages;
    }

    static SnapshotResponse message(long remaining, byte[] blob) {
        return SnapshotResponse.newBuilder()
                .setRemainingBytes(remaining)
                .setBlob(ByteString.copyFrom(blob))
                .build();
    }

    /** The message as 3.6 sends it, with a field that the generated class does not know yet. */
    static SnapshotResponse withVersion(SnapshotResponse message, String version) {
        var text = UnknownFieldSet.Field.newBuilder()
                .addLengthDelimited(ByteString.copyFromUtf8(version))
                .build();
        return message.toBuilder()
                .setUnknownFields(UnknownFieldSet.newBuilder().addField(4, text).build())
                .build();
    }

    static byte[] sha256(byte[]... parts) {
        try {
            var digest = MessageDigest.getInstance("SHA-256");
            for (var part : parts) {
                digest.update(part);
            }
            return digest.digest();
        } catch (NoSuchAlgorithmException missing) {
            throw new IllegalStateException(missing);
        }
    }
}
