package dev.otherix.backup.snapshot;

import java.util.Optional;

/** The files that came into the directory and left it, as far as this process has seen. */
public final class Movements {

    private final Inventory inventory;

    Movements(Inventory inventory) {
        this.inventory = inventory;
    }

    /** How many files turned out rotten and were set aside. */
    public int corrupt() {
        return inventory.corrupt();
    }

    /** How many snapshots this process took out of the directory, or set aside as rotten, since it opened it. */
    public long removed() {
        return inventory.removed();
    }

    /** How many left since then although this process did not remove them. */
    public long vanished() {
        return inventory.vanished();
    }

    /** The first file under a snapshot's name that appeared since the start and that this process did not write. */
    public Optional<SnapshotName> foreignArrival() {
        return inventory.foreignArrival();
    }
}
