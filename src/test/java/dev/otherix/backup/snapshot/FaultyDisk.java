package dev.otherix.backup.snapshot;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.MappedByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.channels.FileLock;
import java.nio.channels.ReadableByteChannel;
import java.nio.channels.WritableByteChannel;
import java.nio.file.Path;
import java.util.List;
import java.util.function.LongUnaryOperator;
import org.jspecify.annotations.Nullable;

/**
 * The real disk, on which any use of it can be made to fail, reads, writes and measuring too: once, or from then on for
 * ever. A write that fails is torn: half of its bytes are there. For whole services.
 */
public final class FaultyDisk extends ScriptedDisk {

    private volatile boolean failed;
    private volatile long written;
    private volatile @Nullable LongUnaryOperator free;

    /** Notes on this disk which directory it is. */
    public KnownDirectory known(SnapshotDirectory directory, StateDirectory state) {
        return KnownDirectory.of(directory, state, this);
    }

    /** Opens a directory on this disk. */
    public SnapshotDirectory open(Path path, long reserve) {
        return SnapshotDirectory.open(path, reserve, this);
    }

    /** The step with this number from now on fails, the first is 0; and all after it, where it is to be for ever. */
    public void failAt(int wanted, boolean forEver) {
        failed = false;
        script((number, step) -> {
            if (number == wanted || forEver && number > wanted) {
                failed = true;
                throw new IOException("broken on purpose: " + step);
            }
        });
    }

    /** Tells {@code watcher} of each step from now on, before it is done. What it throws is the disk's failure. */
    public void watch(Watcher watcher) {
        script((_, step) -> watcher.before(step));
    }

    /** Tells {@code watcher} of each step of the thread that notes how runs ended, before it is done. */
    public void watchNotes(Watcher watcher) {
        scriptNotes((_, step) -> watcher.before(step));
    }

    /** Sees what is done on the disk. */
    @FunctionalInterface
    public interface Watcher {
        void before(String step) throws IOException;
    }

    /** Whether the step came that was to fail. */
    public boolean failed() {
        return failed;
    }

    /** What is free, told from the bytes written through this disk. */
    public void free(LongUnaryOperator afterBytes) {
        free = afterBytes;
    }

    @Override
    FileChannel writtenThrough(FileChannel file, String name) {
        return new TornChannel(file, name);
    }

    @Override
    byte[] readUpTo(int bytes, Path file) throws IOException {
        step("read " + file.getFileName());
        return super.readUpTo(bytes, file);
    }

    @Override
    List<String> list(Path directory) throws IOException {
        step("list");
        return super.list(directory);
    }

    @Override
    long usableSpace(Path directory) throws IOException {
        step("measure what is free");
        var told = free;
        return told == null ? super.usableSpace(directory) : told.applyAsLong(written);
    }

    @Override
    long totalSpace(Path directory) throws IOException {
        step("measure all");
        return super.totalSpace(directory);
    }

    /** A file to write to, whose writes are steps. */
    private final class TornChannel extends FileChannel {

        private final FileChannel file;
        private final String name;

        TornChannel(FileChannel file, String name) {
            this.file = file;
            this.name = name;
        }

        @Override
        public int write(ByteBuffer bytes) throws IOException {
            try {
                step("write " + name);
            } catch (IOException torn) {
                file.write(bytes.slice(bytes.position(), bytes.remaining() / 2));
                throw torn;
            }
            var count = file.write(bytes);
            written += count;
            return count;
        }

        @Override
        public void force(boolean metadata) throws IOException {
            file.force(metadata);
        }

        @Override
        protected void implCloseChannel() throws IOException {
            file.close();
        }

        @Override
        public int read(ByteBuffer into) {
            throw new UnsupportedOperationException();
        }

        @Override
        public long read(ByteBuffer[] into, int offset, int length) {
            throw new UnsupportedOperationException();
        }

        @Override
        public int read(ByteBuffer into, long position) {
            throw new UnsupportedOperationException();
        }

        @Override
        public long write(ByteBuffer[] bytes, int offset, int length) {
            throw new UnsupportedOperationException();
        }

        @Override
        public int write(ByteBuffer bytes, long position) {
            throw new UnsupportedOperationException();
        }

        @Override
        public long position() {
            throw new UnsupportedOperationException();
        }

        @Override
        public FileChannel position(long position) {
            throw new UnsupportedOperationException();
        }

        @Override
        public long size() {
            throw new UnsupportedOperationException();
        }

        @Override
        public FileChannel truncate(long size) {
            throw new UnsupportedOperationException();
        }

        @Override
        public long transferTo(long position, long count, WritableByteChannel to) {
            throw new UnsupportedOperationException();
        }

        @Override
        public long transferFrom(ReadableByteChannel from, long position, long count) {
            throw new UnsupportedOperationException();
        }

        @Override
        public MappedByteBuffer map(MapMode mode, long position, long size) {
            throw new UnsupportedOperationException();
        }

        @Override
        public FileLock lock(long position, long size, boolean shared) {
            throw new UnsupportedOperationException();
        }

        @Override
        public FileLock tryLock(long position, long size, boolean shared) {
            throw new UnsupportedOperationException();
        }
    }
}
