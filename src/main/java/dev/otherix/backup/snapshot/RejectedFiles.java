package dev.otherix.backup.snapshot;

import java.io.IOException;
import java.nio.file.AccessDeniedException;
import java.nio.file.Path;
import java.nio.file.attribute.UserPrincipal;
import java.util.HashSet;
import java.util.List;
import java.util.Set;

/**
 * Files that failed their check before they could get a snapshot's name, each with its record, kept for a person to
 * examine: the last few, and none if the space is needed.
 */
final class RejectedFiles {

    static final int KEPT = 2;

    private static final String ENDING = ".rejected";

    private final Path path;
    private final Disk disk;
    private final RecordFiles records;
    /** Files of another user that only that user can remove; they do not count. */
    private final Set<SnapshotName> notOurs = new HashSet<>();

    RejectedFiles(Path path, Disk disk, RecordFiles records) {
        this.path = path;
        this.disk = disk;
        this.records = records;
    }

    /**
     * Keeps {@code temporary} under its name with {@code .rejected} added, and removes the oldest if there are too
     * many.
     */
    void keep(Path temporary, Snapshot record) throws IOException {
        records.writeRejected(record);
        var kept = path.resolve(record.name().rejectedFile());
        new WholeFiles(disk).nameNew(temporary, kept);
        disk.discard(temporary);
        disk.forceDirectory(path);
        var owner = disk.owner(kept);
        for (var surplus = count(owner) - KEPT; surplus > 0 && removeOldest(); surplus = count(owner) - KEPT) {
            // those of another user, such as root, are not counted: they may not be removable
        }
    }

    /** Removes the oldest; returns whether there was one. */
    boolean removeOldest() throws IOException {
        for (var oldest : oldestFirst()) {
            try {
                disk.deleteIfThere(path.resolve(oldest.rejectedFile()));
            } catch (IOException refused) {
                if (!(refused instanceof AccessDeniedException) && !SystemError.NOT_PERMITTED.is(refused)) {
                    throw refused;
                }
                notOurs.add(oldest);
                continue;
            }
            disk.deleteIfThere(path.resolve(oldest.rejectedRecordFile()));
            disk.forceDirectory(path);
            return true;
        }
        return false;
    }

    private int count(UserPrincipal owner) throws IOException {
        int count = 0;
        for (var name : oldestFirst()) {
            if (disk.owner(path.resolve(name.rejectedFile())).equals(owner)) {
                count++;
            }
        }
        return count;
    }

    private List<SnapshotName> oldestFirst() throws IOException {
        return disk.list(path).stream()
                .filter(entry -> entry.endsWith(ENDING))
                .flatMap(entry -> SnapshotName.parse(entry.substring(0, entry.length() - ENDING.length())).stream())
                .filter(name -> !notOurs.contains(name))
                .filter(name -> disk.isFile(path.resolve(name.rejectedFile())))
                .sorted()
                .toList();
    }
}
