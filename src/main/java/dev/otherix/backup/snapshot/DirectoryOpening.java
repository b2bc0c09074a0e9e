package dev.otherix.backup.snapshot;

import java.io.IOException;
import java.nio.file.FileAlreadyExistsException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.function.LongUnaryOperator;

/**
 * Prepares a directory for use: creates it if it is missing, locks and tests it, and removes incomplete files.
 *
 * @param lock held from then on
 * @param made whether it was missing
 * @param remarks everything unusual, each in a sentence
 * @param limit how many snapshots it may hold
 */
record DirectoryOpening(DirectoryLock lock, boolean made, List<String> remarks, SnapshotLimit limit) {

    private static final String OPENING = "opening the snapshot directory";

    static SnapshotDirectory open(Path path, LongUnaryOperator reserve, Disk disk, SnapshotLimit limit) {
        try {
            var missing = Files.notExists(path);
            make(path, disk);
            var lock = DirectoryLock.take(path, disk);
            try {
                limit.requireAtStart(disk);
                var remarks = new ArrayList<>(FileSystemProbe.of(path, disk));
                remarks.addAll(Leftovers.remove(path, disk));
                return new SnapshotDirectory(
                        path, reserve, disk, new DirectoryOpening(lock, missing, List.copyOf(remarks), limit));
            } catch (RuntimeException | IOException | Error broken) {
                lock.close();
                throw broken;
            }
        } catch (IOException broken) {
            throw DirectoryFailure.of(path, OPENING, broken);
        }
    }

    private static void make(Path path, Disk disk) throws IOException {
        try {
            disk.makeDirectories(path);
        } catch (FileAlreadyExistsException file) {
            var opening = new NamedIn(path, OPENING);
            throw new DirectoryFailure(
                    DirectoryFailure.Reason.BROKEN,
                    path,
                    opening.doing() + ": " + opening.file(file) + " is a file, not a directory",
                    0,
                    file);
        }
    }
}
