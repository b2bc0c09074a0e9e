package dev.otherix.backup.verify;

import java.io.ByteArrayOutputStream;
import java.nio.ByteBuffer;

/** A row of bucket {@code lease} (etcd: server/lease/leasepb/lease.proto, 1 ID, 2 TTL in seconds). */
final class LeaseRow {

    private static final int ID = 1 << 3;
    private static final int TTL = 2 << 3;

    private LeaseRow() {}

    static byte[] key(long lease) {
        return ByteBuffer.allocate(Long.BYTES).putLong(lease).array();
    }

    static byte[] message(long lease, long ttlSeconds) {
        var row = new ByteArrayOutputStream();
        row.write(ID);
        varint(lease, row);
        row.write(TTL);
        varint(ttlSeconds, row);
        return row.toByteArray();
    }

    private static void varint(long number, ByteArrayOutputStream into) {
        var left = number;
        for (; left >>> 7 != 0; left >>>= 7) {
            into.write((int) (left & 0x7f) | 0x80);
        }
        into.write((int) left);
    }
}
