package dev.otherix.backup.offsite;

import dev.otherix.backup.offsite.store.ObjectStore;
import dev.otherix.backup.offsite.store.StoreFailure;
import dev.otherix.backup.snapshot.Snapshot;
import dev.otherix.backup.snapshot.SnapshotName;
import java.io.IOException;
import java.time.Instant;
import java.util.Collection;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * What lies at one target, as of the last look, and whether another cluster or another writer is there. Nothing that a
 * store says is trusted. One thread looks; what was seen can be read by any.
 */
final class StoreSight {

    private static final int LARGEST_RECORD = 1 << 20;
    /** Records never change, so their clusters are remembered. */
    private static final int MOST_REMEMBERED = 1000;

    private final ObjectStore store;
    private final Map<Folder, Listing> seen = new HashMap<>();
    private final Map<String, ClusterIdentity> clusters = new HashMap<>();
    private final Set<String> written = new HashSet<>();
    private volatile Holdings holdings = Holdings.NONE;
    private volatile @Nullable String otherWriter;

    StoreSight(ObjectStore store) {
        this.store = store;
    }

    /** What lies in all folders that were looked at. */
    Holdings holdings() {
        return holdings;
    }

    /** Why a second writer has to be supposed; empty if there is no sign of one. It stays until a restart. */
    Optional<String> otherWriter() {
        return Optional.ofNullable(otherWriter);
    }

    /** Lists the cluster of {@code folder}, and notes records that appeared in it without this process. */
    void look(Folder folder) {
        store.probe(folder.path());
        var listing = new Listing(folder);
        store.list(Folder.of(folder.prefix(), folder.cluster()), listing::take);
        var before = seen.put(folder, listing);
        count();
        if (before != null) {
            listing.records().stream()
                    .filter(key -> !before.records().contains(key) && !written.contains(key))
                    .findFirst()
                    .ifPresent(key -> otherWriter(key, "was not written by this service"));
        }
    }

    /** Adds a copy that was made, or found to be there, since the last look. */
    void add(Folder folder, SnapshotName name, long bytes) {
        seen.computeIfAbsent(folder, Listing::new).add(name, bytes);
        count();
    }

    /** Takes out a copy that was removed since the last look. */
    void remove(Folder.Place place) {
        var listing = seen.get(place.folder());
        if (listing != null) {
            listing.remove(place.name());
        }
    }

    /** The snapshots that have a copy in {@code folder} by the last look, newest first. */
    Collection<SnapshotName> copies(Folder folder) {
        var listing = seen.get(folder);
        return listing == null ? List.of() : listing.copies();
    }

    /** Whether there may be an object of a copy under {@code key}. */
    boolean mayHave(Folder.Place place, String key) {
        var listing = seen.get(place.folder());
        return listing == null || listing.mayHave(place.name(), key);
    }

    /** What the last look showed in {@code folder} that was written before {@code time} and is no copy. */
    List<SnapshotName> leftovers(Folder folder, Instant time) {
        var listing = seen.get(folder);
        return listing == null ? List.of() : listing.leftovers(time);
    }

    /** Counts again what is there, after removals. */
    void count() {
        holdings = seen.values().stream().map(Listing::holdings).reduce(Holdings.NONE, Holdings::plus);
    }

    /** Whether the last look showed a record under {@code key}. */
    boolean has(Folder folder, String key) {
        var listing = seen.get(folder);
        return listing != null && listing.records().contains(key);
    }

    /** Whether the last look showed the object of a copy. */
    boolean hasObject(Folder.Place place) {
        var listing = seen.get(place.folder());
        return listing != null && listing.hasObject(place.name());
    }

    /** Announces that this process is about to write a record. */
    void expect(String key) {
        written.add(key);
    }

    /** Notes that a second writer is there. */
    NotCopied otherWriter(String key, String what) {
        var message = "the record " + key + " in " + store.place() + " " + what
                + ": another machine writes there with the ids of this cluster and member. Stop that machine's service, or"
                + " give it another offsite.cluster, and restart this service";
        if (otherWriter == null) {
            otherWriter = message;
        }
        return new NotCopied(NotCopied.Why.OTHER_WRITER, message);
    }

    /**
     * Refuses to write under the name of a cluster that holds copies of another one, as of the last look.
     *
     * @throws NotCopied if it does
     */
    void requireOwn(Snapshot snapshot, Folder folder) {
        var listing = seen.get(folder);
        if (listing == null) {
            return;
        }
        var own = ClusterIdentity.of(snapshot);
        for (var key : listing.newestOfEachMember()) {
            var other = cluster(key).filter(own::isStrangerTo);
            if (other.isPresent()) {
                throw new NotCopied(
                        NotCopied.Why.OTHER_CLUSTER,
                        snapshot.name() + " is of a cluster " + own + ", but " + store.place() + " holds copies of a"
                                + " cluster " + other.get() + " under the name " + folder.cluster() + " (" + key
                                + "), so nothing is written there. If this etcd was put in place of the real one by"
                                + " mistake, restore that one; if it is a new cluster, set offsite.cluster to another"
                                + " name and restart this service");
            }
        }
    }

    private Optional<ClusterIdentity> cluster(String key) {
        var known = clusters.get(key);
        if (known != null) {
            return Optional.of(known);
        }
        var found = readable(key).map(ClusterIdentity::of);
        if (clusters.size() >= MOST_REMEMBERED) {
            clusters.clear();
        }
        found.ifPresent(cluster -> clusters.put(key, cluster));
        return found;
    }

    /** A rule of the bucket may have moved an old record to an archive. */
    Optional<StoredRecord> readable(String key) {
        try {
            return record(key);
        } catch (StoreFailure failure) {
            if (failure.code() == StoreFailure.Code.ARCHIVED) {
                return Optional.empty();
            }
            throw failure;
        }
    }

    /** The record under {@code key}; empty if there is none, or it is no record. */
    Optional<StoredRecord> record(String key) {
        try (var in = store.read(key, null, 0, LARGEST_RECORD)) {
            return StoredRecord.read(in.readNBytes(LARGEST_RECORD));
        } catch (StoreFailure failure) {
            if (failure.code() == StoreFailure.Code.NO_SUCH_OBJECT) {
                return Optional.empty();
            }
            throw failure;
        } catch (IOException cutOff) {
            throw new StoreFailure(
                    StoreFailure.Code.UNAVAILABLE, "reading " + key + " was cut off: " + cutOff.getMessage(), cutOff);
        }
    }
}
