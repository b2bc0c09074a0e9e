package dev.otherix.backup.snapshot;

import java.io.IOException;
import java.nio.channels.FileChannel;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.time.Instant;
import java.util.List;
import java.util.Optional;
import java.util.function.LongUnaryOperator;
import java.util.function.UnaryOperator;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/**
 * The one directory of snapshots. Only this package touches it: others get values and open files, never the path of a
 * file in it. A file under a snapshot's name was complete, synced and checked when it got that name, and its record was
 * there before it. Nothing that this service did not make is ever changed or removed, and no file that exists is
 * replaced, records apart.
 *
 * <p>Safe for use by several threads. Every method that touches the disk throws {@link DirectoryFailure}, except
 * {@link #open(SnapshotName)}.
 */
public final class SnapshotDirectory implements AutoCloseable {

    private final Path path;
    private final Disk disk;
    private final DirectoryOpening opening;
    private final DirectoryLock lock;
    private final Inventory inventory;
    private final DirectoryChanges changes;
    private final Space space;

    SnapshotDirectory(Path path, LongUnaryOperator reserve, Disk disk, DirectoryOpening opening) {
        this.path = path;
        this.disk = disk;
        this.opening = opening;
        this.lock = opening.lock();
        var records = new RecordFiles(path, disk);
        this.inventory = new Inventory(path, records, disk);
        this.changes = new DirectoryChanges(path, disk, lock, records, inventory);
        this.space = new Space(
                path,
                reserve,
                disk,
                changes::removeOldestRejected,
                opening.limit(),
                () -> inventory.names().size());
        // the files that are there now do not count as arrivals
        inventory.newestName();
    }

    /**
     * Opens {@code path}: makes it where it is missing, locks it, tries what its file system can do, and removes what a
     * crash of an earlier process left half-made.
     *
     * @param reserve bytes that a snapshot leaves free; null for a twentieth of the file system, at most 1 GiB
     */
    public static SnapshotDirectory open(Path path, @Nullable Long reserve) {
        return open(path, reserve, new Disk());
    }

    /** As the other; {@code reserve} says for the bytes of the whole file system how many a snapshot leaves free. */
    public static SnapshotDirectory openReserving(Path path, LongUnaryOperator reserve) {
        return DirectoryOpening.open(path, reserve, new Disk(), SnapshotLimit.of(path));
    }

    static SnapshotDirectory open(Path path, @Nullable Long reserve, Disk disk) {
        return DirectoryOpening.open(
                path, reserve == null ? Space::usualReserve : _ -> reserve, disk, SnapshotLimit.of(path));
    }

    /** Where it is, for messages and settings. */
    public Path path() {
        return path;
    }

    /** What was unusual when it was opened and an operator should know, each in a sentence. */
    public List<String> remarks() {
        return opening.remarks();
    }

    /** Whether it was missing when it was opened. */
    boolean made() {
        return opening.made();
    }

    /** All snapshots, newest first. A file without a fitting record is among them, unverified. */
    public List<Snapshot> list() {
        requireUsable();
        opening.limit().require(inventory.names().size());
        return inventory.list();
    }

    /**
     * The same, each looked at when the stream reaches it: where only the newest matter, the number of the others does
     * not.
     */
    public Stream<Snapshot> newestFirst() {
        requireUsable();
        return inventory.newestFirst(null);
    }

    /** As {@link #newestFirst()}, without {@code before} and those that are newer. */
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
            throw DirectoryFailure.of("reading", file(name), broken);
        }
    }

    /**
     * The file of a snapshot, open for reading. What was opened can be read to its end also when the snapshot is
     * removed meanwhile.
     *
     * @throws NoSuchFileException where it is not there any more
     * @throws IOException where it cannot be opened
     */
    public FileChannel open(SnapshotName name) throws IOException {
        return disk.openToRead(file(name));
    }

    /** Fails at once where the disk does not answer: another thread that waits for it would be one too many. */
    private void requireUsable() {
        disk.calls().hanging().ifPresent(call -> {
            throw DirectoryFailure.hangs(call);
        });
        lock.requireSameDirectory();
    }

    Path file(SnapshotName name) {
        return path.resolve(name.toString());
    }

    /** Why the file of a snapshot, or its record, cannot be read, and what to do; empty where they can. */
    public Optional<String> unreadable(SnapshotName name) {
        return inventory.unreadable(name).map(Unreadable::message);
    }

    /** What came and went. */
    public Movements movements() {
        return new Movements(inventory);
    }

    /**
     * The name for a run that begins now: this second, or, to be unique and ascend, one second past the newest name.
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

    /** The space on its file system, and for more snapshots. */
    public Space space() {
        return space;
    }

    /** Begins a snapshot under a temporary name. */
    public PendingSnapshot begin(SnapshotName name) {
        requireUsable();
        var file = path.resolve(name.temporaryFile());
        try {
            return new PendingSnapshot(changes, space, name, file, disk);
        } catch (IOException broken) {
            throw DirectoryFailure.of("creating", file, broken);
        }
    }

    /** Records that a snapshot is pinned or is not. Either settles a damaged record. */
    public Snapshot pin(SnapshotName name, boolean pinned) {
        return changes.pin(name, pinned);
    }

    /**
     * Records why each snapshot is kept and its lineage, where that has changed. Files without a record are left as
     * they are.
     *
     * @param why makes of all snapshots, newest first, the same with their reasons; asked while nothing else changes
     *     the directory
     */
    public void explain(UnaryOperator<List<Snapshot>> why) {
        changes.explain(why);
    }

    /**
     * Removes what {@code policy} does not keep, and records why the rest stays. Each removal is decided on the records
     * as they are.
     */
    public Pruned prune(RetentionPolicy policy) {
        return new Pruning(changes, inventory, policy).toTheEnd();
    }

    /**
     * Records what was found in a file: one that had no fitting record, or one that was looked at again. A damaged
     * record is kept aside. Whether it is pinned, why it is kept and its lineage are not taken from {@code found}.
     * Fails where the file is gone or has another size meanwhile.
     */
    public void adopt(Snapshot found) {
        changes.adopt(found);
    }

    /** Takes the name from a file that is rotten, and from its record; both stay, with {@code .corrupt} added. */
    public void setCorrupt(SnapshotName name) {
        changes.setCorrupt(name);
    }

    /** Deletes a snapshot, then its record; one that is gone already is no error. */
    public void delete(SnapshotName name) {
        changes.delete(name);
    }

    /**
     * Removes what {@code policy} only holds of an earlier lineage; says what went, and nothing of the current lineage.
     */
    public Optional<List<SnapshotName>> release(SnapshotName lineage, RetentionPolicy policy) {
        return new LineageRelease(changes, inventory, policy).of(lineage);
    }

    /** Deletes a snapshot, but neither the newest verified one nor a pinned one; decided on the records as they are. */
    public Deletion deleteUnlessNeeded(SnapshotName name) {
        return changes.deleteUnlessNeeded(name);
    }

    /** Whether files can be made here. */
    public boolean writable() {
        requireUsable();
        return disk.mayWrite(path);
    }

    @Override
    public void close() {
        try {
            lock.close();
        } catch (IOException broken) {
            throw DirectoryFailure.of("closing", path, broken);
        }
    }
}
