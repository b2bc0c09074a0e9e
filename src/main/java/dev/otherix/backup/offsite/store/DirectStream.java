package dev.otherix.backup.offsite.store;

import java.io.IOException;
import java.io.InputStream;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;

/** Reads a file that is open for direct reads: in whole blocks, into memory at the bounds of blocks. */
final class DirectStream extends InputStream {

    private static final int BUFFER = 1 << 20;

    private final FileChannel channel;
    private final int block;
    private final ByteBuffer buffer;
    private long position;
    private long left;

    /** @throws IOException also if the first read shows that the file system cannot do it; then the file is closed */
    DirectStream(FileChannel channel, int block, long offset, long length) throws IOException {
        this.channel = channel;
        this.block = block;
        this.left = length;
        if (block < 1 || block > BUFFER || BUFFER % block != 0) {
            channel.close();
            throw new IOException("its blocks have " + block + " bytes");
        }
        this.buffer =
                ByteBuffer.allocateDirect(BUFFER + block).alignedSlice(block).limit(BUFFER);
        this.position = offset - offset % block;
        try {
            fill();
            buffer.position(Math.min(buffer.limit(), (int) (offset % block)));
        } catch (IOException refused) {
            channel.close();
            throw refused;
        }
    }

    private void fill() throws IOException {
        buffer.clear().limit(BUFFER);
        if (position % block != 0) {
            // the last read was short: that was the end
            buffer.limit(0);
            return;
        }
        var count = channel.read(buffer, position);
        buffer.flip();
        position += Math.max(0, count);
    }

    @Override
    public int read() throws IOException {
        var one = new byte[1];
        return read(one, 0, 1) < 0 ? -1 : one[0] & 0xff;
    }

    @Override
    public int read(byte[] bytes, int offset, int length) throws IOException {
        if (!buffer.hasRemaining()) {
            fill();
        }
        var count = (int) Math.min(Math.min(length, left), buffer.remaining());
        if (count <= 0) {
            return -1;
        }
        buffer.get(bytes, offset, count);
        left -= count;
        return count;
    }

    @Override
    public void close() throws IOException {
        channel.close();
    }
}
