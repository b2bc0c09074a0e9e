package dev.otherix.backup.offsite;

import dev.otherix.backup.offsite.Removal.Outcome;
import dev.otherix.backup.offsite.store.ObjectStore;
import dev.otherix.backup.offsite.store.StoreFailure;
import dev.otherix.backup.snapshot.Copy;
import dev.otherix.backup.snapshot.Snapshot;
import dev.otherix.backup.snapshot.SnapshotDirectory;
import java.util.Optional;
import java.util.function.Predicate;

/**
 * Removes copies of this member at one target, on the thread of its queue, and notes {@code removed} in the local
 * record right before: a crash in between must not make a copy look lost.
 */
final class OwnRemoval {

    private final ObjectStore store;
    private final Removal removal;
    private final SnapshotDirectory directory;
    private final StoreSight sight;
    private final StoredCopies stored;

    OwnRemoval(ObjectStore store, Removal removal, SnapshotDirectory directory, StoreSight sight, StoredCopies stored) {
        this.store = store;
        this.removal = removal;
        this.directory = directory;
        this.sight = sight;
        this.stored = stored;
    }

    /** Removes what the last look showed of one. */
    Outcome remove(Folder.Place place) {
        return remove(place, key -> sight.mayHave(place, key));
    }

    /**
     * Removes one.
     *
     * @param listed whether there may be an object under a key
     * @throws StoreFailure if the store does not answer; what the local record says then is settled by the next look
     */
    Outcome remove(Folder.Place place, Predicate<String> listed) {
        var before = directory.find(place.name()).flatMap(this::copy);
        var outcome =
                removal.remove(place, listed, () -> before.ifPresent(copy -> note(place, copy, Copy.State.REMOVED)));
        switch (outcome) {
            case Outcome.Held _ -> before.ifPresent(copy -> note(place, copy, copy.state()));
            case Outcome.Removed _ -> {
                sight.remove(place);
                stored.remove(place);
            }
        }
        return outcome;
    }

    private Optional<Copy> copy(Snapshot snapshot) {
        return snapshot.copy(store.target()).filter(copy -> copy.state() != Copy.State.REMOVED);
    }

    private void note(Folder.Place place, Copy copy, Copy.State state) {
        if (directory
                .find(place.name())
                .flatMap(now -> now.copy(store.target()))
                .filter(now -> now.state() == state)
                .isEmpty()) {
            var _ = directory.note(place.name(), copy.seen(state, copy.checkedAt()));
        }
    }
}
