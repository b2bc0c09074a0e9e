package dev.otherix.backup.snapshot;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.MappedByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.channels.FileLock;
import java.nio.channels.ReadableByteChannel;
import java.nio.channels.WritableByteChannel;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.function.LongUnaryOperator;
import org.jspecify.annotations.Nullable;

/**
 * The real disk, on which any use of it can be made to fail: once, or from then on for ever. A write that fails is torn: half of its
 * bytes are there. For whole services; {@link ScriptedDisk} is for single steps of this package.
 */
public final class FaultyDisk extends Disk {

    private final List<String> steps = Collections.synchronizedList(new ArrayList<>());
    private volatile int failing = Integer.MAX_VALUE;
    private volatile boolean forEver;
    private volatile boolean failed;
    private volatile long written;
    private volatile @Nullable LongUnaryOperator free;

    /** Opens a directory on this disk. */
    public SnapshotDirectory open(Path path, long reserve) {
        return SnapshotDirectory.open(path, reserve, this);
    }

    /** The step with this number from now on fails, the first is 0; and all after it, where it is to be for ever. */
    public void failAt(int step, boolean forEver) {
        steps.clear();
        failed = false;
        this.forEver = forEver;
        failing = step;
    }

    /** Nothing fails any more. */
    public void heal() {
        failing = Integer.MAX_VALUE;
    }

    /** Whether the step came that was to fail. */
    public boolean failed() {
        return failed;
    }

    /** The steps since {@link #failAt}, in words. */
    public List<String> steps() {
        return List.copyOf(steps);
    }

    /** What is free, told from the bytes written through this disk. */
    public void free(LongUnaryOperator afterBytes) {
        free = afterBytes;
    }

    private boolean fails(String step) {
        int number;
        synchronized (steps) {
            number = steps.size();
            steps.add(step);
        }
        boolean fails = number == failing || forEver && number > failing;
        failed |= fails;
        return fails;
    }

    private void step(String step) throws IOException {
        if (fails(step)) {
            throw broken(step);
        }
    }

    private static IOException broken(String step) {
        return new IOException("broken on purpose: " + step);
    }

    @Override
    void makeDirectories(Path directory) throws IOException {
        step("make directory");
        super.makeDirectories(directory);
    }

    @Override
    FileChannel createNew(Path file) throws IOException {
        step("create " + file.getFileName());
        return new TornChannel(super.createNew(file), file.getFileName().toString());
    }

    @Override
    FileChannel openOrCreate(Path file) throws IOException {
        step("open " + file.getFileName());
        return super.openOrCreate(file);
    }

    @Override
    byte[] readUpTo(int bytes, Path file) throws IOException {
        step("read " + file.getFileName());
        return super.readUpTo(bytes, file);
    }

    @Override
    void force(FileChannel file, boolean metadata) throws IOException {
        step("sync " + file);
        super.force(file, metadata);
    }

    @Override
    void forceDirectory(Path directory) throws IOException {
        step("sync directory");
        super.forceDirectory(directory);
    }

    @Override
    void link(Path file, Path name) throws IOException {
        step("link " + name.getFileName());
        super.link(file, name);
    }

    @Override
    void replace(Path from, Path to) throws IOException {
        step("rename to " + to.getFileName());
        super.replace(from, to);
    }

    @Override
    boolean deleteIfThere(Path file) throws IOException {
        step("delete " + file.getFileName());
        return super.deleteIfThere(file);
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
            var step = "write " + name;
            if (fails(step)) {
                file.write(bytes.slice(bytes.position(), bytes.remaining() / 2));
                throw broken(step);
            }
            int count = file.write(bytes);
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
        public String toString() {
            return name;
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
