package dev.otherix.backup.verify.bolt;

import java.io.IOException;

/** Brings a file into memory, a part at a time. Not for use by several threads at once. */
sealed interface Windows extends AutoCloseable permits MappedWindows, ReadWindows {

    /**
     * The part with the byte at {@code at}, which is in the file, and the seven after it, as far as the file has them.
     */
    Window at(long at) throws IOException;

    /**
     * Says that the {@code size} bytes at {@code at} are read next.
     *
     * @return whether windows given before are not to be used any more
     */
    boolean enter(long at, long size) throws IOException;

    @Override
    void close();
}
