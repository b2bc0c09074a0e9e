package dev.otherix.backup.snapshot;

import java.io.IOException;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;

/**
 * What is in a directory of snapshots at one moment, read without its lock and without changing anything: the service may work there
 * meanwhile, or be dead.
 *
 * @param snapshots newest first; a file without a fitting record is among them, unverified
 * @param setAside the names of files that failed a check, {@code .corrupt} and {@code .rejected}, in order
 */
public record DirectoryListing(Path path, List<Snapshot> snapshots, List<String> setAside) {

    /** @throws DirectoryFailure where it cannot be read */
    public static DirectoryListing of(Path path) {
        var disk = new Disk();
        try {
            var snapshots = new Inventory(path, new RecordFiles(path, disk), disk).list();
            return new DirectoryListing(path, snapshots, disk.list(path).stream().filter(DirectoryListing::setAside).sorted().toList());
        } catch (IOException broken) {
            throw DirectoryFailure.of("listing", path, broken);
        }
    }

    private static boolean setAside(String entry) {
        int end = entry.lastIndexOf('.');
        return end > 0 && SnapshotName.parse(entry.substring(0, end))
                .filter(name -> entry.equals(name.corruptFile()) || entry.equals(name.rejectedFile())).isPresent();
    }

    /** The newest verified one: the one to restore. */
    public Optional<Snapshot> newestRestorable() {
        return snapshots.stream().filter(Snapshot::verified).findFirst();
    }

    /**
     * The record beside a snapshot's file; empty for a file of another name, and where there is none or it is damaged.
     *
     * @throws DirectoryFailure where it cannot be read
     */
    public static Optional<Snapshot> recordOf(Path file) {
        var directory = file.toAbsolutePath().getParent();
        return directory == null ? Optional.empty() : SnapshotName.parse(file.getFileName().toString())
                .flatMap(new RecordFiles(directory, new Disk())::read);
    }
}
