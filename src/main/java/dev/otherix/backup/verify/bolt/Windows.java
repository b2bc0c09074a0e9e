package dev.otherix.backup.verify.bolt;

import java.io.IOException;

/** Brings a file into memory, a part at a time. Not for use by several threads at once. */
sealed interface Windows extends AutoCloseable permits MappedWindows, ReadWindows {

    /** The part with the byte at {@code at}, which is in the file, and the next seven bytes, if the file has them. */
    Window at(long at) throws IOException;

    /**
     * Announces that the {@code size} bytes at {@code at} are read next.
     *
     * @return whether earlier windows must no longer be used
     */
    boolean enter(long at, long size) throws IOException;

    @Override
    void close();
}
