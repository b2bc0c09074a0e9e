package dev.otherix.backup.offsite;

import dev.otherix.backup.offsite.store.StoreFailure;
import dev.otherix.backup.offsite.store.StoredObject;
import dev.otherix.backup.snapshot.SnapshotName;
import java.util.Collection;
import java.util.HashSet;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeMap;

/** One listing of a cluster's keys, as far as it matters to one member. Its size is bounded, whatever a store lists. */
final class Listing {

    private static final int MOST_COPIES = 100_000;
    /** Members whose newest record matters; a cluster has a handful, and each restore makes new ones. */
    private static final int MOST_MEMBERS = 100;

    private final Folder folder;
    private final Set<String> records = new HashSet<>();
    private final TreeMap<SnapshotName, Long> objects = new TreeMap<>();
    private final Map<String, String> newest = new TreeMap<>();

    Listing(Folder folder) {
        this.folder = folder;
    }

    /** Takes the next object, in any order. */
    void take(StoredObject object) {
        var key = object.key();
        folder.nameOf(key).ifPresent(name -> objects.merge(name, Math.max(0, object.sizeBytes()), Long::sum));
        Folder.ofRecord(folder.prefix(), key)
                .filter(place -> place.folder().cluster().equals(folder.cluster()))
                .ifPresent(place -> {
                    var member = place.folder().memberId();
                    if (newest.size() < MOST_MEMBERS || newest.containsKey(member)) {
                        newest.merge(member, key, Listing::later);
                    }
                    if (place.folder().equals(folder)) {
                        records.add(key);
                    }
                });
        if (records.size() > MOST_COPIES || objects.size() > MOST_COPIES) {
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
        records.add(folder.record(name));
        newest.merge(folder.memberId(), folder.record(name), Listing::later);
    }

    /** Takes out a copy that was removed since. */
    void remove(SnapshotName name) {
        objects.remove(name);
        records.remove(folder.record(name));
        newest.remove(folder.memberId(), folder.record(name));
    }

    /** Keys of one member ascend with time. */
    private static String later(String one, String other) {
        return one.compareTo(other) > 0 ? one : other;
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
                .filter(object -> records.contains(folder.record(object.getKey())))
                .map(object -> new Holdings(
                        1, object.getValue(), Optional.of(object.getKey().second())))
                .reduce(Holdings.NONE, Holdings::plus);
    }
}
