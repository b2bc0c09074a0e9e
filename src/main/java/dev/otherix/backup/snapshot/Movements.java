package dev.otherix.backup.snapshot;

import java.util.Optional;

/** The files that were added to and removed from the directory, as far as this process has seen. */
public final class Movements {

    private final Inventory inventory;

    Movements(Inventory inventory) {
        this.inventory = inventory;
    }

    /** How many files were found corrupt and renamed. */
    public int corrupt() {
        return inventory.corrupt();
    }

    /** How many snapshots this process has removed, or renamed as corrupt, since it opened the directory. */
    public long removed() {
        return inventory.removed();
    }

    /** How many have disappeared since then without this process. */
    public long vanished() {
        return inventory.vanished();
    }

    /** The first file under a snapshot's name that appeared since the start and that this process did not write. */
    public Optional<SnapshotName> foreignArrival() {
        return inventory.foreignArrival();
    }
}
