package dev.otherix.backup.etcd;

import java.nio.ByteBuffer;

/**
 * Takes the bytes of a snapshot as they arrive. Both methods are called on the transport's thread, one call at a time
 * and in order; blocking in them slows the member down and queues nothing.
 *
 * <p>An exception ends the stream: the call is cancelled at the member, the sink gets no further call, and the caller
 * of {@link MemberConnection#stream} gets the exception unchanged. A call may still be running when that caller gets
 * its failure (the disk under a write can hang), so another thread must be able to close the sink meanwhile.
 */
public interface SnapshotSink {

    /**
     * Called once, before the first byte.
     *
     * @param fileBytes how many bytes the file will have: the data that the member has announced, and the footer
     */
    void begin(long fileBytes);

    /**
     * Takes the next bytes of the file, the footer's included.
     *
     * @param bytes read-only and valid only during the call; a sink takes all remaining bytes
     */
    void write(ByteBuffer bytes);
}
