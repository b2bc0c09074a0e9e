package dev.otherix.backup.snapshot;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.file.Path;

/**
 * A snapshot that has no name yet: its bytes go to a temporary file, which {@link #commit} makes a snapshot and {@link #close}
 * without a commit deletes. One thread writes at a time; any thread may close, which ends a write that hangs.
 */
public final class PendingSnapshot implements AutoCloseable {

    private static final long SPACE_CHECK_BYTES = 16L << 20;

    private final SnapshotDirectory directory;
    private final SnapshotName name;
    private final Disk disk;
    private final Path file;
    private final FileChannel channel;
    private final BackgroundSync sync;
    private volatile long written;
    private long spaceCheckedAt;
    private boolean done;

    PendingSnapshot(SnapshotDirectory directory, SnapshotName name, Path file, Disk disk) throws IOException {
        this.directory = directory;
        this.name = name;
        this.disk = disk;
        this.file = file;
        this.channel = disk.createNew(file);
        this.sync = new BackgroundSync(channel, disk);
    }

    /** The name that a commit gives. */
    public SnapshotName name() {
        return name;
    }

    /** The temporary file, for checks before the commit. */
    public Path file() {
        return file;
    }

    /** Bytes written so far. */
    public long written() {
        return written;
    }

    /** Refuses, with the bytes that are missing, a snapshot of {@code bytes} that would eat into the reserve. */
    public void expect(long bytes) {
        directory.space().require(bytes);
    }

    /** Appends all that remains in {@code bytes}; fails before the reserve is touched. */
    public void write(ByteBuffer bytes) {
        try {
            while (bytes.hasRemaining()) {
                written += channel.write(bytes);
            }
            sync.grown(written);
        } catch (IOException broken) {
            throw DirectoryFailure.of("writing", file, broken);
        }
        if (written - spaceCheckedAt >= SPACE_CHECK_BYTES) {
            spaceCheckedAt = written;
            directory.space().require(0);
        }
    }

    /**
     * Makes this a snapshot: syncs the file, writes and syncs the record, and only then gives the file its name and syncs the
     * directory. When it returns, the snapshot survives a crash.
     */
    public Snapshot commit(Snapshot record) {
        if (!record.name().equals(name)) {
            throw new IllegalArgumentException("record of " + record.name() + " for " + name);
        }
        sync.stop();
        try {
            disk.force(channel, true);
            channel.close();
        } catch (IOException broken) {
            throw DirectoryFailure.of("syncing", file, broken);
        }
        directory.commit(file, record);
        done = true;
        return record;
    }

    @Override
    public void close() {
        if (done) {
            return;
        }
        done = true;
        try {
            channel.close();
            sync.stop();
            disk.deleteIfThere(file);
        } catch (IOException broken) {
            throw DirectoryFailure.of("deleting", file, broken);
        }
    }
}
