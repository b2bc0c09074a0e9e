package dev.otherix.backup.snapshot;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.nio.file.attribute.BasicFileAttributes;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.TreeMap;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/**
 * What is in the directory. The files are the truth: each look lists them anew, and a record that is missing, damaged or of
 * another size than its file makes the file an unverified one. Links, directories and foreign names are passed over.
 */
final class Inventory {

    private final Path path;
    private final RecordFiles records;
    private final Disk disk;
    private final Set<SnapshotName> known = new HashSet<>();
    private final Departures departures = new Departures();
    private boolean looked;
    private @Nullable SnapshotName foreignArrival;

    Inventory(Path path, RecordFiles records, Disk disk) {
        this.path = path;
        this.records = records;
        this.disk = disk;
    }

    /** All snapshots, newest first. */
    synchronized List<Snapshot> list() {
        var sizes = new TreeMap<SnapshotName, Long>();
        for (var entry : entries()) {
            SnapshotName.parse(entry).ifPresent(name -> size(name).ifPresent(bytes -> sizes.put(name, bytes)));
        }
        notice(sizes.keySet());
        departures.look(sizes.keySet());
        records.forgetAllBut(sizes.keySet());
        var newestFirst = new ArrayList<Snapshot>();
        sizes.forEach((name, bytes) -> snapshot(name, bytes, newestFirst).ifPresent(newestFirst::addFirst));
        return List.copyOf(newestFirst);
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

    synchronized Optional<SnapshotName> foreignArrival() {
        return Optional.ofNullable(foreignArrival);
    }

    /** The latest time in any name that is, or was, a snapshot's; also of those set aside. */
    Optional<SnapshotName> newestName() {
        return entries().stream().flatMap(Inventory::nameWithin).max(SnapshotName::compareTo);
    }

    /** Whether the record of {@code name} is no record, or one of a file of another size. */
    boolean recordIsDamaged(SnapshotName name) {
        return records.read(name).filter(snapshot -> size(name).filter(bytes -> bytes == snapshot.sizeBytes()).isPresent()).isEmpty();
    }

    int corrupt() {
        return (int) entries().stream().filter(entry -> entry.endsWith(".db.corrupt"))
                .filter(entry -> nameWithin(entry).findAny().isPresent()).count();
    }

    private static Stream<SnapshotName> nameWithin(String entry) {
        int stampEnd = entry.indexOf('.');
        return stampEnd < 0 ? Stream.empty() : SnapshotName.parse(entry.substring(0, stampEnd) + ".db").stream();
    }

    private void notice(Set<SnapshotName> names) {
        for (var name : names) {
            if (known.add(name) && looked && foreignArrival == null) {
                foreignArrival = name;
            }
        }
        looked = true;
    }

    /**
     * Looks at the record now, not as it was when the directory was listed: a commit writes it before the file, a delete removes it
     * after, an adoption sets a damaged one aside before it writes another. So no change under way shows a snapshot without its record.
     */
    private Optional<Snapshot> snapshot(SnapshotName name, long bytes, List<Snapshot> earlier) {
        var record = records.read(name).filter(snapshot -> snapshot.sizeBytes() == bytes);
        if (record.isEmpty() && size(name).isEmpty()) {
            return Optional.empty();
        }
        boolean damaged = record.isEmpty() && records.exists(name) || records.keptAside(name);
        var lineage = earlier.isEmpty() ? name : earlier.getFirst().lineage();
        return Optional.of(record.orElseGet(() -> Snapshot.unrecorded(name, bytes, lineage)).withRecordDamaged(damaged));
    }

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

    private Set<String> entries() {
        try {
            return new HashSet<>(disk.list(path));
        } catch (IOException broken) {
            throw DirectoryFailure.of("listing", path, broken);
        }
    }
}
