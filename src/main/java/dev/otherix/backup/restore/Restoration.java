package dev.otherix.backup.restore;

import dev.otherix.backup.history.RecordBeside;
import dev.otherix.backup.history.Refused;
import dev.otherix.backup.history.Rewind;
import dev.otherix.backup.verify.CaPair;
import dev.otherix.backup.verify.FileSource;
import dev.otherix.backup.verify.NewCluster;
import dev.otherix.backup.verify.SnapshotCopy;
import dev.otherix.backup.verify.SnapshotVerifier;
import dev.otherix.backup.verify.StoredRows;
import dev.otherix.backup.verify.TooManyLeases;
import dev.otherix.backup.verify.bolt.NotWritten;
import java.io.IOException;
import java.nio.channels.FileChannel;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.time.Clock;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.function.LongConsumer;
import org.jspecify.annotations.Nullable;

/**
 * Makes a member's data directory out of a snapshot: proves the snapshot, builds the directory where nobody takes it
 * for one, proves what was written, and gives it its name last. In the end there is a whole, synced and proven
 * directory, or none. Nothing that exists is overwritten. Memory does not grow with the file.
 */
public final class Restoration {

    private final SnapshotVerifier verifier;
    private final LivePeers peers;
    private final Clock clock;

    public Restoration(SnapshotVerifier verifier, Clock clock) {
        this(verifier, new LivePeers(), clock);
    }

    /** @param peers finds out who is still alive */
    Restoration(SnapshotVerifier verifier, LivePeers peers, Clock clock) {
        this.verifier = verifier;
        this.peers = peers;
        this.clock = clock;
    }

    /**
     * Restores.
     *
     * @throws Refused if the snapshot, or what is there now, does not allow it
     * @throws NotWritten if the disk refuses
     * @throws IOException if the snapshot cannot be read
     */
    public Restored run(RestoreOrder order, Rewind.Listener listener) throws IOException {
        var check = new PeerCheck(peers, order);
        check.beforeReading();
        var file = order.file().toRealPath();
        var size = Files.size(file);
        try (var place = OnTarget.get(() -> DataDirectory.open(order.dataDirectory()))) {
            OnTarget.run(() -> requirePlace(place, order, size));
            return order.allowed().dryRun()
                    ? dry(place, file, order, check, listener)
                    : new Run(place, file, order, check, listener).restored();
        }
    }

    private static void requirePlace(DataDirectory place, RestoreOrder order, long size) throws IOException {
        place.requireFree(order.allowed().moveOldAside());
        var needed = size + Building.LOG_BYTES;
        if (place.usableBytes() < needed) {
            throw new Refused(
                    "not enough space for " + place.buildPath() + ": " + place.usableBytes() + " bytes are free, and "
                            + needed + " are needed for the database and the log of the member",
                    "Free some space, or move the old data directory to another disk.");
        }
    }

    private static FileSource source(Path file) {
        return () -> FileChannel.open(file, Set.of(StandardOpenOption.READ, LinkOption.NOFOLLOW_LINKS));
    }

    /** Proves the snapshot and asks all questions, and writes nothing. */
    private Restored dry(DataDirectory place, Path file, RestoreOrder order, PeerCheck check, Rewind.Listener listener)
            throws IOException {
        var record = RecordBeside.of(file);
        var options = SnapshotVerifier.Options.forRestore(order.raw());
        try (var proof = verifier.verify(source(file), options, listener.reading())) {
            var from = ProvenSource.of(order, proof, record);
            var notes = new ArrayList<>(check.of(from.members()));
            if (order.caDirectory().isPresent()) {
                ClusterCa.usable(proof, order.file().toString()).close();
            }
            var rows = proof.storedRows();
            var keys = rows.keysAt(from.revision(), from.compactRevision(), _ -> {});
            return restored(order, from, rows.revision() + order.bump(), keys, owner(place, order), notes);
        }
    }

    private static Optional<Owner> owner(DataDirectory place, RestoreOrder order) {
        return order.owner()
                .or(() -> OnTarget.get(Owner::isRootHere) ? Optional.of(place.ownerAbove()) : Optional.empty());
    }

    private static Restored restored(
            RestoreOrder order,
            ProvenSource from,
            long bumped,
            StoredRows.KeysAt keys,
            Optional<Owner> owner,
            List<String> notes) {
        var all = new ArrayList<>(from.notes());
        all.addAll(notes);
        return new Restored(
                order.dataDirectory().toAbsolutePath().normalize(),
                order.cluster(),
                order.cluster().named(order.member()),
                from.revision(),
                order.revision().isPresent(),
                order.bump() > 0 ? bumped : from.revision(),
                keys.liveKeys(),
                keys.hashKv(),
                from.sha256(),
                from.caFingerprint(),
                from.etcdVersion(),
                from.takenAt(),
                owner,
                List.copyOf(all));
    }

    /** One restore that writes. */
    private final class Run {

        private final DataDirectory place;
        private final Path file;
        private final RestoreOrder order;
        private final PeerCheck check;
        private final Rewind.Listener listener;

        private Run(DataDirectory place, Path file, RestoreOrder order, PeerCheck check, Rewind.Listener listener) {
            this.place = place;
            this.file = file;
            this.order = order;
            this.check = check;
            this.listener = listener;
        }

        private Restored restored() throws IOException {
            var record = RecordBeside.of(file);
            var plan = new SnapshotCopy.Plan(order.raw(), order.revision(), Optional.of(newCluster()));
            try (var building = OnTarget.get(place::begin);
                    var database = OnTarget.get(building::database);
                    var copy = SnapshotCopy.begin(verifier, source(file), plan, database, listener.reading())) {
                var from = ProvenSource.of(order, copy.proof(), record);
                var notes = new ArrayList<>(check.of(from.members()));
                try (var ca = order.caDirectory().isPresent()
                        ? ClusterCa.usable(copy.proof(), order.file().toString())
                        : null) {
                    var written = finish(copy);
                    requireRaised(written.raisedTo(), from);
                    OnTarget.run(() -> database.force(true));
                    var progress = listener.proving(written.bytes());
                    var keys = OnTarget.get(() -> proven(copy, building, from, progress));
                    var owner = owner(place, order);
                    OnTarget.run(() -> complete(building, owner, ca, notes));
                    return Restoration.restored(order, from, written.raisedTo(), keys, owner, notes);
                }
            }
        }

        private NewCluster newCluster() {
            var members = new LinkedHashMap<String, String>();
            order.cluster().members().forEach(member -> members.put(member.hexId(), GoJson.member(member)));
            return new NewCluster(members, order.bump());
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

        private StoredRows.KeysAt proven(SnapshotCopy copy, Building building, ProvenSource from, LongConsumer progress)
                throws IOException {
            try (var proof = copy.prove(verifier, building::reopenDatabase, progress)) {
                if (!proof.good()) {
                    throw faulty(proof.findings().getFirst().message());
                }
                var keys = proof.storedRows().keysAt(from.revision(), from.compactRevision(), _ -> {});
                if (from.recordedHash().filter(hash -> hash != keys.hashKv()).isPresent()) {
                    throw faulty("its HashKV is " + keys.hashKv() + ", and the snapshot's record says "
                            + from.recordedHash().get());
                }
                return keys;
            } catch (SnapshotCopy.Different different) {
                throw faulty(String.valueOf(different.getMessage()));
            } catch (InternalError fault) {
                // what Java throws where a page of a mapped file cannot be read
                throw new IOException("what was written cannot be read again: the medium fails", fault);
            }
        }

        private Refused faulty(String problem) {
            return new Refused(
                    "the new database is not what it has to be, and the directory got no name: " + problem,
                    "This is a fault of this program or of the disk. Try another disk, and report it.");
        }

        private void complete(Building building, Optional<Owner> owner, @Nullable CaPair ca, List<String> notes)
                throws IOException {
            building.writeRaft(order.cluster(), order.cluster().named(order.member()));
            if (owner.isPresent()) {
                building.give(owner.get());
                place.giveMade(owner.get());
            }
            building.sync();
            if (ca != null) {
                try (var directory = CaDirectory.open(order.caDirectory().orElseThrow(), owner)) {
                    notes.addAll(directory.place(ca, owner, clock.instant()));
                }
            }
            place.publish(building, order.allowed().moveOldAside(), clock.instant())
                    .ifPresent(aside -> notes.add("the old data directory is now " + aside));
        }
    }
}
