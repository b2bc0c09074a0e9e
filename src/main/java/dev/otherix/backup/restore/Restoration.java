package dev.otherix.backup.restore;

import dev.otherix.backup.history.RecordBeside;
import dev.otherix.backup.history.Refused;
import dev.otherix.backup.history.Rewind;
import dev.otherix.backup.verify.FileSource;
import dev.otherix.backup.verify.SnapshotVerifier;
import dev.otherix.backup.verify.StoredRows;
import dev.otherix.backup.verify.bolt.NotWritten;
import java.io.IOException;
import java.nio.channels.FileChannel;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.time.Clock;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.Set;

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
        if (!Files.isRegularFile(file)) {
            throw new IOException("it is no regular file");
        }
        if (order.owner().isPresent()) {
            OnTarget.run(order.owner().get()::requireGivable);
        }
        try (var place = OnTarget.get(() -> DataDirectory.open(order.dataDirectory()))) {
            OnTarget.run(() -> place.requireFree(order.allowed().moveOldAside()));
            if (file.startsWith(place.buildPath())) {
                throw new Refused(
                        order.file() + " is in " + place.buildPath() + ", which a restore removes before it begins",
                        "Move the file to another directory first.");
            }
            return order.allowed().dryRun()
                    ? dry(place, file, order, check, listener)
                    : new RestoreRun(verifier, clock, place, file, order, check, listener).restored();
        }
    }

    static void requireSpace(DataDirectory place, Path file) throws IOException {
        var needed = Files.size(file) + Building.LOG_BYTES;
        if (place.usableBytes() < needed) {
            throw new Refused(
                    "not enough space for " + place.buildPath() + ": " + place.usableBytes() + " bytes are free, and "
                            + needed + " are needed for the database and the log of the member",
                    "Free some space, or move the old data directory to another disk.");
        }
    }

    static FileSource source(Path file) {
        return () -> FileChannel.open(file, Set.of(StandardOpenOption.READ, LinkOption.NOFOLLOW_LINKS));
    }

    /** Proves the snapshot and asks all questions, and writes nothing. */
    private Restored dry(DataDirectory place, Path file, RestoreOrder order, PeerCheck check, Rewind.Listener listener)
            throws IOException {
        requireSpace(place, file);
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

    static Optional<Owner> owner(DataDirectory place, RestoreOrder order) {
        return order.owner()
                .or(() -> OnTarget.get(Owner::isRootHere) ? Optional.of(place.ownerAbove()) : Optional.empty());
    }

    static Restored restored(
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
}
