package dev.otherix.backup.verify;

import dev.otherix.backup.verify.bolt.BoltFile;

/**
 * Reads one row of bucket {@code key} at a time: protobuf message KeyValue (etcd: api/mvccpb/kv.proto), fields 1 key, 2
 * create_revision, 3 mod_revision, 4 version, 5 value, 6 lease; a field that is zero is left out, unknown ones are
 * skipped. Nothing is copied or allocated.
 */
final class KeyValue {

    private final BoltFile file;
    private final Fields fields;

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
        this.fields = new Fields(file);
    }

    /** Reads the row of {@code length} bytes at {@code from}; false if it is not such a message. */
    boolean read(long from, long length) {
        keyAt = from;
        keyLength = 0;
        createRevision = 0;
        modRevision = 0;
        version = 0;
        valueAt = from;
        valueLength = 0;
        lease = 0;
        fields.of(from, length);
        while (fields.next()) {
            if (!take(fields.number())) {
                return false;
            }
        }
        return !fields.broken();
    }

    /** Whether it holds only its key, like the row of a deletion. */
    boolean keyOnly() {
        return createRevision == 0 && modRevision == 0 && version == 0 && valueLength == 0 && lease == 0;
    }

    /** The kind of otherix resource that its key belongs to. */
    String kind() {
        return ResourceKinds.of(file.text(keyAt, (int) Math.min(keyLength, ResourceKinds.START)));
    }

    /** Takes the field over; false where it is of another type than etcd knows it, for etcd refuses that. */
    private boolean take(int field) {
        switch (field) {
            case 1 -> {
                keyAt = fields.valueAt();
                keyLength = fields.value();
                return fields.isBytes();
            }
            case 2 -> createRevision = fields.value();
            case 3 -> modRevision = fields.value();
            case 4 -> version = fields.value();
            case 5 -> {
                valueAt = fields.valueAt();
                valueLength = fields.value();
                return fields.isBytes();
            }
            case 6 -> lease = fields.value();
            default -> {
                return true;
            }
        }
        return fields.isNumber();
    }
}
