package dev.otherix.backup.snapshot;

import java.io.IOException;
import java.nio.channels.FileChannel;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.time.Instant;
import java.util.List;
import java.util.Optional;
import java.util.function.LongUnaryOperator;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/**
 * The one directory of snapshots. Only this package touches it: other packages get values and open files, never the
 * path of a file in it. A file under a snapshot's name was complete, synced and checked when it got that name, and its
 * record was there before it. Nothing that this service did not make is ever changed or removed, and no file that
 * exists is replaced, records apart.
 *
 * <p>Safe for use by several threads. Every method that touches the disk throws {@link DirectoryFailure}, except
 * {@link #open(SnapshotName)}.
 */
public final class SnapshotDirectory implements AutoCloseable {

    private final Path path;
    private final Disk disk;
    private final DirectoryOpening opening;
    private final Inventory inventory;
    private final DirectoryChanges changes;
    private final Space space;

    SnapshotDirectory(Path path, LongUnaryOperator reserve, Disk disk, DirectoryOpening opening) {
        this.path = path;
        this.disk = disk;
        this.opening = opening;
        var records = new RecordFiles(path, disk);
        this.inventory = new Inventory(path, records, disk);
        this.changes = new DirectoryChanges(path, disk, opening.lock(), records, inventory);
        this.space = new Space(
                path,
                reserve,
                disk,
                changes::removeOldestRejected,
                opening.limit(),
                () -> inventory.names().size());
        // the existing files do not count as new
        inventory.newestName();
    }

    /**
     * Opens {@code path}: creates it if it is missing, locks it, tests its file system, and removes incomplete files
     * that a crash of an earlier process left.
     *
     * @param reserve bytes that a snapshot leaves free; null for one twentieth of the file system, at most 1 GiB
     */
    public static SnapshotDirectory open(Path path, @Nullable Long reserve) {
        return open(path, reserve, new Disk());
    }

    /**
     * Like the other method; {@code reserve} computes from the size of the file system how many bytes a snapshot leaves
     * free.
     */
    public static SnapshotDirectory openReserving(Path path, LongUnaryOperator reserve) {
        return DirectoryOpening.open(path, reserve, new Disk(), SnapshotLimit.of(path));
    }

    static SnapshotDirectory open(Path path, @Nullable Long reserve, Disk disk) {
        return DirectoryOpening.open(
                path, reserve == null ? Space::usualReserve : _ -> reserve, disk, SnapshotLimit.of(path));
    }

    /** Its path, for messages and settings. */
    public Path path() {
        return path;
    }

    /** Remarks for an operator on what was unusual when it was opened, each in a sentence. */
    public List<String> remarks() {
        return opening.remarks();
    }

    boolean made() {
        return opening.made();
    }

    /** All snapshots, newest first. A file without a matching record is included as unverified. */
    public List<Snapshot> list() {
        requireUsable();
        opening.limit().require(inventory.names().size());
        return inventory.list();
    }

    /** The same, each read when the stream reaches it: if only the newest matter, the others cost nothing. */
    public Stream<Snapshot> newestFirst() {
        requireUsable();
        return inventory.newestFirst(null);
    }

    /** Like {@link #newestFirst()}, without {@code before} and newer ones. */
    public Stream<Snapshot> olderThan(SnapshotName before) {
        requireUsable();
        return inventory.newestFirst(before);
    }

    public Optional<Snapshot> find(SnapshotName name) {
        requireUsable();
        return inventory.find(name);
    }

    /** The newest verified one: the one to restore. */
    public Optional<Snapshot> latest() {
        return newestFirst().filter(Snapshot::verified).findFirst();
    }

    /** When the file of a snapshot was last written, by the file system's clock. */
    public Instant modifiedAt(SnapshotName name) {
        try {
            return disk.attributes(file(name)).lastModifiedTime().toInstant();
        } catch (IOException broken) {
            throw DirectoryFailure.of(path, "reading " + name, broken);
        }
    }

    /**
     * The file of a snapshot, open for reading. An open file can be read to its end even if the snapshot is removed
     * meanwhile.
     *
     * @throws NoSuchFileException if it no longer exists
     * @throws IOException where it cannot be opened
     */
    public FileChannel open(SnapshotName name) throws IOException {
        return disk.openToRead(file(name));
    }

    /** Fails at once if the disk does not answer, so that no further thread waits for it. */
    private void requireUsable() {
        disk.calls().hanging().ifPresent(call -> {
            throw DirectoryFailure.hangs(path, call);
        });
        opening.lock().requireSameDirectory();
    }

    Path file(SnapshotName name) {
        return path.resolve(name.toString());
    }

    /** Why the file of a snapshot, or its record, cannot be read, and what to do; empty if both can be read. */
    public Optional<String> unreadable(SnapshotName name) {
        return inventory.unreadable(name).map(Unreadable::message);
    }

    /** The files that were added and removed. */
    public Movements movements() {
        return new Movements(inventory);
    }

    /**
     * The name for a run that starts now: this second, or, to be unique and ascend, one second past the newest name.
     */
    public SnapshotName nextName(Instant now) {
        requireUsable();
        return inventory.nextName(now);
    }

    /** What outlives the process and belongs to no snapshot. */
    public StateFile state() {
        return new StateFile(path, disk, this::requireUsable);
    }

    /** The calls to its file system that have not returned. */
    public DiskCalls calls() {
        return disk.calls();
    }

    /** The space on its file system, and the room for more snapshots. */
    public Space space() {
        return space;
    }

    /** Starts a snapshot under a temporary name. */
    public PendingSnapshot begin(SnapshotName name) {
        requireUsable();
        try {
            return new PendingSnapshot(changes, space, name, path, disk);
        } catch (IOException broken) {
            throw DirectoryFailure.of(path, "creating " + name.temporaryFile(), broken);
        }
    }

    /** Pins or unpins a snapshot in its record. Either also ends the hold for a damaged record. */
    public Snapshot pin(SnapshotName name, boolean pinned) {
        return changes.pin(name, pinned);
    }

    /** Adds a fact to a snapshot's record; empty if the snapshot is gone, or has no sound record any more. */
    public Optional<Snapshot> note(SnapshotName name, Noted fact) {
        return changes.note(name, fact);
    }

    /** Its changes by a retention policy. */
    public RetentionChanges retention() {
        return new RetentionChanges(changes, inventory);
    }

    /**
     * Records the facts of a file that had no matching record, or that was checked again. A damaged record is set
     * aside. Whether it is pinned, why it is kept and its lineage are not taken from {@code found}. Fails if the file
     * is gone or its size has changed meanwhile.
     */
    public void adopt(Snapshot found) {
        changes.adopt(found);
    }

    /** Renames a corrupt file and its record: both are kept, with {@code .corrupt} added. */
    public void setCorrupt(SnapshotName name) {
        changes.setCorrupt(name);
    }

    /** Deletes a snapshot, then its record; a missing snapshot is not an error. */
    public void delete(SnapshotName name) {
        changes.delete(name);
    }

    /** Deletes a snapshot unless it is the newest verified one or pinned; decided on the current records. */
    public Deletion deleteUnlessNeeded(SnapshotName name) {
        return changes.deleteUnlessNeeded(name);
    }

    /** Whether files can be created here. */
    public boolean writable() {
        requireUsable();
        return disk.mayWrite(path);
    }

    /** Whether it can be opened. Attributes may be remembered by the kernel, but this question goes to the disk. */
    public boolean opens() {
        return disk.opens(path);
    }

    @Override
    public void close() {
        try {
            opening.lock().close();
        } catch (IOException broken) {
            throw DirectoryFailure.of(path, "closing the snapshot directory", broken);
        }
    }
}
