package dev.otherix.backup.offsite;

import dev.otherix.backup.snapshot.Copy;
import dev.otherix.backup.snapshot.Snapshot;
import dev.otherix.backup.snapshot.SnapshotDirectory;
import dev.otherix.backup.snapshot.Target;
import java.time.Clock;
import java.time.Duration;
import java.util.List;
import org.jspecify.annotations.Nullable;
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
    private final @Nullable Duration expiresAfter;
    private final Clock clock;

    /** @param expiresAfter how old a copy is when the store removes it; null if it removes none */
    LostCopies(
            Target target,
            SnapshotDirectory directory,
            StoreSight sight,
            CopyChoice choice,
            @Nullable Duration expiresAfter,
            Clock clock) {
        this.target = target;
        this.directory = directory;
        this.sight = sight;
        this.choice = choice;
        this.expiresAfter = expiresAfter;
        this.clock = clock;
    }

    /** Notes in the local records what the last look at {@code folder} showed. */
    void settle(Folder folder, List<Snapshot> newestFirst) {
        for (var snapshot : newestFirst) {
            snapshot.copy(target)
                    .filter(copy -> copy.key().startsWith(folder.path()))
                    .ifPresent(copy -> settle(folder, snapshot, copy, newestFirst));
        }
    }

    private void settle(Folder folder, Snapshot snapshot, Copy copy, List<Snapshot> newestFirst) {
        var isThere = sight.has(folder, folder.record(snapshot.name()));
        var isRemoved = copy.state() == Copy.State.REMOVED;
        if (!isThere && !isRemoved && (hasExpired(copy) || choice.wouldRemove(snapshot, newestFirst))) {
            LOG.info("{} is not there any more, and need not be", copy.key());
            var _ = directory.note(snapshot.name(), copy.seen(Copy.State.REMOVED, copy.checkedAt()));
        } else if (isThere && isRemoved && choice.knowsAll(newestFirst) && !choice.wouldRemove(snapshot, newestFirst)) {
            // its removal was cut off before it began
            var _ = directory.note(snapshot.name(), copy.seen(Copy.State.UNKNOWN, copy.checkedAt()));
        }
    }

    private boolean hasExpired(Copy copy) {
        return expiresAfter != null && copy.copiedAt().plus(expiresAfter).isBefore(clock.instant());
    }
}
