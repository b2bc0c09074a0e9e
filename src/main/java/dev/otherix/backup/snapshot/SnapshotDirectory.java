package dev.otherix.backup.snapshot;

import java.io.IOException;
import java.nio.file.FileAlreadyExistsException;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.Path;
import java.time.Instant;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.locks.ReentrantLock;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;

/**
 * The one directory of snapshots, and the only code that touches it. A file under a snapshot's name was complete, synced and
 * checked when it got that name, and its record was there before it. Nothing that this service did not make is ever changed or
 * removed, and no file that exists is replaced, records apart.
 *
 * <p>Safe for use by several threads. Every method that touches the disk throws {@link DirectoryFailure}.
 */
public final class SnapshotDirectory implements AutoCloseable {

    private static final Pattern LEFTOVER = Pattern.compile("\\.(otherix-\\d{8}T\\d{6}Z)\\.(db|json)\\.tmp");
    private static final Pattern RECORD = Pattern.compile("(otherix-\\d{8}T\\d{6}Z)\\.json");

    private final ReentrantLock changing = new ReentrantLock();
    private final Path path;
    private final Disk disk;
    private final DirectoryLock lock;
    private final RecordFiles records;
    private final Inventory inventory;
    private final Space space;

    private SnapshotDirectory(Path path, @Nullable Long reserve, Disk disk, DirectoryLock lock) {
        this.path = path;
        this.disk = disk;
        this.lock = lock;
        this.records = new RecordFiles(path, disk);
        this.inventory = new Inventory(path, records, disk);
        this.space = new Space(path, reserve, disk);
    }

    /**
     * Opens {@code path}: makes it where it is missing, locks it, and removes what a crash of an earlier process left half-made.
     *
     * @param reserve bytes that a snapshot leaves free; null for a twentieth of the file system, at most 1 GiB
     */
    public static SnapshotDirectory open(Path path, @Nullable Long reserve) {
        return open(path, reserve, new Disk());
    }

    static SnapshotDirectory open(Path path, @Nullable Long reserve, Disk disk) {
        try {
            disk.makeDirectories(path);
            var lock = DirectoryLock.take(path, disk);
            try {
                var directory = new SnapshotDirectory(path, reserve, disk, lock);
                directory.removeLeftovers();
                directory.inventory.list();
                return directory;
            } catch (RuntimeException | IOException broken) {
                lock.close();
                throw broken;
            }
        } catch (IOException broken) {
            throw DirectoryFailure.of("opening", path, broken);
        }
    }

    public Path path() {
        return path;
    }

    /** All snapshots, newest first. A file without a fitting record is among them, unverified. */
    public List<Snapshot> list() {
        lock.requireSameDirectory();
        return inventory.list();
    }

    public Optional<Snapshot> find(SnapshotName name) {
        return list().stream().filter(snapshot -> snapshot.name().equals(name)).findFirst();
    }

    /** The newest verified one: the one to restore. */
    public Optional<Snapshot> latest() {
        return list().stream().filter(Snapshot::verified).findFirst();
    }

    /** When the file of a snapshot was last written, by the file system's clock. */
    public Instant modifiedAt(SnapshotName name) {
        try {
            return Files.getLastModifiedTime(file(name), LinkOption.NOFOLLOW_LINKS).toInstant();
        } catch (IOException broken) {
            throw DirectoryFailure.of("reading", file(name), broken);
        }
    }

    /** The file of a snapshot. */
    public Path file(SnapshotName name) {
        return path.resolve(name.toString());
    }

    /** How many files turned out rotten and were set aside. */
    public int corrupt() {
        return inventory.corrupt();
    }

    /** The first file under a snapshot's name that appeared since the start and that this process did not write. */
    public Optional<SnapshotName> foreignArrival() {
        return inventory.foreignArrival();
    }

    /**
     * The name for a run that begins now: this second, or one second past the newest name where that is not earlier, so that names
     * are unique and ascend whatever the clock does.
     */
    public SnapshotName nextName(Instant now) {
        lock.requireSameDirectory();
        var name = new SnapshotName(now);
        return inventory.newestName().filter(newest -> newest.compareTo(name) >= 0).map(SnapshotName::next).orElse(name);
    }

    /** The space on its file system. */
    public Space space() {
        return space;
    }

    /** Begins a snapshot under a temporary name. */
    public PendingSnapshot begin(SnapshotName name) {
        lock.requireSameDirectory();
        var file = path.resolve(name.temporaryFile());
        try {
            return new PendingSnapshot(this, name, file, disk);
        } catch (IOException broken) {
            throw DirectoryFailure.of("creating", file, broken);
        }
    }

    void commit(Path temporary, Snapshot record) {
        lock.requireSameDirectory();
        var file = file(record.name());
        changing.lock();
        try {
            if (disk.exists(file) || records.exists(record.name())) {
                throw new FileAlreadyExistsException(file.toString());
            }
            inventory.expect(record.name());
            records.write(record);
            try {
                disk.renameToNew(temporary, file);
            } catch (IOException unnamed) {
                records.delete(record.name());
                throw unnamed;
            }
            disk.forceDirectory(path);
        } catch (IOException broken) {
            throw DirectoryFailure.of("committing", file, broken);
        } finally {
            changing.unlock();
        }
    }

    /** Writes a changed record of a snapshot that exists, in one step. Pinning or unpinning settles a damaged record. */
    public Snapshot pin(SnapshotName name, boolean pinned) {
        changing.lock();
        try {
            var snapshot = find(name).orElseThrow(() -> gone(name)).withPinned(pinned);
            records.write(snapshot);
            records.dropAside(name);
            return find(name).orElseThrow(() -> gone(name));
        } catch (IOException broken) {
            throw DirectoryFailure.of("writing the record of", file(name), broken);
        } finally {
            changing.unlock();
        }
    }

    /** Records why each of {@code kept} is kept, where that has changed. Files without a record are left as they are. */
    public void explain(List<Snapshot> kept) {
        changing.lock();
        try {
            var reasons = kept.stream().collect(Collectors.toMap(Snapshot::name, Snapshot::keptBecause));
            for (var now : list()) {
                if (now.verified() && !now.keptBecause().equals(reasons.getOrDefault(now.name(), now.keptBecause()))) {
                    records.write(now.withKeptBecause(reasons.get(now.name())));
                }
            }
        } catch (IOException broken) {
            throw DirectoryFailure.of("writing records in", path, broken);
        } finally {
            changing.unlock();
        }
    }

    /** Records what was found in a file that had no fitting record. A damaged record is kept aside. */
    public void adopt(Snapshot snapshot) {
        changing.lock();
        try {
            if (records.exists(snapshot.name()) && inventory.recordIsDamaged(snapshot.name())) {
                records.keepAside(snapshot.name());
            }
            records.write(snapshot);
        } catch (IOException broken) {
            throw DirectoryFailure.of("writing the record of", file(snapshot.name()), broken);
        } finally {
            changing.unlock();
        }
    }

    /** Takes the name from a file that is rotten, and from its record; both stay, with {@code .corrupt} added. */
    public void setCorrupt(SnapshotName name) {
        changing.lock();
        try {
            disk.renameToNew(file(name), path.resolve(name.corruptFile()));
            records.setCorrupt(name);
            disk.forceDirectory(path);
        } catch (IOException broken) {
            throw DirectoryFailure.of("renaming", file(name), broken);
        } finally {
            changing.unlock();
        }
    }

    /** Deletes a snapshot, then its record. */
    public void delete(SnapshotName name) {
        lock.requireSameDirectory();
        changing.lock();
        try {
            disk.deleteIfThere(file(name));
            disk.forceDirectory(path);
            records.delete(name);
            records.dropAside(name);
        } catch (IOException broken) {
            throw DirectoryFailure.of("deleting", file(name), broken);
        } finally {
            changing.unlock();
        }
    }

    /** Whether files can be made here. */
    public boolean writable() {
        lock.requireSameDirectory();
        return Files.isWritable(path);
    }

    private void removeLeftovers() throws IOException {
        for (var entry : disk.list(path)) {
            if (LEFTOVER.matcher(entry).matches()) {
                disk.deleteIfThere(path.resolve(entry));
            }
            var record = RECORD.matcher(entry);
            if (record.matches() && !disk.exists(path.resolve(record.group(1) + ".db"))) {
                disk.deleteIfThere(path.resolve(entry));
            }
        }
    }

    private DirectoryFailure gone(SnapshotName name) {
        return new DirectoryFailure(DirectoryFailure.Reason.GONE, "the snapshot " + name + " is not in " + path + " any more");
    }

    /** Lets go of the directory. */
    @Override
    public void close() {
        try {
            lock.close();
        } catch (IOException broken) {
            throw DirectoryFailure.of("closing", path, broken);
        }
    }
}
