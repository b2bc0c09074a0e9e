package dev.otherix.backup.verify;

import java.nio.ByteBuffer;

/** A row of bucket {@code lease} (etcd: server/lease/leasepb/lease.proto, 1 ID, 2 TTL in seconds). */
final class LeaseRow {

    private static final int ID = 1;
    private static final int TTL = 2;

    private LeaseRow() {}

    static byte[] key(long lease) {
        return ByteBuffer.allocate(Long.BYTES).putLong(lease).array();
    }

    static byte[] message(long lease, long ttlSeconds) {
        return new MessageWriter().number(ID, lease).number(TTL, ttlSeconds).toBytes();
    }
}
