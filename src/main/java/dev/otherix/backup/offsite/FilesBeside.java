package dev.otherix.backup.offsite;

import dev.otherix.backup.offsite.store.ObjectLock;
import dev.otherix.backup.snapshot.SnapshotName;
import dev.otherix.backup.task.Progress;
import org.jspecify.annotations.Nullable;

/** Puts the files that travel with a copy beside it. */
final class FilesBeside {

    private final IncludedFiles included;
    private final Sending sending;

    FilesBeside(IncludedFiles included, Sending sending) {
        this.included = included;
        this.sending = sending;
    }

    void look() {
        included.look();
    }

    /**
     * Puts them there, as they are now, and proves that they lie there; nothing if none can be read.
     *
     * @param lock that they get; null for none
     * @throws dev.otherix.backup.offsite.store.StoreFailure if the store fails, or does not return what was sent
     */
    void put(Folder folder, SnapshotName name, @Nullable ObjectLock lock) {
        var files = included.read();
        // looks at the first one that can be read
        if (files.hasNext()) {
            sending.small(folder.files(name), out -> FileArchive.write(files, out), lock, new Progress());
        }
    }
}
