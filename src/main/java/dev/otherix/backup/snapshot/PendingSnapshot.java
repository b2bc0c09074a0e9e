package dev.otherix.backup.snapshot;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.ClosedChannelException;
import java.nio.channels.FileChannel;
import java.nio.file.Path;
import java.util.concurrent.atomic.AtomicBoolean;

/**
 * A snapshot that has no name yet: its bytes go to a temporary file, which {@link #commit} turns into a snapshot,
 * {@link #reject} sets aside, and {@link #close} without either deletes. One thread writes at a time; any thread may
 * close, which ends a write that hangs.
 */
public final class PendingSnapshot implements AutoCloseable {

    private static final long SPACE_CHECK_BYTES = 16L << 20;

    private final DirectoryChanges changes;
    private final Space space;
    private final SnapshotName name;
    private final Disk disk;
    private final Path directory;
    private final Path file;
    private final FileChannel channel;
    private final BackgroundSync sync;
    private final AtomicBoolean done = new AtomicBoolean();
    private volatile long written;
    private volatile long expected = Long.MAX_VALUE;
    private long roomUntil;

    PendingSnapshot(DirectoryChanges changes, Space space, SnapshotName name, Path directory, Disk disk)
            throws IOException {
        this.changes = changes;
        this.space = space;
        this.name = name;
        this.disk = disk;
        this.directory = directory;
        this.file = directory.resolve(name.temporaryFile());
        this.channel = disk.createNew(file);
        this.sync = new BackgroundSync(channel, disk);
    }

    /** The bytes written so far, open for reading: for checks before the commit. */
    public FileChannel open() throws IOException {
        return disk.openToRead(file);
    }

    Path file() {
        return file;
    }

    /** Bytes written so far. */
    public long written() {
        return written;
    }

    /**
     * Refuses a snapshot of {@code bytes} in total that would use part of the reserve, with the number of missing
     * bytes.
     */
    public void expect(long bytes) {
        space.require(Math.max(0, bytes - written));
        expected = bytes;
    }

    /** Appends all remaining {@code bytes}; fails before these bytes touch the reserve. */
    public void write(ByteBuffer bytes) {
        var end = written + bytes.remaining();
        if (end > roomUntil) {
            requireRoom(end);
        }
        try {
            while (bytes.hasRemaining()) {
                written += channel.write(bytes);
            }
            sync.grown(written);
        } catch (IOException broken) {
            throw failed("writing", broken);
        }
    }

    /**
     * Checks one step ahead, so that not every write needs a check; not past the expected end, because the last bytes
     * may just fit.
     */
    private void requireRoom(long end) {
        var step = written + SPACE_CHECK_BYTES;
        var until = Math.max(end, written < expected ? Math.min(step, expected) : step);
        space.require(until - written);
        roomUntil = until;
    }

    /**
     * Makes this a snapshot: syncs the file, writes and syncs the record, and only then gives the file its name and
     * syncs the directory. When it returns, the snapshot survives a crash.
     */
    public Snapshot commit(Snapshot record) {
        if (!record.name().equals(name)) {
            throw new IllegalArgumentException("record of " + record.name() + " for " + name);
        }
        if (record.sizeBytes() != written) {
            throw new IllegalArgumentException(
                    "record of " + record.sizeBytes() + " bytes for " + name + " of " + written);
        }
        try {
            sync.finish();
            disk.force(channel, true);
            channel.close();
        } catch (IOException broken) {
            throw failed("syncing", broken);
        }
        // from here on another thread's close does nothing: the commit is either completed or fully undone
        if (done.getAndSet(true)) {
            throw failed("committing", new ClosedChannelException());
        }
        boolean committed = false;
        try {
            changes.commit(file, record);
            committed = true;
        } finally {
            done.set(committed);
        }
        return record;
    }

    /**
     * Keeps the file, which failed its check, for a person to examine: under its name with {@code .rejected} added,
     * beside its record. The last {@value RejectedFiles#KEPT} are kept.
     */
    public void reject(Snapshot record) {
        if (done.getAndSet(true)) {
            return;
        }
        boolean kept = false;
        try {
            channel.close();
            sync.stop();
            changes.reject(file, record);
            kept = true;
        } catch (IOException broken) {
            throw failed("closing", broken);
        } finally {
            if (!kept) {
                sync.stop();
                delete();
            }
        }
    }

    @Override
    public void close() {
        if (done.getAndSet(true)) {
            return;
        }
        try {
            channel.close();
        } catch (IOException broken) {
            throw failed("closing", broken);
        } finally {
            sync.stop();
            delete();
        }
    }

    private DirectoryFailure failed(String doing, IOException broken) {
        return DirectoryFailure.of(directory, doing + " " + file.getFileName(), broken);
    }

    private void delete() {
        try {
            disk.discard(file);
        } catch (IOException broken) {
            throw failed("deleting", broken);
        }
    }
}
