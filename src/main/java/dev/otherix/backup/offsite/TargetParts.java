package dev.otherix.backup.offsite;

import dev.otherix.backup.offsite.store.ObjectStore;
import dev.otherix.backup.snapshot.Snapshot;
import dev.otherix.backup.snapshot.Target;
import java.util.List;

/** What copies to one target, and what is known of it. */
record TargetParts(
        ObjectStore store,
        Folders folders,
        Copying copying,
        Recheck recheck,
        StoreSight sight,
        Traffic traffic,
        Tally tally) {

    Target target() {
        return store.target();
    }

    /** Whether the queue has to copy {@code snapshot}. One that was removed there on purpose is not copied again. */
    boolean waits(Snapshot snapshot, List<Snapshot> newestFirst) {
        return snapshot.copy(target()).isEmpty()
                && folders.of(snapshot, newestFirst).isPresent();
    }
}
