package dev.otherix.backup.offsite;

import dev.otherix.backup.snapshot.Copy;
import dev.otherix.backup.snapshot.Snapshot;
import dev.otherix.backup.snapshot.SnapshotDirectory;
import dev.otherix.backup.snapshot.Target;
import java.util.List;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Compares the local records with what the last look at one target showed. A copy that is gone and needs not be there
 * any more counts as removed: a rule of the bucket may have been first. Any other one that is gone is left to the
 * check.
 */
final class LostCopies {

    private static final Logger LOG = LoggerFactory.getLogger(LostCopies.class);

    private final Target target;
    private final SnapshotDirectory directory;
    private final StoreSight sight;
    private final CopyChoice choice;
    private final Expiry expiry;

    LostCopies(Target target, SnapshotDirectory directory, StoreSight sight, CopyChoice choice, Expiry expiry) {
        this.target = target;
        this.directory = directory;
        this.sight = sight;
        this.choice = choice;
        this.expiry = expiry;
    }

    /** Notes in the local records what the last look at {@code folder} showed. */
    void settle(Folder folder, List<Snapshot> newestFirst) {
        expiry.look(newestFirst);
        for (var snapshot : newestFirst) {
            snapshot.copy(target)
                    .filter(copy -> copy.key().startsWith(folder.path()))
                    .ifPresent(copy -> settle(folder, snapshot, copy, newestFirst));
        }
    }

    private void settle(Folder folder, Snapshot snapshot, Copy copy, List<Snapshot> newestFirst) {
        var hasRecord = sight.has(folder, folder.record(snapshot.name()));
        var hasObject = sight.hasObject(new Folder.Place(folder, snapshot.name()));
        var isRemoved = copy.state() == Copy.State.REMOVED;
        // a rule of the store removes the record and the object at different times
        var hasExpired = expiry.isOver(copy) && !(hasRecord && hasObject);
        if (!isRemoved && (hasExpired || !hasRecord && choice.wouldRemove(snapshot, newestFirst))) {
            LOG.info("{} is not there any more, and need not be", copy.key());
            var _ = directory.note(snapshot.name(), copy.seen(Copy.State.REMOVED, copy.checkedAt()));
        } else if (isRemoved && hasRecord && hasObject) {
            // its removal was cut off before it began, and the store may hold it by now
            var _ = directory.note(snapshot.name(), copy.seen(Copy.State.UNKNOWN, copy.checkedAt()));
        }
    }
}
