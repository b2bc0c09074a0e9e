package dev.otherix.backup.snapshot;

import java.io.IOException;
import java.nio.file.Path;
import java.util.List;

/**
 * Files that failed their check before they could get a snapshot's name, each with its record, kept for a person to look at: the last
 * few, and none where the space is needed.
 */
final class RejectedFiles {

    static final int KEPT = 2;

    private static final String ENDING = ".rejected";

    private final Path path;
    private final Disk disk;
    private final RecordFiles records;

    RejectedFiles(Path path, Disk disk, RecordFiles records) {
        this.path = path;
        this.disk = disk;
        this.records = records;
    }

    /** Keeps {@code temporary} under its name with {@code .rejected} added, and removes the oldest where that makes too many. */
    void keep(Path temporary, Snapshot record) throws IOException {
        records.writeRejected(record);
        disk.nameNew(temporary, path.resolve(record.name().rejectedFile()));
        disk.deleteIfThere(temporary);
        disk.forceDirectory(path);
        var oldestFirst = oldestFirst();
        for (var surplus : oldestFirst.subList(0, Math.max(0, oldestFirst.size() - KEPT))) {
            remove(surplus);
        }
    }

    /** Removes the oldest; says whether there was one. */
    boolean removeOldest() throws IOException {
        var oldestFirst = oldestFirst();
        if (oldestFirst.isEmpty()) {
            return false;
        }
        remove(oldestFirst.getFirst());
        return true;
    }

    private void remove(SnapshotName name) throws IOException {
        disk.deleteIfThere(path.resolve(name.rejectedFile()));
        disk.deleteIfThere(path.resolve(name.rejectedRecordFile()));
        disk.forceDirectory(path);
    }

    private List<SnapshotName> oldestFirst() throws IOException {
        return disk.list(path).stream().filter(entry -> entry.endsWith(ENDING))
                .flatMap(entry -> SnapshotName.parse(entry.substring(0, entry.length() - ENDING.length())).stream())
                .filter(name -> disk.isFile(path.resolve(name.rejectedFile()))).sorted().toList();
    }
}
