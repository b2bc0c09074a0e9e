package dev.otherix.backup.snapshot;

import java.io.IOException;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.time.Instant;
import java.util.Collections;
import java.util.Comparator;
import java.util.HashSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/**
 * The content of the directory. The files decide: each look reads their sizes again, and a file is unverified if its
 * record is missing, damaged or has another size. Links, directories and foreign names are skipped.
 */
final class Inventory {

    private final Path path;
    private final RecordFiles records;
    private final Disk disk;
    private final Names names;
    private final Set<SnapshotName> known = new HashSet<>();
    private final Departures departures = new Departures();
    private boolean looked;
    private @Nullable SnapshotName foreignArrival;

    Inventory(Path path, RecordFiles records, Disk disk) {
        this.path = path;
        this.records = records;
        this.disk = disk;
        this.names = new Names(path, disk, this::notice);
    }

    /** All snapshots, newest first. */
    List<Snapshot> list() {
        return newestFirst(null).toList();
    }

    /**
     * Snapshots, newest first; each is read only when the stream reaches it. @param before only older ones; null for
     * all
     */
    Stream<Snapshot> newestFirst(@Nullable SnapshotName before) {
        var listing = names.now();
        int at = before == null ? -1 : at(listing, before);
        return looks(listing, at < 0 ? -at - 1 : at + 1);
    }

    /** The names of snapshots, newest first; such a name need not belong to a file. */
    List<SnapshotName> names() {
        return names.now().snapshots();
    }

    Optional<Snapshot> find(SnapshotName name) {
        var listing = names.now();
        var at = at(listing, name);
        return at < 0
                ? Optional.empty()
                : looks(listing, at).findFirst().filter(found -> found.name().equals(name));
    }

    private static int at(Names.Listing listing, SnapshotName name) {
        return Collections.binarySearch(listing.snapshots(), name, Comparator.reverseOrder());
    }

    private Stream<Snapshot> looks(Names.Listing listing, int from) {
        return new Walk(listing, from, this::look).snapshots();
    }

    /** Announces that this process is about to give a file this name. */
    synchronized void expect(SnapshotName name) {
        known.add(name);
    }

    /** Revokes {@link #expect}: no file got this name. */
    synchronized void doNotExpect(SnapshotName name) {
        known.remove(name);
    }

    /** Makes a change that removes or renames a file of this name, so that the file does not count as vanished. */
    void depart(SnapshotName name, Departures.Change change) throws IOException {
        synchronized (this) {
            departures.expect(name);
        }
        try {
            change.make();
        } finally {
            settle(name);
        }
    }

    private synchronized void settle(SnapshotName name) {
        departures.settle(name, disk.isMissing(path.resolve(name.toString())));
    }

    /** How many snapshots this process has removed since its start. */
    synchronized long removed() {
        return departures.removed();
    }

    /** How many have disappeared without it since its start. */
    synchronized long vanished() {
        return departures.vanished();
    }

    /** Reports that this process has changed the directory. */
    void renew() {
        names.renew();
    }

    synchronized Optional<SnapshotName> foreignArrival() {
        return Optional.ofNullable(foreignArrival);
    }

    /** The latest time in any name that is, or was, a snapshot's; also of renamed bad ones. */
    Optional<SnapshotName> newestName() {
        return names.now().newest();
    }

    /** {@code now}, or one second past the newest name if that is not earlier. */
    SnapshotName nextName(Instant now) {
        var name = new SnapshotName(now);
        return newestName()
                .filter(newest -> newest.compareTo(name) >= 0)
                .map(this::after)
                .orElse(name);
    }

    private SnapshotName after(SnapshotName newest) {
        try {
            return newest.next();
        } catch (IllegalArgumentException endOfTime) {
            throw new DirectoryFailure(
                    DirectoryFailure.Reason.EXISTS,
                    path,
                    "no name is left after " + newest
                            + " in the snapshot directory; remove that file or give it another name",
                    0,
                    endOfTime);
        }
    }

    /** Whether the record of {@code name} is damaged, or has another file size. */
    boolean recordIsDamaged(SnapshotName name) {
        return records.read(name)
                .filter(snapshot -> size(name)
                        .filter(bytes -> bytes == snapshot.sizeBytes())
                        .isPresent())
                .isEmpty();
    }

    int corrupt() {
        return names.now().corrupt();
    }

    private synchronized void notice(Names.Listing listing) {
        for (var name : listing.snapshots()) {
            if (!known.contains(name) && size(name).isPresent()) {
                known.add(name);
                if (looked && foreignArrival == null) {
                    foreignArrival = name;
                }
            }
        }
        looked = true;
        departures.look(listing.snapshots().stream().filter(known::contains).collect(Collectors.toSet()));
        records.forgetAllBut(Set.copyOf(listing.snapshots()));
    }

    /**
     * Reads the record now, not as of the listing: a commit writes it before the file, a delete removes it after the
     * file, and an adoption renames a damaged one before it writes a new one. So no change in progress shows a snapshot
     * without its record.
     */
    private Optional<Walk.Seen> look(SnapshotName name, boolean asideListed) {
        var bytes = size(name);
        if (bytes.isEmpty()) {
            return Optional.empty();
        }
        var record = records.read(name).filter(snapshot -> snapshot.sizeBytes() == bytes.get());
        if (record.isEmpty() && size(name).isEmpty()) {
            return Optional.empty();
        }
        var unreadable = unreadable(name);
        var damaged = record.isEmpty() && records.exists(name) && unreadable.isEmpty()
                || records.keptAside(name, asideListed);
        var known = record.orElseGet(() -> Snapshot.unrecorded(name, bytes.get(), name));
        var seen = unreadable.isEmpty() ? known : known.notLookedAt();
        var snapshot = seen.with(seen.keeping().withRecordDamaged(damaged));
        return Optional.of(new Walk.Seen(snapshot, record.isPresent()));
    }

    /** The part of this snapshot that this process may not read: its file or its record. */
    Optional<Unreadable> unreadable(SnapshotName name) {
        return records.unreadable(name).or(() -> Unreadable.of(path.resolve(name.toString()), null, disk));
    }

    /** The size of the file with that name; empty if there is none, or it is not a file. */
    Optional<Long> size(SnapshotName name) {
        var file = path.resolve(name.toString());
        try {
            var attributes = disk.attributes(file);
            return attributes.isRegularFile() ? Optional.of(attributes.size()) : Optional.empty();
        } catch (NoSuchFileException deletedMeanwhile) {
            return Optional.empty();
        } catch (IOException broken) {
            throw DirectoryFailure.of(path, "reading " + name, broken);
        }
    }
}
