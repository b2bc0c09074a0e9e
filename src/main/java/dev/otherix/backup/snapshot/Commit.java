package dev.otherix.backup.snapshot;

import java.io.IOException;
import java.nio.file.FileAlreadyExistsException;
import java.nio.file.Path;

/**
 * The commit of a snapshot: its record, then the name of its file, then the sync of the directory. A commit that is
 * reported as failed leaves no snapshot. Called while nothing else changes the directory.
 */
record Commit(Path directory, Disk disk, RecordFiles records, Inventory inventory) {

    void make(Path temporary, Snapshot record) throws IOException {
        var name = record.name();
        var file = file(name);
        if (disk.exists(file) || records.exists(name)) {
            throw new FileAlreadyExistsException(file.toString());
        }
        inventory.expect(name);
        boolean named = false;
        try {
            records.write(record);
            new WholeFiles(disk).nameNew(temporary, file);
            named = true;
            disk.discard(temporary);
            disk.forceDirectory(directory);
        } catch (IOException broken) {
            // if a run is abandoned while its file gets the name, the snapshot is found later
            if (!(named && broken instanceof DiskCalls.GivenUp)) {
                takeBack(name, named, broken);
            }
            throw broken;
        }
    }

    /** Removes the file first, unless the name belongs to another file. */
    private void takeBack(SnapshotName name, boolean named, IOException broken) {
        try {
            if (named) {
                inventory.depart(name, () -> disk.deleteIfThere(file(name)));
            } else {
                inventory.doNotExpect(name);
            }
            records.discard(name);
        } catch (IOException again) {
            broken.addSuppressed(again);
        }
    }

    private Path file(SnapshotName name) {
        return directory.resolve(name.toString());
    }
}
