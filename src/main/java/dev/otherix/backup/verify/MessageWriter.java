package dev.otherix.backup.verify;

import java.io.ByteArrayOutputStream;
import java.nio.charset.StandardCharsets;

/** Writes a protobuf message. As in etcd's Raft messages, a number is written also if it is 0. */
public final class MessageWriter {

    private static final int NUMBER = 0;
    private static final int BYTES = 2;

    private final ByteArrayOutputStream message = new ByteArrayOutputStream();

    /** Adds a number, unsigned. */
    public MessageWriter number(int field, long value) {
        varint((long) field << 3 | NUMBER);
        varint(value);
        return this;
    }

    /** Adds bytes, or a message inside the message. */
    public MessageWriter bytes(int field, byte[] value) {
        varint((long) field << 3 | BYTES);
        varint(value.length);
        message.writeBytes(value);
        return this;
    }

    /** Adds a text, in UTF-8. */
    public MessageWriter text(int field, String value) {
        return bytes(field, value.getBytes(StandardCharsets.UTF_8));
    }

    private void varint(long number) {
        var left = number;
        for (; left >>> 7 != 0; left >>>= 7) {
            message.write((int) (left & 0x7f) | 0x80);
        }
        message.write((int) left);
    }

    /** The message. */
    public byte[] toBytes() {
        return message.toByteArray();
    }
}
