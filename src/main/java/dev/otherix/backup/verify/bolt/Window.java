package dev.otherix.backup.verify.bolt;

import java.lang.foreign.MemorySegment;
import java.nio.ByteBuffer;

/**
 * A part of a file as it lies in memory.
 *
 * @param bytes the part
 * @param buffer the same memory, for what takes no segment
 * @param begin where in the file it begins
 */
record Window(MemorySegment bytes, ByteBuffer buffer, long begin) {

    /** Windows overlap by so much that a number which begins in one also ends in it. */
    static final int OVERLAP = Long.BYTES;

    static Window of(MemorySegment bytes, long begin) {
        return new Window(bytes, bytes.asByteBuffer(), begin);
    }

    long end() {
        return begin + bytes.byteSize();
    }
}
