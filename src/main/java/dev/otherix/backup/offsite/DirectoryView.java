package dev.otherix.backup.offsite;

import dev.otherix.backup.snapshot.DirectoryFailure;
import dev.otherix.backup.snapshot.Snapshot;
import dev.otherix.backup.snapshot.SnapshotDirectory;
import java.util.List;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** The verified snapshots in the directory, as of the last look, for threads that may not wait for the disk. */
final class DirectoryView {

    private static final Logger LOG = LoggerFactory.getLogger(DirectoryView.class);

    private final SnapshotDirectory directory;
    private volatile List<Snapshot> last = List.of();

    DirectoryView(SnapshotDirectory directory) {
        this.directory = directory;
    }

    /** Whether a snapshot is one to copy. */
    static boolean counts(Snapshot snapshot) {
        return snapshot.verified() && snapshot.sha256() != null;
    }

    /** Looks now. @return newest first */
    List<Snapshot> look() {
        var now = directory.list().stream().filter(DirectoryView::counts).toList();
        last = now;
        return now;
    }

    /** Looks now if the directory can be read. */
    void renew() {
        try {
            var _ = look();
        } catch (DirectoryFailure unreadable) {
            // health and the next run report it
            LOG.debug("the directory cannot be read", unreadable);
        }
    }

    /** The last look. */
    List<Snapshot> last() {
        return last;
    }
}
