package dev.otherix.backup.snapshot;

import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/** Incomplete files that an earlier process left when it died: temporary files, and records without their file. */
final class Leftovers {

    private Leftovers() {}

    /**
     * Removes them from {@code directory}; links, directories and names that no snapshot can have are not ours and are
     * kept. @return those that could not be removed, in words: they do no harm
     */
    static List<String> remove(Path directory, Disk disk) throws IOException {
        var stay = new ArrayList<String>();
        for (var entry : disk.list(directory)) {
            var name = nameIn(entry);
            if (name.isPresent() && isLeftover(entry, name.get(), directory, disk)) {
                try {
                    disk.deleteIfThere(directory.resolve(entry));
                } catch (IOException refused) {
                    stay.add(directory.resolve(entry) + " was left by an earlier process and cannot be removed ("
                            + DirectoryFailure.words(refused) + "); it does not count, remove it by hand");
                }
            }
        }
        return List.copyOf(stay);
    }

    private static boolean isLeftover(String entry, SnapshotName name, Path directory, Disk disk) {
        var temporary = entry.equals(name.temporaryFile()) || entry.equals(name.temporaryRecordFile());
        var record = entry.equals(name.recordFile()) || entry.equals(name.damagedRecordFile());
        var ofRejected =
                entry.equals(name.rejectedRecordFile()) && !disk.exists(directory.resolve(name.rejectedFile()));
        return temporary || ofRejected || record && !disk.exists(directory.resolve(name.toString()));
    }

    private static Optional<SnapshotName> nameIn(String entry) {
        int begin = entry.startsWith(".") ? 1 : 0;
        var end = entry.indexOf('.', begin);
        return end < 0 ? Optional.empty() : SnapshotName.parse(entry.substring(begin, end) + ".db");
    }
}
