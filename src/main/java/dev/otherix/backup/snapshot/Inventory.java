package dev.otherix.backup.snapshot;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.nio.file.attribute.BasicFileAttributes;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Collections;
import java.util.Comparator;
import java.util.Deque;
import java.util.HashSet;
import java.util.Iterator;
import java.util.List;
import java.util.NoSuchElementException;
import java.util.Optional;
import java.util.Set;
import java.util.Spliterator;
import java.util.Spliterators;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import java.util.stream.StreamSupport;
import org.jspecify.annotations.Nullable;

/**
 * What is in the directory. The files are the truth: each look reads their sizes anew, and a record that is missing,
 * damaged or of another size than its file makes the file an unverified one. Links, directories and foreign names are
 * passed over.
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
     * Snapshots, newest first; each is looked at when the stream reaches it, and not before.
     *
     * @param before only those that are older; null for all
     */
    Stream<Snapshot> newestFirst(@Nullable SnapshotName before) {
        var listing = names.now();
        int at = before == null ? -1 : at(listing, before);
        return looks(listing, at < 0 ? -at - 1 : at + 1);
    }

    /** The names that snapshots have, newest first; what bears one need not be a file. */
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
        var looks = new Looks(listing, from);
        return StreamSupport.stream(
                Spliterators.spliteratorUnknownSize(looks, Spliterator.ORDERED | Spliterator.NONNULL), false);
    }

    /** Says that this process is about to give a file this name. */
    synchronized void expect(SnapshotName name) {
        known.add(name);
    }

    /** Takes {@link #expect} back: it gave no file this name. */
    synchronized void doNotExpect(SnapshotName name) {
        known.remove(name);
    }

    /** Says that this process is about to take the name from a file, or the file away. */
    synchronized void expectDeparture(SnapshotName name) {
        departures.expect(name);
    }

    /** Says that this has ended, well or not. */
    synchronized void settleDeparture(SnapshotName name) {
        departures.settle(name, Files.notExists(path.resolve(name.toString()), LinkOption.NOFOLLOW_LINKS));
    }

    /** How many snapshots this process took out of the directory since its start. */
    synchronized long removed() {
        return departures.removed();
    }

    /** How many went since its start without it. */
    synchronized long vanished() {
        return departures.vanished();
    }

    /** Says that this process has changed the directory. */
    void renew() {
        names.renew();
    }

    synchronized Optional<SnapshotName> foreignArrival() {
        return Optional.ofNullable(foreignArrival);
    }

    /** The latest time in any name that is, or was, a snapshot's; also of those set aside. */
    Optional<SnapshotName> newestName() {
        return names.now().newest();
    }

    /** Whether the record of {@code name} is no record, or one of a file of another size. */
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
     * Looks at the record now, not as it was when the directory was listed: a commit writes it before the file, a
     * delete removes it after, an adoption sets a damaged one aside before it writes another. So no change under way
     * shows a snapshot without its record.
     */
    private Optional<Seen> look(SnapshotName name, boolean asideListed) {
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
        return Optional.of(new Seen(snapshot, record.isPresent()));
    }

    /** What of this snapshot this process may not read: its file or its record. */
    Optional<Unreadable> unreadable(SnapshotName name) {
        return records.unreadable(name).or(() -> Unreadable.of(path.resolve(name.toString()), null, disk));
    }

    /** @param recorded whether its lineage is a record's, and not only its own name */
    private record Seen(Snapshot snapshot, boolean recorded) {}

    /** The size of the file of that name; empty where there is none, or something that is no file. */
    Optional<Long> size(SnapshotName name) {
        var file = path.resolve(name.toString());
        try {
            var attributes = Files.readAttributes(file, BasicFileAttributes.class, LinkOption.NOFOLLOW_LINKS);
            return attributes.isRegularFile() ? Optional.of(attributes.size()) : Optional.empty();
        } catch (NoSuchFileException deletedMeanwhile) {
            return Optional.empty();
        } catch (IOException broken) {
            throw DirectoryFailure.of("reading", file, broken);
        }
    }

    /**
     * Looks at one snapshot after the other. One without a record is of the lineage of the one before it in time, so
     * that is looked at too.
     */
    private final class Looks implements Iterator<Snapshot> {

        private final Iterator<SnapshotName> newestFirst;
        private final Set<SnapshotName> aside;
        private final Deque<Snapshot> ready = new ArrayDeque<>();

        Looks(Names.Listing listing, int from) {
            this.newestFirst = listing.snapshots().listIterator(from);
            this.aside = listing.aside();
        }

        @Override
        public boolean hasNext() {
            if (ready.isEmpty()) {
                lookOn();
            }
            return !ready.isEmpty();
        }

        @Override
        public Snapshot next() {
            if (!hasNext()) {
                throw new NoSuchElementException();
            }
            return ready.removeFirst();
        }

        private void lookOn() {
            var seen = new ArrayList<Snapshot>();
            boolean recorded = false;
            while (!recorded && newestFirst.hasNext()) {
                var name = newestFirst.next();
                var next = look(name, aside.contains(name));
                next.map(Seen::snapshot).ifPresent(seen::add);
                recorded = next.filter(Seen::recorded).isPresent();
            }
            if (seen.size() == 1) {
                ready.add(seen.getFirst());
            } else if (!seen.isEmpty()) {
                var lineage = seen.getLast().lineage();
                seen.forEach(snapshot -> ready.add(snapshot.withLineage(lineage)));
            }
        }
    }
}
