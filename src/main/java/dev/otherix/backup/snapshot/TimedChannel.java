package dev.otherix.backup.snapshot;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.MappedByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.channels.FileLock;
import java.nio.channels.ReadableByteChannel;
import java.nio.channels.WritableByteChannel;
import java.nio.file.Path;

/** An open file. {@link DiskCalls} knows each of its reads, writes and syncs while it waits. */
final class TimedChannel extends FileChannel {

    private final FileChannel channel;
    private final Path file;
    private final DiskCalls calls;

    TimedChannel(FileChannel channel, Path file, DiskCalls calls) {
        this.channel = channel;
        this.file = file;
        this.calls = calls;
    }

    @Override
    public int read(ByteBuffer bytes) throws IOException {
        return calls.look("reading", file, () -> channel.read(bytes));
    }

    @Override
    public long read(ByteBuffer[] buffers, int offset, int length) throws IOException {
        return calls.look("reading", file, () -> channel.read(buffers, offset, length));
    }

    @Override
    public int read(ByteBuffer bytes, long position) throws IOException {
        return calls.look("reading", file, () -> channel.read(bytes, position));
    }

    @Override
    public int write(ByteBuffer bytes) throws IOException {
        return calls.change("writing", file, () -> channel.write(bytes));
    }

    @Override
    public long write(ByteBuffer[] buffers, int offset, int length) throws IOException {
        return calls.change("writing", file, () -> channel.write(buffers, offset, length));
    }

    @Override
    public int write(ByteBuffer bytes, long position) throws IOException {
        return calls.change("writing", file, () -> channel.write(bytes, position));
    }

    @Override
    public long position() throws IOException {
        return channel.position();
    }

    @Override
    public FileChannel position(long position) throws IOException {
        channel.position(position);
        return this;
    }

    @Override
    public long size() throws IOException {
        return calls.look("measuring", file, channel::size);
    }

    @Override
    public FileChannel truncate(long size) throws IOException {
        calls.change("truncating", file, () -> channel.truncate(size));
        return this;
    }

    @Override
    public void force(boolean metadata) throws IOException {
        calls.change("syncing", file, () -> {
            channel.force(metadata);
            return metadata;
        });
    }

    /** Not timed: it also waits for the target, which may be slow for other reasons. */
    @Override
    public long transferTo(long position, long count, WritableByteChannel target) throws IOException {
        return channel.transferTo(position, count, target);
    }

    /** Not timed: it also waits for the source. */
    @Override
    public long transferFrom(ReadableByteChannel source, long position, long count) throws IOException {
        return channel.transferFrom(source, position, count);
    }

    @Override
    public MappedByteBuffer map(MapMode mode, long position, long size) {
        // a page that does not arrive stops every thread of the process, not only the reading one
        throw new UnsupportedOperationException("files of the directory are read, not mapped");
    }

    @Override
    public FileLock lock(long position, long size, boolean shared) throws IOException {
        return calls.look("locking", file, () -> channel.lock(position, size, shared));
    }

    @Override
    public FileLock tryLock(long position, long size, boolean shared) throws IOException {
        return calls.look("locking", file, () -> channel.tryLock(position, size, shared));
    }

    @Override
    protected void implCloseChannel() throws IOException {
        calls.look("closing", file, () -> {
            channel.close();
            return file;
        });
    }
}
