package dev.otherix.backup.verify;

import dev.otherix.backup.verify.bolt.BoltFile;

/**
 * Reads one row of bucket {@code key} at a time: protobuf message KeyValue (etcd: api/mvccpb/kv.proto), fields 1 key, 2
 * create_revision, 3 mod_revision, 4 version, 5 value, 6 lease; a field that is zero is left out, unknown ones are
 * skipped. Nothing is copied or allocated.
 */
final class KeyValue {

    private static final int VARINT = 0;
    private static final int FIXED64 = 1;
    private static final int BYTES = 2;
    private static final int FIXED32 = 5;
    private static final long HIGHEST_FIELD = (1 << 29) - 1;

    private final BoltFile file;
    private long at;
    private long end;
    private boolean broken;

    /** Offset of the user's key. */
    long keyAt;

    long keyLength;
    long createRevision;
    long modRevision;
    long version;
    /** Offset of the user's value. */
    long valueAt;

    long valueLength;
    long lease;

    KeyValue(BoltFile file) {
        this.file = file;
    }

    /** Reads the row of {@code length} bytes at {@code from}; false where it is no such message. */
    boolean read(long from, long length) {
        at = from;
        end = from + length;
        broken = false;
        keyAt = from;
        keyLength = 0;
        createRevision = 0;
        modRevision = 0;
        version = 0;
        valueAt = from;
        valueLength = 0;
        lease = 0;
        while (at < end && !broken) {
            field();
        }
        return !broken;
    }

    /** Whether it says nothing but its key, as the row of a deletion does. */
    boolean keyOnly() {
        return createRevision == 0 && modRevision == 0 && version == 0 && valueLength == 0 && lease == 0;
    }

    private void field() {
        var tag = varint();
        var number = tag >>> 3;
        switch ((int) (tag & 7)) {
            case VARINT -> number(number, varint());
            case BYTES -> bytes(number, varint());
            case FIXED64 -> skip(8);
            case FIXED32 -> skip(4);
            default -> broken = true;
        }
        if (number < 1 || number > HIGHEST_FIELD) {
            broken = true;
        }
    }

    private void number(long field, long value) {
        switch ((int) field) {
            case 2 -> createRevision = value;
            case 3 -> modRevision = value;
            case 4 -> version = value;
            case 6 -> lease = value;
            case 1, 5 -> broken = true;
            default -> {}
        }
    }

    private void bytes(long field, long length) {
        if (length < 0 || length > end - at) {
            broken = true;
            return;
        }
        switch ((int) field) {
            case 1 -> {
                keyAt = at;
                keyLength = length;
            }
            case 5 -> {
                valueAt = at;
                valueLength = length;
            }
            case 2, 3, 4, 6 -> broken = true;
            default -> {}
        }
        at += length;
    }

    private void skip(int length) {
        if (length > end - at) {
            broken = true;
        } else {
            at += length;
        }
    }

    private long varint() {
        long value = 0;
        for (int shift = 0; shift < Long.SIZE; shift += 7) {
            if (at >= end) {
                broken = true;
                return 0;
            }
            var next = file.i8(at++);
            value |= (long) (next & 0x7f) << shift;
            if (next >= 0) {
                // a tenth byte has one bit to give
                broken |= shift == 63 && next > 1;
                return value;
            }
        }
        broken = true;
        return 0;
    }
}
