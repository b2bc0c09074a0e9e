package dev.otherix.backup.verify;

import dev.otherix.backup.verify.bolt.BoltFile;

/**
 * Walks the fields of one protobuf message after another where they stand in the file; nothing is copied or allocated.
 * It reads as the strictest etcd does: what any version of etcd refuses is broken (3.6 refuses a known field of another
 * type, 3.7 a number of more than 64 bits).
 */
final class Fields {

    private static final int VARINT = 0;
    private static final int FIXED64 = 1;
    private static final int BYTES = 2;
    private static final int FIXED32 = 5;
    private static final long HIGHEST_FIELD = (1 << 29) - 1;

    private final BoltFile file;
    private long at;
    private long end;
    private boolean broken;
    private int number;
    private int type;
    private long value;
    private long valueAt;

    Fields(BoltFile file) {
        this.file = file;
    }

    /** Goes before the first field of the message of {@code length} bytes at {@code from}. */
    Fields of(long from, long length) {
        at = from;
        end = from + length;
        broken = false;
        return this;
    }

    /** Goes to the next field; false at the end and where the message is broken. */
    boolean next() {
        if (at >= end || broken) {
            return false;
        }
        var tag = varint();
        var field = tag >>> 3;
        type = (int) (tag & 7);
        if (field < 1 || field > HIGHEST_FIELD) {
            broken = true;
            return false;
        }
        number = (int) field;
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

    /** Whether the message could not be read to its end. */
    boolean broken() {
        return broken;
    }

    /** The number of this field. */
    int number() {
        return number;
    }

    /** Whether this field holds a varint, which is {@link #value} then. */
    boolean isNumber() {
        return type == VARINT;
    }

    /** Whether this field holds bytes, of which there are {@link #value}, at {@link #valueAt}. */
    boolean isBytes() {
        return type == BYTES;
    }

    long value() {
        return value;
    }

    long valueAt() {
        return valueAt;
    }

    private long varint() {
        if (at < end) {
            var first = file.i8(at);
            if (first >= 0) {
                at++;
                return first;
            }
        }
        return longVarint();
    }

    private long longVarint() {
        long read = 0;
        for (int shift = 0; shift < Long.SIZE; shift += 7) {
            if (at >= end) {
                broken = true;
                return 0;
            }
            var part = file.i8(at++);
            read |= (long) (part & 0x7f) << shift;
            if (part >= 0) {
                // a tenth byte has one bit to give
                broken |= shift == 63 && part > 1;
                return read;
            }
        }
        broken = true;
        return 0;
    }
}
