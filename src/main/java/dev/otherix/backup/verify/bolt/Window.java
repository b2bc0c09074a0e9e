package dev.otherix.backup.verify.bolt;

import java.lang.foreign.MemorySegment;
import java.nio.ByteBuffer;

/**
 * A part of a file in memory.
 *
 * @param bytes the part
 * @param buffer the same memory, for code that takes no segment
 * @param begin where in the file it begins
 */
record Window(MemorySegment bytes, ByteBuffer buffer, long begin) {

    /** Windows overlap by this much, so that a number which begins in one also ends in it. */
    static final int OVERLAP = Long.BYTES;

    static Window of(MemorySegment bytes, long begin) {
        return new Window(bytes, bytes.asByteBuffer(), begin);
    }

    long end() {
        return begin + bytes.byteSize();
    }
}
