package dev.otherix.backup.job;

import dev.otherix.backup.check.FileCheck;
import dev.otherix.backup.check.Inspections;
import dev.otherix.backup.snapshot.DirectoryFailure;
import dev.otherix.backup.snapshot.Pruned;
import dev.otherix.backup.snapshot.SnapshotDirectory;
import dev.otherix.backup.snapshot.SnapshotName;
import dev.otherix.backup.verify.VerificationCancelled;
import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import java.util.function.BooleanSupplier;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Removes the snapshots that retention does not keep, without a new snapshot right before: to make room for a run, and
 * at start, when the settings may have changed. So the newest verified one is checked again first, and if it is not
 * good, nothing is removed.
 */
final class EarlyPrune {

    private static final Logger LOG = LoggerFactory.getLogger(EarlyPrune.class);
    private static final long AT_FULL_SPEED = 0;

    private final SnapshotDirectory directory;
    private final Retention retention;
    private final FileCheck files;

    EarlyPrune(SnapshotDirectory directory, Retention retention, FileCheck files) {
        this.directory = directory;
        this.retention = retention;
        this.files = files;
    }

    /**
     * @param bytesPerSecond how fast the newest verified one may be read; 0 = no limit @return the removed ones @throws
     *     DirectoryFailure if the directory cannot be read @throws VerificationCancelled if the thread was interrupted
     */
    Pruned prune(long bytesPerSecond) {
        if (!retention.wouldRemove() || !newestIsGood(bytesPerSecond)) {
            return Pruned.NOTHING;
        }
        var pruned = retention.prune();
        if (!pruned.removed().isEmpty()) {
            LOG.info(
                    "removed {} snapshot(s) that retention no longer keeps: {}",
                    pruned.removed().size(),
                    pruned.removed());
        }
        pruned.failure()
                .ifPresent(why -> LOG.error(
                        "old snapshots could not be removed: {}; the next try is after the next snapshot", why));
        return pruned;
    }

    /**
     * Removes snapshots that are kept only because they have no off-site copy yet, the oldest first, until there is
     * room; never the newest of them. @return the removed ones
     */
    List<SnapshotName> pruneUncopied(BooleanSupplier room) {
        var removed = new ArrayList<SnapshotName>();
        if (retention.uncopied() == 0 || room.getAsBoolean() || !newestIsGood(AT_FULL_SPEED)) {
            return removed;
        }
        for (int kept = retention.uncopied() - 1; kept >= 0 && !room.getAsBoolean(); kept--) {
            removed.addAll(retention.pruneUncopied(kept).removed());
        }
        if (!removed.isEmpty()) {
            LOG.warn(
                    "removed {} snapshot(s) without an off-site copy, because space is short: {}",
                    removed.size(),
                    removed);
        }
        return removed;
    }

    /** The same as {@link #prune} at the start of the service, in the background. */
    Pruned atStart() {
        try {
            return prune(Inspections.GENTLE);
        } catch (DirectoryFailure | VerificationCancelled broken) {
            LOG.debug("nothing was removed at start", broken);
            return Pruned.NOTHING;
        }
    }

    private boolean newestIsGood(long bytesPerSecond) {
        var newest = directory.latest();
        if (newest.isEmpty()) {
            return false;
        }
        var name = newest.get().name();
        try {
            var found = files.again(newest.get(), () -> directory.open(name), bytesPerSecond, _ -> {});
            if (!found.good()) {
                LOG.warn(
                        "no snapshot is removed until the next one exists: {}, the newest verified one, is no "
                                + "longer good: {}; check the disk",
                        name,
                        found.summary());
            }
            return found.good();
        } catch (IOException unreadable) {
            LOG.warn(
                    "no snapshot is removed until the next one exists: {}, the newest verified one, cannot be "
                            + "checked: {}",
                    name,
                    unreadable.getMessage());
            return false;
        }
    }
}
