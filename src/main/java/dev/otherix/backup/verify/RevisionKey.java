package dev.otherix.backup.verify;

import dev.otherix.backup.verify.bolt.BoltFile;
import java.nio.ByteBuffer;

/**
 * The keys of bucket {@code key}: main revision u64, '_', sub revision u64, both big-endian; a deletion ends with 't'
 * (etcd: server/storage/mvcc/revision.go).
 */
final class RevisionKey {

    static final int LENGTH = 17;
    static final int DELETION_LENGTH = 18;

    private RevisionKey() {}

    /** The key of the first row of a revision. */
    static byte[] of(long main) {
        return ByteBuffer.allocate(LENGTH).putLong(main).put((byte) '_').array();
    }

    static boolean wellFormed(BoltFile file, long at, int length) {
        return (length == LENGTH || length == DELETION_LENGTH && file.i8(at + 17) == 't')
                && file.i8(at + 8) == '_'
                && main(file, at) >= 0
                && sub(file, at) >= 0;
    }

    static long main(BoltFile file, long at) {
        return file.bigEndian(at);
    }

    static long sub(BoltFile file, long at) {
        return file.bigEndian(at + 9);
    }

    static boolean deletion(int length) {
        return length == DELETION_LENGTH;
    }
}
