package dev.otherix.backup.verify;

import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.nio.ByteOrder;

/**
 * The keys of bucket {@code key}: main revision u64, '_', sub revision u64, both big-endian; a deletion has a 't' behind
 * (etcd: server/storage/mvcc/revision.go).
 */
final class RevisionKey {

    static final int LENGTH = 17;
    static final int DELETION_LENGTH = 18;

    private static final ValueLayout.OfLong U64 = ValueLayout.JAVA_LONG_UNALIGNED.withOrder(ByteOrder.BIG_ENDIAN);

    private RevisionKey() {}

    static boolean wellFormed(MemorySegment bytes, long at, int length) {
        return (length == LENGTH || length == DELETION_LENGTH && bytes.get(ValueLayout.JAVA_BYTE, at + 17) == 't')
                && bytes.get(ValueLayout.JAVA_BYTE, at + 8) == '_' && main(bytes, at) >= 0 && sub(bytes, at) >= 0;
    }

    static long main(MemorySegment bytes, long at) {
        return bytes.get(U64, at);
    }

    static long sub(MemorySegment bytes, long at) {
        return bytes.get(U64, at + 9);
    }

    static boolean deletion(int length) {
        return length == DELETION_LENGTH;
    }
}
