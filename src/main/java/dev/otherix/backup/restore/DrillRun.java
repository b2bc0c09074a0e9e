package dev.otherix.backup.restore;

import dev.otherix.backup.history.RecordBeside;
import dev.otherix.backup.history.Refused;
import dev.otherix.backup.history.Rewind;
import dev.otherix.backup.verify.SnapshotCopy;
import dev.otherix.backup.verify.SnapshotVerifier;
import dev.otherix.backup.verify.StoredRows;
import java.io.IOException;
import java.nio.channels.FileChannel;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.OptionalLong;
import org.jspecify.annotations.Nullable;

/** The steps of one drill. */
final class DrillRun {

    private static final String DATA = "data";
    private static final String FETCHED = "fetched.db";

    private final SnapshotVerifier verifier;
    private final DrillOrder order;
    private final DrillLimits limits;
    private final EtcdMemory memory;
    private final List<String> notes = new ArrayList<>();
    private @Nullable EtcdProgram program;
    private boolean restores;

    DrillRun(SnapshotVerifier verifier, DrillOrder order, DrillLimits limits, EtcdMemory memory) {
        this.verifier = verifier;
        this.order = order;
        this.limits = limits;
        this.memory = memory;
    }

    /**
     * A database that was restored and proven.
     *
     * @param rows changes and deletions that it has
     * @param neededLine the first line of etcd that starts with it
     */
    record Restored(
            long revision,
            long compactRevision,
            StoredRows.KeysAt keys,
            long bytes,
            long rows,
            Optional<String> neededLine) {}

    /** The version of the etcd, once that is known. */
    Optional<String> etcdVersion() {
        return Optional.ofNullable(program).map(EtcdProgram::text);
    }

    /** Whether it has begun to restore; what fails before says nothing about the snapshot. */
    boolean restores() {
        return restores;
    }

    /** What was not as it should be, and does not matter for the snapshot. */
    List<String> notes() {
        return List.copyOf(notes);
    }

    /**
     * Drills; nothing is left of it afterwards.
     *
     * @throws NotDrilled if it is not possible here
     * @throws DrillFailure if etcd does not serve what the snapshot has
     */
    Restored run(Drill.Listener listener) throws IOException, InterruptedException {
        return switch (order.source()) {
            case DrillSource.Here(var file) -> here(file.toRealPath(), listener);
            case DrillSource.Fetched fetched -> fetched(fetched, listener);
        };
    }

    private Restored here(Path file, Drill.Listener listener) throws IOException, InterruptedException {
        if (!Files.isRegularFile(file)) {
            throw new IOException("it is no regular file");
        }
        if (file.startsWith(order.scratch().toAbsolutePath().normalize().resolve(Scratch.NAME))) {
            throw new NotDrilled("the snapshot is in " + Scratch.NAME
                    + ", which a drill removes before it begins; move it to another directory first");
        }
        try (var scratch = OnTarget.get(this::scratch)) {
            requireDisk(scratch, Files.size(file), 1);
            return restored(scratch, file, asked(scratch), listener);
        }
    }

    private Restored fetched(DrillSource.Fetched source, Drill.Listener listener)
            throws IOException, InterruptedException {
        var bytes = source.find();
        try (var scratch = OnTarget.get(this::scratch)) {
            // it is there beside what is restored of it
            requireDisk(scratch, bytes, 2);
            var asked = asked(scratch);
            OnTarget.run(() -> scratch.handle().create(FETCHED).close());
            var file = scratch.handle().entry(FETCHED);
            source.fetch(file);
            requireDisk(scratch, Files.size(file), 1);
            return restored(scratch, file, asked, listener);
        }
    }

    private Restored restored(Scratch scratch, Path file, Optional<Asked> asked, Drill.Listener listener)
            throws IOException, InterruptedException {
        return asked.isEmpty() ? built(scratch, file, listener) : served(scratch, file, asked.get(), listener);
    }

    /** A program that has shown its version. */
    private record Asked(ChildNote note, EtcdProgram program) {}

    /** Asks the program, if one is named, before the snapshot is read or fetched. */
    private Optional<Asked> asked(Scratch scratch) throws IOException, InterruptedException {
        if (order.etcd().isEmpty()) {
            return Optional.empty();
        }
        var note = ChildNote.of(
                order.etcd().get().toAbsolutePath().normalize(), scratch.path().resolve(DATA));
        OnTarget.run(() -> scratch.note(note));
        var found = EtcdProgram.ask(scratch, note, order, limits);
        program = found;
        found.requireSince(Optional.empty(), order.words().etcd());
        return Optional.of(new Asked(note, found));
    }

    /** What the record shows need not be found out by writing the whole database. */
    private void requireByRecord(Path file, EtcdProgram found) throws IOException {
        var bytes = Files.size(file);
        var record = RecordBeside.of(file);
        found.requireSince(record.etcdVersion(bytes), order.words().etcd());
        record.content(bytes)
                .ifPresent(content -> memory.require(
                        Objects.requireNonNull(content.liveKeys()),
                        Objects.requireNonNull(content.totalEntries()),
                        bytes));
    }

    private Scratch scratch() throws IOException {
        try {
            return Scratch.begin(order.scratch());
        } catch (Refused taken) {
            throw new NotDrilled(taken.getMessage() + ". " + taken.fix());
        }
    }

    /** @param times how often the database is written; a size that was announced may be any number */
    private void requireDisk(Scratch scratch, long bytes, int times) {
        var besides = Building.LOG_BYTES + order.reserveBytes();
        var free = scratch.usableBytes();
        if ((free - besides) / times < bytes) {
            var needed = bytes > (Long.MAX_VALUE - besides) / times ? Long.MAX_VALUE : bytes * times + besides;
            throw new NotDrilled(
                    "not enough space for a drill in " + order.words().scratch() + ": " + free
                            + " bytes are free, and " + needed + " are needed: "
                            + (times == 1 ? "" : "what is fetched, ") + "the database, " + Building.LOG_BYTES
                            + " for the log of etcd, and " + order.reserveBytes() + " that stay free. "
                            + order.words().moreDisk());
        }
    }

    private Restored built(Scratch scratch, Path file, Rewind.Listener listener) throws IOException {
        try (var building = OnTarget.get(() -> Building.begin(scratch.handle(), DATA))) {
            return build(building, file, listener);
        }
    }

    private Restored served(Scratch scratch, Path file, Asked asked, Drill.Listener listener)
            throws IOException, InterruptedException {
        var found = asked.program();
        requireByRecord(file, found);
        try (var building = OnTarget.get(() -> Building.begin(scratch.handle(), DATA))) {
            var restored = build(building, file, listener);
            found.requireReads(restored.neededLine(), order.words().etcd());
            memory.require(restored.keys().liveKeys(), restored.rows(), restored.bytes());
            listener.starting();
            try (var etcd = ScratchEtcd.start(scratch, asked.note(), found, order.words(), limits.stop())) {
                etcd.remark().ifPresent(notes::add);
                var limit = limits.start(restored.bytes(), restored.rows());
                etcd.serve(limit);
                etcd.compare(restored, limit).ifPresent(notes::add);
                etcd.stop();
            }
            return restored;
        }
    }

    private FileChannel begun(Building building) throws IOException {
        var database = building.database();
        restores = true;
        return database;
    }

    /** Without a bump, which would compact what is compared. Not synced: it is removed soon. */
    private Restored build(Building building, Path file, Rewind.Listener listener) throws IOException {
        var cluster = InitialCluster.of(
                Map.of(ScratchEtcd.MEMBER, List.of(PeerUrl.parse(ScratchEtcd.URL))), ScratchEtcd.MEMBER);
        var restore = new RestoreOrder(
                file.getFileName(),
                false,
                OptionalLong.empty(),
                Optional.empty(),
                order.scratch(),
                cluster,
                ScratchEtcd.MEMBER,
                0,
                Optional.empty(),
                Optional.empty(),
                Optional.empty(),
                new RestoreOrder.Allowed(false, true, false));
        var record = RecordBeside.of(file);
        var plan = new SnapshotCopy.Plan(false, OptionalLong.empty(), Optional.of(cluster.rows(0, true)));
        try (var database = OnTarget.get(() -> begun(building));
                var copy = SnapshotCopy.begin(verifier, Restoration.source(file), plan, database, listener.reading())) {
            var from = ProvenSource.of(restore, copy.proof(), record);
            var written = copy.finish();
            var progress = listener.proving(written.bytes());
            var keys = OnTarget.get(() -> new DatabaseProof(verifier, copy, from).of(building, progress));
            OnTarget.run(() -> building.writeRaft(cluster, cluster.named(ScratchEtcd.MEMBER)));
            return new Restored(
                    from.revision(),
                    from.compactRevision(),
                    keys,
                    written.bytes(),
                    copy.proof().storedRows().count(),
                    copy.proof().neededLine());
        }
    }
}
