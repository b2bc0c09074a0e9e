package dev.otherix.backup.offsite;

import dev.otherix.backup.offsite.Folder.Place;
import dev.otherix.backup.offsite.store.ObjectStore;
import dev.otherix.backup.offsite.store.StoreFailure;
import dev.otherix.backup.offsite.store.StoredVersion;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;

/**
 * What lies in a store of copies that have no record: a removal or an upload was cut off. Older versions and marks of
 * deletions count too.
 *
 * @param rests in the order of their places
 * @param unseen why older versions were not looked at; empty if they were
 */
public record CopyRests(List<Rest> rests, Optional<String> unseen) {

    public static final CopyRests NONE = new CopyRests(List.of(), Optional.empty());

    public CopyRests {
        rests = List.copyOf(rests);
    }

    /**
     * All that is left at one place.
     *
     * @param sizeBytes of all versions
     * @param newestAt when the newest part came, by the store's clock; empty if the store does not say
     */
    public record Rest(Place place, long sizeBytes, Optional<Instant> newestAt) {

        private Rest and(Rest other) {
            return new Rest(
                    place,
                    sizeBytes + other.sizeBytes,
                    newestAt.flatMap(one -> other.newestAt.map(another -> one.isAfter(another) ? one : another)));
        }
    }

    /**
     * Looks for them.
     *
     * @param begin of the keys to look at
     * @param copies the places that have a record
     * @throws StoreFailure if the store does not answer, or there are too many
     */
    public static CopyRests of(ObjectStore store, String prefix, String begin, Set<Place> copies) {
        var found = new HashMap<Place, Rest>();
        var unseen = Optional.<String>empty();
        try {
            store.versions(begin, version -> add(store, prefix, version, copies, found));
        } catch (StoreFailure refused) {
            if (refused.code() != StoreFailure.Code.DENIED) {
                throw refused;
            }
            unseen = Optional.of(String.valueOf(refused.getMessage()));
            found.clear();
            store.list(
                    begin,
                    object -> add(
                            store,
                            prefix,
                            new StoredVersion(
                                    object.key(), object.versionId(), false, object.sizeBytes(), object.modifiedAt()),
                            copies,
                            found));
        }
        var rests = new ArrayList<>(found.values());
        rests.sort(Comparator.comparing(
                rest -> rest.place().folder().path() + rest.place().name()));
        return new CopyRests(rests, unseen);
    }

    private static void add(
            ObjectStore store, String prefix, StoredVersion version, Set<Place> copies, Map<Place, Rest> found) {
        Folder.ofRecord(prefix, version.key())
                .or(() -> Folder.ofFiles(prefix, version.key()))
                .or(() -> Folder.ofObject(prefix, version.key()))
                .filter(place -> !copies.contains(place))
                .ifPresent(place -> found.merge(
                        place,
                        new Rest(place, version.sizeBytes(), Optional.ofNullable(version.modifiedAt())),
                        Rest::and));
        if (found.size() > StoreContents.MOST_KEYS) {
            throw new StoreFailure(
                    StoreFailure.Code.REFUSED,
                    store.place() + " has the rests of more than " + StoreContents.MOST_KEYS + " copies",
                    null);
        }
    }
}
