package dev.otherix.backup.offsite;

import dev.otherix.backup.offsite.store.StoreFailure;
import dev.otherix.backup.offsite.store.StoredObject;
import dev.otherix.backup.snapshot.SnapshotName;
import java.time.Instant;
import java.util.Collection;
import java.util.Comparator;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;

/** One listing of a cluster's keys, as far as it matters to one member. Its size is bounded, whatever a store lists. */
final class Listing {

    private static final int MOST_COPIES = 100_000;
    /** Members whose newest record matters; a cluster has a handful, and each restore makes new ones. */
    private static final int MOST_MEMBERS = 100;

    private final Folder folder;
    private final Set<String> records = new HashSet<>();
    private final TreeSet<SnapshotName> copies = new TreeSet<>(Comparator.reverseOrder());
    private final TreeMap<SnapshotName, Long> objects = new TreeMap<>();
    private final TreeMap<SnapshotName, Written> written = new TreeMap<>();
    private final Map<String, String> newest = new TreeMap<>();

    /**
     * What there is of one copy besides its record.
     *
     * @param lastAt when the last of it was written, by the store's clock
     */
    private record Written(Instant lastAt, boolean object, boolean files) {

        static Written of(StoredObject object, boolean files) {
            return new Written(object.modifiedAt() == null ? Instant.MAX : object.modifiedAt(), !files, files);
        }

        Written and(Written other) {
            return new Written(later(lastAt, other.lastAt), object || other.object, files || other.files);
        }
    }

    Listing(Folder folder) {
        this.folder = folder;
    }

    /** Takes the next object, in any order. */
    void take(StoredObject object) {
        var key = object.key();
        folder.nameOf(key).ifPresent(name -> objects.merge(name, Math.max(0, object.sizeBytes()), Long::sum));
        folder.nameOf(key).ifPresent(name -> written.merge(name, Written.of(object, false), Written::and));
        folder.nameOfFiles(key).ifPresent(name -> written.merge(name, Written.of(object, true), Written::and));
        Folder.ofRecord(folder.prefix(), key)
                .filter(place -> place.folder().cluster().equals(folder.cluster()))
                .ifPresent(place -> {
                    var member = place.folder().memberId();
                    if (newest.size() < MOST_MEMBERS || newest.containsKey(member)) {
                        newest.merge(member, key, Listing::later);
                    }
                    if (place.folder().equals(folder)) {
                        records.add(key);
                        copies.add(place.name());
                    }
                });
        if (records.size() > MOST_COPIES || written.size() > MOST_COPIES) {
            throw new StoreFailure(
                    StoreFailure.Code.REFUSED,
                    "more than " + MOST_COPIES + " copies are listed under " + folder.path()
                            + "; remove old ones, or set another offsite.prefix",
                    null);
        }
    }

    /** Adds a copy that was made since. */
    void add(SnapshotName name, long bytes) {
        objects.put(name, bytes);
        written.remove(name);
        records.add(folder.record(name));
        copies.add(name);
        newest.merge(folder.memberId(), folder.record(name), Listing::later);
    }

    /** Takes out a copy that was removed since. */
    void remove(SnapshotName name) {
        objects.remove(name);
        written.remove(name);
        records.remove(folder.record(name));
        copies.remove(name);
        newest.remove(folder.memberId(), folder.record(name));
    }

    /** Keys of one member ascend with time. */
    private static <T extends Comparable<T>> T later(T one, T other) {
        return one.compareTo(other) > 0 ? one : other;
    }

    /** What was written before {@code time} and has no record, so it is no copy. */
    List<SnapshotName> leftovers(Instant time) {
        return written.entrySet().stream()
                .filter(object -> object.getValue().lastAt().isBefore(time))
                .map(Map.Entry::getKey)
                .filter(name -> !copies.contains(name))
                .toList();
    }

    /** Whether there may be an object of the copy under {@code key}. */
    boolean mayHave(SnapshotName name, String key) {
        var found = written.get(name);
        return found == null
                || key.equals(folder.record(name))
                || (key.equals(folder.files(name)) ? found.files() : found.object());
    }

    /** Whether the object of the copy is there. */
    boolean hasObject(SnapshotName name) {
        return objects.containsKey(name);
    }

    /** The snapshots whose records are in the folder, newest first. */
    Collection<SnapshotName> copies() {
        return copies;
    }

    /** The keys of the records in the folder. */
    Set<String> records() {
        return records;
    }

    /** The key of the newest record of each member of the cluster. */
    Collection<String> newestOfEachMember() {
        return newest.values();
    }

    Holdings holdings() {
        return objects.entrySet().stream()
                .filter(object -> copies.contains(object.getKey()))
                .map(object -> new Holdings(
                        1, object.getValue(), Optional.of(object.getKey().second())))
                .reduce(Holdings.NONE, Holdings::plus);
    }
}
