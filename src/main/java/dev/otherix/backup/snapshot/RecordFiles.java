package dev.otherix.backup.snapshot;

import java.io.IOException;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.nio.file.attribute.BasicFileAttributes;
import java.nio.file.attribute.FileTime;
import java.util.Collection;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import org.jspecify.annotations.Nullable;

/**
 * The record files beside the snapshots. A record is written to a temporary file, synced, and then gets its name in one
 * step.
 */
final class RecordFiles {

    private final Path path;
    private final Disk disk;
    private final boolean remembers;
    private final Set<SnapshotName> aside = ConcurrentHashMap.newKeySet();
    private final Map<SnapshotName, IOException> unread = new ConcurrentHashMap<>();
    private final SharedFacts facts = new SharedFacts();
    private final Map<SnapshotName, Read> cache = new ConcurrentHashMap<>();

    RecordFiles(Path path, Disk disk) {
        this(path, disk, true);
    }

    /** @param remembers whether records are cached in memory; a command that reads each once needs no cache */
    RecordFiles(Path path, Disk disk, boolean remembers) {
        this.path = path;
        this.disk = disk;
        this.remembers = remembers;
    }

    /** The record of {@code name}; empty if it is missing or damaged. Read again only when its file has changed. */
    Optional<Snapshot> read(SnapshotName name) {
        var file = path.resolve(name.recordFile());
        try {
            var attributes = disk.attributes(file);
            var cached = cache.get(name);
            if (cached == null || !cached.isOf(attributes)) {
                var bytes = content(name, file, attributes);
                if (bytes.isEmpty()) {
                    return Optional.empty();
                }
                cached = new Read(
                        attributes.lastModifiedTime(),
                        attributes.size(),
                        attributes.fileKey(),
                        parse(name, bytes.get()));
                if (remembers) {
                    cache.put(name, cached);
                }
            }
            return cached.snapshot();
        } catch (NoSuchFileException missing) {
            return Optional.empty();
        } catch (IOException broken) {
            throw DirectoryFailure.of(path, "reading " + name.recordFile(), broken);
        }
    }

    /** Removes all cached records except those of {@code names}. */
    void forgetAllBut(Collection<SnapshotName> names) {
        cache.keySet().retainAll(names);
        aside.retainAll(names);
        unread.keySet().retainAll(names);
    }

    boolean exists(SnapshotName name) {
        return disk.exists(path.resolve(name.recordFile()));
    }

    /** A record that exists but cannot be read; its content is not known. */
    Optional<Unreadable> unreadable(SnapshotName name) {
        var file = path.resolve(name.recordFile());
        return Unreadable.of(file, unread.get(name), disk);
    }

    void write(Snapshot snapshot) throws IOException {
        write(snapshot, snapshot.name().recordFile());
    }

    /** Writes the record of a file that is to be rejected. */
    void writeRejected(Snapshot snapshot) throws IOException {
        write(snapshot, snapshot.name().rejectedRecordFile());
    }

    private void write(Snapshot snapshot, String as) throws IOException {
        var temporary = path.resolve(snapshot.name().temporaryRecordFile());
        cache.remove(snapshot.name());
        new WholeFiles(disk).write(path.resolve(as), temporary, RecordFormat.write(snapshot));
    }

    /** Sets the damaged record aside under another name. */
    void keepAside(SnapshotName name) throws IOException {
        aside.add(name);
        disk.replace(path.resolve(name.recordFile()), path.resolve(name.damagedRecordFile()));
    }

    /**
     * Whether a damaged record of {@code name} was set aside. @param listed whether the listing showed one; if neither
     * the listing nor this process did, the disk is not read
     */
    boolean keptAside(SnapshotName name, boolean listed) {
        return (listed || aside.contains(name)) && disk.exists(path.resolve(name.damagedRecordFile()));
    }

    /** Deletes what {@link #keepAside} kept. */
    void dropAside(SnapshotName name) throws IOException {
        disk.deleteIfThere(path.resolve(name.damagedRecordFile()));
        aside.remove(name);
    }

    void setCorrupt(SnapshotName name) throws IOException {
        if (exists(name)) {
            disk.replace(path.resolve(name.recordFile()), path.resolve(name.corruptRecordFile()));
        }
    }

    void delete(SnapshotName name) throws IOException {
        disk.deleteIfThere(path.resolve(name.recordFile()));
    }

    /** Deletes the record of a file that did not get its name. */
    void discard(SnapshotName name) throws IOException {
        disk.discard(path.resolve(name.recordFile()));
    }

    /** Empty if it cannot be read or is not a record: one bad record must not hide the other snapshots. */
    private Optional<byte[]> content(SnapshotName name, Path file, BasicFileAttributes attributes) {
        if (!attributes.isRegularFile() || attributes.size() > RecordFormat.MAX_BYTES) {
            return Optional.empty();
        }
        try {
            var bytes = disk.readUpTo(RecordFormat.MAX_BYTES, file);
            unread.remove(name);
            return Optional.of(bytes);
        } catch (NoSuchFileException goneMeanwhile) {
            return Optional.empty();
        } catch (IOException unreadable) {
            unread.put(name, unreadable);
            return Optional.empty();
        }
    }

    private Optional<Snapshot> parse(SnapshotName name, byte[] bytes) {
        try {
            return Optional.of(RecordFormat.read(bytes))
                    .filter(snapshot -> snapshot.name().equals(name))
                    .map(facts::in);
        } catch (RecordFormat.DamagedRecord damaged) {
            return Optional.empty();
        }
    }

    /** A record as last read, valid while the file's time, size and identity stay. */
    private record Read(
            FileTime modified, long size, @Nullable Object identity, Optional<Snapshot> snapshot) {

        boolean isOf(BasicFileAttributes attributes) {
            return modified.equals(attributes.lastModifiedTime())
                    && size == attributes.size()
                    && Objects.equals(identity, attributes.fileKey());
        }
    }
}
