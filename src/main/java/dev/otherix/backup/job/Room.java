package dev.otherix.backup.job;

import dev.otherix.backup.snapshot.DirectoryFailure;
import dev.otherix.backup.snapshot.SnapshotDirectory;
import dev.otherix.backup.snapshot.SnapshotName;
import java.util.List;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Makes room for one more snapshot: bytes on the file system, and one more record in memory. */
final class Room {

    private static final Logger LOG = LoggerFactory.getLogger(Room.class);
    private static final long AT_FULL_SPEED = 0;

    private final SnapshotDirectory directory;
    private final EarlyPrune early;
    private boolean warned;

    Room(SnapshotDirectory directory, EarlyPrune early) {
        this.directory = directory;
        this.early = early;
    }

    /**
     * Removes the snapshots that retention no longer keeps, but only if a run would be refused otherwise. @param
     * removed gets the names of the removed ones @throws DirectoryFailure if there is still no room
     */
    void make(long bytes, List<SnapshotName> removed) {
        try {
            require(bytes);
        } catch (DirectoryFailure full) {
            if (full.reason() != DirectoryFailure.Reason.NO_SPACE
                    && full.reason() != DirectoryFailure.Reason.TOO_MANY) {
                throw full;
            }
            removed.addAll(early.prune(AT_FULL_SPEED).removed());
            removed.addAll(early.pruneUncopied(() -> has(bytes)));
            // even if nothing was removed: the prune at start may have made room meanwhile
            require(bytes);
        }
    }

    private boolean has(long bytes) {
        try {
            require(bytes);
            return true;
        } catch (DirectoryFailure full) {
            return false;
        }
    }

    private void require(long bytes) {
        directory.space().requireOneMore();
        directory.space().require(bytes);
    }

    /** Logs once that the directory will soon hold as many snapshots as fit in memory. */
    void warnNearLimitOnce() {
        if (!warned) {
            directory.space().nearLimit().ifPresent(warning -> {
                warned = true;
                LOG.warn(warning);
            });
        }
    }
}
