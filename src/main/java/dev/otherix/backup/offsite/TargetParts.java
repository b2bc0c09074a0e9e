package dev.otherix.backup.offsite;

import dev.otherix.backup.offsite.store.ObjectStore;
import dev.otherix.backup.snapshot.Target;

/** What copies to one target, and what is known of it. */
record TargetParts(
        ObjectStore store,
        Folders folders,
        CopyChoice choice,
        Recheck recheck,
        StoreSight sight,
        Traffic traffic,
        Tally tally) {

    Target target() {
        return store.target();
    }
}
