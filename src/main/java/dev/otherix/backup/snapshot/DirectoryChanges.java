package dev.otherix.backup.snapshot;

import java.io.IOException;
import java.nio.file.FileAlreadyExistsException;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.locks.ReentrantLock;
import java.util.function.Function;
import java.util.function.Supplier;
import java.util.function.UnaryOperator;
import java.util.stream.Collectors;

/**
 * Changes a directory of snapshots, one change at a time, and only if the directory is still the one that was opened.
 * The order of the steps in each change ensures that a crash after any of them leaves snapshots with their records, or
 * nothing.
 */
final class DirectoryChanges {

    /** Fair: a pin gets its turn while many snapshots are removed. */
    private final ReentrantLock changing = new ReentrantLock(true);

    private final Path path;
    private final Disk disk;
    private final DirectoryLock lock;
    private final RecordFiles records;
    private final Commit commit;
    private final RejectedFiles rejected;
    private final Inventory inventory;
    private long made;

    DirectoryChanges(Path path, Disk disk, DirectoryLock lock, RecordFiles records, Inventory inventory) {
        this.path = path;
        this.disk = disk;
        this.lock = lock;
        this.records = records;
        this.commit = new Commit(path, disk, records, inventory);
        this.rejected = new RejectedFiles(path, disk, records);
        this.inventory = inventory;
    }

    void commit(Path temporary, Snapshot record) {
        change("committing " + record.name(), () -> commit.make(temporary, record));
    }

    void reject(Path temporary, Snapshot record) {
        change("keeping as rejected " + temporary.getFileName(), () -> rejected.keep(temporary, record));
    }

    /** Removes one rejected file to make room; returns whether there was one. */
    boolean removeOldestRejected() {
        changing.lock();
        try {
            return rejected.removeOldest();
        } catch (IOException broken) {
            throw DirectoryFailure.of(path, "making room in the snapshot directory", broken);
        } finally {
            inventory.renew();
            changing.unlock();
        }
    }

    Snapshot pin(SnapshotName name, boolean pinned) {
        change("writing the record of " + name, () -> {
            requireReadable(name);
            var now = now(name);
            records.write(now.with(now.keeping().withPinned(pinned)));
            records.dropAside(name);
        });
        return now(name);
    }

    /**
     * Empty if the snapshot or its record is gone meanwhile: what is known of a copy is then found again in the store,
     * and a drill is remembered elsewhere too.
     */
    Optional<Snapshot> note(SnapshotName name, Noted fact) {
        change("writing the record of " + name, () -> {
            requireReadable(name);
            var now = inventory.find(name).filter(Snapshot::verified);
            if (now.isPresent() && !inventory.recordIsDamaged(name)) {
                records.write(fact.in(now.get()));
            }
        });
        return inventory.find(name).filter(fact::isIn);
    }

    void explain(UnaryOperator<List<Snapshot>> why) {
        change("writing records", () -> {
            var all = inventory.list();
            var explained = why.apply(all).stream().collect(Collectors.toMap(Snapshot::name, Function.identity()));
            for (var now : all) {
                var as = explained.getOrDefault(now.name(), now);
                var then = now.withKeptBecause(as.keptBecause()).withLineage(as.lineage());
                if (now.verified() && !now.equals(then)) {
                    records.write(then);
                }
            }
        });
    }

    void adopt(Snapshot found) {
        var name = found.name();
        change("writing the record of " + name, () -> {
            requireReadable(name);
            var now = now(name);
            if (now.sizeBytes() != found.sizeBytes()) {
                throw new IOException("it has " + now.sizeBytes() + " bytes, and had " + found.sizeBytes()
                        + " when it was looked at");
            }
            // it may have been pinned, copied or drilled while it was checked, and retention may have recorded its
            // reasons
            var then = found.with(found.keeping().withPinned(now.pinned()));
            if (!inventory.recordIsDamaged(name)) {
                then = found.with(now.keeping()).withNotedOf(now);
            } else if (records.exists(name)) {
                records.keepAside(name);
            }
            records.write(then);
        });
    }

    void setCorrupt(SnapshotName name) {
        change("renaming " + name, () -> {
            requireReadable(name);
            now(name);
            var corrupt = path.resolve(name.corruptFile());
            if (disk.exists(corrupt)) {
                throw new FileAlreadyExistsException(corrupt.toString());
            }
            // in one step: a file with both names could never be set aside again
            inventory.depart(name, () -> disk.replace(file(name), corrupt));
            records.setCorrupt(name);
            disk.forceDirectory(path);
        });
    }

    void delete(SnapshotName name) {
        change("deleting " + name, () -> {
            if (disk.exists(file(name)) && inventory.size(name).isEmpty()) {
                throw gone(name);
            }
            inventory.depart(name, () -> disk.deleteIfThere(file(name)));
            disk.forceDirectory(path);
            records.delete(name);
            records.dropAside(name);
        });
    }

    Deletion deleteUnlessNeeded(SnapshotName name) {
        return unchanged(() -> {
            var now = inventory.find(name);
            if (now.isEmpty()) {
                return Deletion.MISSING;
            }
            var newest = inventory.newestFirst(null).filter(Snapshot::verified).findFirst();
            if (newest.filter(latest -> latest.name().equals(name)).isPresent()) {
                return Deletion.NEWEST_VERIFIED;
            }
            // then it is not known whether it is pinned
            requireReadable(name);
            if (now.get().pinned()) {
                return Deletion.PINNED;
            }
            delete(name);
            return Deletion.DELETED;
        });
    }

    /** Makes a decision and acts on it, while nothing else changes. */
    <T> T unchanged(Supplier<T> decision) {
        changing.lock();
        try {
            lock.requireSameDirectory();
            return decision.get();
        } finally {
            changing.unlock();
        }
    }

    /** How many changes have started so far. While {@link #unchanged} works, only its own count. */
    long made() {
        return made;
    }

    private void change(String doing, Change change) {
        changing.lock();
        try {
            lock.requireSameDirectory();
            made++;
            change.make();
        } catch (IOException broken) {
            throw DirectoryFailure.of(path, doing, broken);
        } finally {
            inventory.renew();
            changing.unlock();
        }
    }

    /** A record that cannot be read is not rewritten: its content would be lost. */
    private void requireReadable(SnapshotName name) {
        inventory.unreadable(name).ifPresent(unreadable -> {
            throw new DirectoryFailure(DirectoryFailure.Reason.BROKEN, path, unreadable.message());
        });
    }

    private Snapshot now(SnapshotName name) {
        return inventory.find(name).orElseThrow(() -> gone(name));
    }

    private DirectoryFailure gone(SnapshotName name) {
        return new DirectoryFailure(
                DirectoryFailure.Reason.GONE, path, "the snapshot " + name + " is not in the directory any more");
    }

    private Path file(SnapshotName name) {
        return path.resolve(name.toString());
    }

    private interface Change {
        void make() throws IOException;
    }
}
