package dev.otherix.backup.snapshot;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.stream.Stream;

/**
 * Lists a directory of snapshots without its lock and without changing anything: the service may be working there, or
 * be dead. Records are read each time they are requested, and are not kept, so many records need no more memory than
 * few.
 *
 * <p>Every method throws {@link DirectoryFailure} if the directory cannot be read.
 */
public final class DirectoryListing {

    private final Path path;
    private final Inventory inventory;
    private final List<String> setAside;

    private DirectoryListing(Path path, Inventory inventory, List<String> setAside) {
        this.path = path;
        this.inventory = inventory;
        this.setAside = setAside;
    }

    public static DirectoryListing of(Path path) {
        var disk = new Disk();
        try {
            var setAside = new ArrayList<String>();
            disk.visit(path, entry -> {
                if (isSetAside(entry)) {
                    setAside.add(entry);
                }
            });
            return new DirectoryListing(
                    path,
                    new Inventory(path, new RecordFiles(path, disk, false), disk),
                    setAside.stream().sorted().toList());
        } catch (IOException broken) {
            throw DirectoryFailure.of(path, "listing the snapshot directory", broken);
        }
    }

    private static boolean isSetAside(String entry) {
        var end = entry.lastIndexOf('.');
        return end > 0
                && SnapshotName.parse(entry.substring(0, end))
                        .filter(name -> entry.equals(name.corruptFile()) || entry.equals(name.rejectedFile()))
                        .isPresent();
    }

    public Path path() {
        return path;
    }

    /**
     * The snapshots, each read when the stream reaches it; a file without a matching record is included as unverified.
     */
    public Stream<Snapshot> newestFirst() {
        return inventory.newestFirst(null);
    }

    /** The names of files that failed a check, {@code .corrupt} and {@code .rejected}, in order. */
    public List<String> setAside() {
        return setAside;
    }

    /** Whether this user may read all snapshots. A record that may not be read looks like a damaged one. */
    public boolean readable() {
        return inventory.names().stream()
                .map(name -> path.resolve(name.toString()))
                .allMatch(file -> Files.isReadable(file) || !Files.exists(file));
    }

    /** The newest verified one: the one to restore. */
    public Optional<Snapshot> newestRestorable() {
        return newestFirst().filter(Snapshot::verified).findFirst();
    }

    /**
     * The record beside a snapshot's file; empty for a file with another name, and if the record is missing or damaged.
     *
     * @throws DirectoryFailure if it cannot be read
     */
    public static Optional<Snapshot> recordOf(Path file) {
        var directory = file.toAbsolutePath().getParent();
        return directory == null
                ? Optional.empty()
                : SnapshotName.parse(file.getFileName().toString())
                        .flatMap(new RecordFiles(directory, new Disk())::read);
    }
}
