package dev.otherix.backup.restore;

import dev.otherix.backup.history.RecordBeside;
import dev.otherix.backup.history.Refused;
import dev.otherix.backup.history.Rewind;
import dev.otherix.backup.verify.CaPair;
import dev.otherix.backup.verify.SnapshotCopy;
import dev.otherix.backup.verify.SnapshotVerifier;
import dev.otherix.backup.verify.TooManyLeases;
import java.io.IOException;
import java.nio.channels.FileChannel;
import java.nio.file.Path;
import java.time.Clock;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/** One restore that writes: builds the directory, proves it, places the CA, and gives both their names. */
final class RestoreRun {

    private final SnapshotVerifier verifier;
    private final Clock clock;
    private final DataDirectory place;
    private final Path file;
    private final RestoreOrder order;
    private final PeerCheck check;
    private final Rewind.Listener listener;

    RestoreRun(
            SnapshotVerifier verifier,
            Clock clock,
            DataDirectory place,
            Path file,
            RestoreOrder order,
            PeerCheck check,
            Rewind.Listener listener) {
        this.verifier = verifier;
        this.clock = clock;
        this.place = place;
        this.file = file;
        this.order = order;
        this.check = check;
        this.listener = listener;
    }

    Restored restored() throws IOException {
        var record = RecordBeside.of(file);
        var plan = new SnapshotCopy.Plan(
                order.raw(), order.revision(), Optional.of(order.cluster().rows(order.bump(), false)));
        try (var building = OnTarget.get(place::begin);
                var database = OnTarget.get(() -> begun(building));
                var copy = SnapshotCopy.begin(verifier, Restoration.source(file), plan, database, listener.reading())) {
            var from = ProvenSource.of(order, copy.proof(), record);
            var notes = new ArrayList<>(check.of(from.members()));
            try (var ca = order.caDirectory().isPresent()
                    ? ClusterCa.usable(copy.proof(), order.file().toString())
                    : null) {
                var written = finish(copy);
                requireRaised(written.raisedTo(), from);
                OnTarget.run(() -> database.force(true));
                var progress = listener.proving(written.bytes());
                var keys = OnTarget.get(() -> new DatabaseProof(verifier, copy, from).of(building, progress));
                var owner = Restoration.owner(place, order);
                OnTarget.run(() -> complete(building, owner, ca, notes));
                return Restoration.restored(order, from, written.raisedTo(), keys, owner, notes);
            }
        }
    }

    /** What an earlier restore left there is gone by now. */
    private FileChannel begun(Building building) throws IOException {
        Restoration.requireSpace(place, file);
        return building.database();
    }

    private SnapshotCopy.Written finish(SnapshotCopy copy) {
        try {
            return copy.finish();
        } catch (TooManyLeases many) {
            throw new Refused(
                    order.file() + " cannot be restored at that moment: its keys have " + many.getMessage(),
                    "No otherix has as many. Restore the snapshot as it is.",
                    many);
        }
    }

    private void requireRaised(long raisedTo, ProvenSource from) {
        if (order.bump() > 0 && raisedTo <= from.compactRevision()) {
            throw new Refused(
                    "--bump-revision " + order.bump() + " raises the revision to " + raisedTo
                            + ", which the snapshot had compacted already (up to " + from.compactRevision() + ")",
                    "Leave the option out: the default is 1000000000.");
        }
    }

    private void complete(Building building, Optional<Owner> owner, @Nullable CaPair ca, List<String> notes)
            throws IOException {
        building.writeRaft(order.cluster(), order.cluster().named(order.member()));
        if (owner.isPresent()) {
            building.give(owner.get());
            place.giveMade(owner.get());
        }
        building.sync();
        if (ca == null) {
            publish(building, CaDirectory.Placed.NOTHING, notes);
            return;
        }
        try (var directory = CaDirectory.open(order.caDirectory().orElseThrow(), owner)) {
            // a pair that differs from the state keeps otherix-api from starting
            place.requireFree(order.allowed().moveOldAside());
            publish(building, directory.place(ca, owner, clock.instant()), notes);
        }
    }

    private void publish(Building building, CaDirectory.Placed placed, List<String> notes) throws IOException {
        try {
            var aside = place.publish(building, order.allowed().moveOldAside(), clock.instant());
            notes.addAll(placed.notes());
            aside.ifPresent(old -> notes.add("the old data directory is now " + old));
        } catch (IOException | Refused refused) {
            placed.undo(refused);
            throw refused;
        }
    }
}
