package dev.otherix.backup.verify;

import dev.otherix.backup.verify.bolt.BoltFile;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * Reads a protobuf message, of which nothing is copied, as the strictest etcd does: what any version of etcd refuses is
 * broken (3.6 refuses a known field of another type, 3.7 a number of more than 64 bits).
 */
final class Message {

    private static final int VARINT = 0;
    private static final int FIXED64 = 1;
    private static final int BYTES = 2;
    private static final int FIXED32 = 5;
    private static final long HIGHEST_FIELD = (1 << 29) - 1;
    private static final int LONGEST_TEXT = 1 << 16;

    private final BoltFile file;
    private long at;
    private long end;
    private boolean broken;
    private int field;
    private int type;
    private long value;
    private long valueAt;

    /** What a field holds; a field that is in no such list is skipped. A text may be none, see {@link #hasTexts}. */
    sealed interface Kind {

        /** What has no fields of its own. */
        enum Plain implements Kind {
            NUMBER,
            BYTES,
            TEXT
        }

        /** A message, its fields by their numbers. */
        record Nested(Map<Integer, Kind> fields) implements Kind {}
    }

    Message(BoltFile file, long at, long length) {
        this.file = file;
        this.at = at;
        this.end = at + length;
    }

    /** Whether the {@code length} bytes at {@code at} are a message of these fields. */
    static boolean is(Kind.Nested kind, BoltFile file, long at, long length) {
        var message = new Message(file, at, length);
        while (message.next()) {
            if (!message.fits(kind.fields().get(message.field))) {
                return false;
            }
        }
        return !message.broken;
    }

    /** Whether all texts in a message of these fields are UTF-8, which etcd demands since 3.7. */
    static boolean hasTexts(Kind.Nested kind, BoltFile file, long at, long length) {
        var message = new Message(file, at, length);
        while (message.next()) {
            if (kind.fields().get(message.field) == Kind.Plain.TEXT && !message.isText()) {
                return false;
            }
        }
        return true;
    }

    /** The number in field {@code wanted}; the last one counts, 0 where there is none. */
    static long number(int wanted, BoltFile file, long at, long length) {
        var message = new Message(file, at, length);
        long found = 0;
        while (message.next()) {
            if (message.field == wanted && message.type == VARINT) {
                found = message.value;
            }
        }
        return found;
    }

    private boolean fits(@Nullable Kind kind) {
        return switch (kind) {
            case null -> true;
            case Kind.Plain.NUMBER -> type == VARINT;
            case Kind.Plain.BYTES, Kind.Plain.TEXT -> type == BYTES;
            case Kind.Nested nested -> type == BYTES && is(nested, file, valueAt, value);
        };
    }

    private boolean isText() {
        // more is no name that anybody gave
        var bytes = file.copy(valueAt, Math.toIntExact(Math.min(value, LONGEST_TEXT)));
        return Arrays.equals(bytes, new String(bytes, StandardCharsets.UTF_8).getBytes(StandardCharsets.UTF_8));
    }

    /** Goes to the next field; false at the end and where the message is broken. */
    private boolean next() {
        if (at >= end || broken) {
            return false;
        }
        var tag = varint();
        var number = tag >>> 3;
        type = (int) (tag & 7);
        if (number < 1 || number > HIGHEST_FIELD) {
            broken = true;
            return false;
        }
        field = (int) number;
        value = switch (type) {
            case VARINT, BYTES -> varint();
            case FIXED64 -> Long.BYTES;
            case FIXED32 -> Integer.BYTES;
            default -> -1;
        };
        valueAt = at;
        if (type != VARINT) {
            if (value < 0 || value > end - at) {
                broken = true;
                return false;
            }
            at += value;
        }
        return !broken;
    }

    private long varint() {
        long number = 0;
        for (int shift = 0; shift < Long.SIZE; shift += 7) {
            if (at >= end) {
                broken = true;
                return 0;
            }
            var part = file.i8(at++);
            number |= (long) (part & 0x7f) << shift;
            if (part >= 0) {
                broken |= shift == 63 && part > 1;
                return number;
            }
        }
        broken = true;
        return 0;
    }
}
