package dev.otherix.backup.api;

import java.io.IOException;
import java.io.OutputStream;
import java.nio.ByteBuffer;
import java.nio.channels.SeekableByteChannel;
import java.util.function.LongConsumer;

/** A part of an open file, sent through one small buffer whatever its length. */
record FilePart(SeekableByteChannel file, ByteRange part) {

    private static final int BUFFER = 64 << 10;

    /**
     * Sends all of it, or fails if the file has become shorter.
     *
     * @param sent gets the number of bytes of each write that succeeded
     */
    void copyTo(OutputStream to, LongConsumer sent) throws IOException {
        var buffer = ByteBuffer.allocate(BUFFER);
        file.position(part.first());
        for (var left = part.length(); left > 0; left -= buffer.position()) {
            buffer.clear().limit((int) Math.min(BUFFER, left));
            if (file.read(buffer) < 0) {
                throw new IOException("the file ended " + left + " bytes too early");
            }
            to.write(buffer.array(), 0, buffer.position());
            sent.accept(buffer.position());
        }
    }
}
