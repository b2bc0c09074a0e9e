package dev.otherix.backup.offsite;

import dev.otherix.backup.offsite.Removal.Outcome;
import dev.otherix.backup.offsite.store.ObjectStore;
import dev.otherix.backup.offsite.store.StoreFailure;
import dev.otherix.backup.offsite.store.StoredObject;
import dev.otherix.backup.offsite.store.StoredVersion;
import java.time.Clock;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Optional;

/** Removes copies for a person, with what the store keeps of them besides: other versions, and marks of deletions. */
public final class CopyDeletion {

    /** A key has a handful; a stranger who may write can make any number, so they go in rounds. */
    private static final int AT_ONCE = 10_000;

    private static final int MOST_SHOWN = 3;

    private final ObjectStore store;
    private final Removal removal;
    private final int atOnce;

    public CopyDeletion(ObjectStore store, Clock clock) {
        this(store, clock, AT_ONCE);
    }

    /** @param atOnce how many versions are held in memory */
    CopyDeletion(ObjectStore store, Clock clock, int atOnce) {
        this.atOnce = atOnce;
        this.store = store;
        this.removal = new Removal(store, clock);
    }

    /**
     * Whether the store keeps versions of the copy at {@code place}; ask before it is removed.
     *
     * @throws StoreFailure if the store does not answer, or refuses
     */
    public boolean hasVersions(Folder.Place place) {
        return place.keys().stream()
                .flatMap(key -> store.find(key, null).stream())
                .map(StoredObject::versionId)
                .anyMatch(version -> version != null);
    }

    /**
     * Removes the copy.
     *
     * @return why it, or a part of it, is still there; empty if it is gone
     * @throws StoreFailure if the store does not answer
     */
    public Optional<String> remove(Folder.Place place) {
        return switch (removal.remove(place)) {
            case Outcome.Held held -> Optional.of(held.why() + "; " + held.became());
            case Outcome.Removed(var left) ->
                Optional.ofNullable(left).map(kept -> "it is no copy any more, but the store keeps a part: " + kept);
        };
    }

    /**
     * Removes the other versions and the marks.
     *
     * @return what stays, and why; empty if nothing does
     * @throws StoreFailure if the store does not answer
     */
    public Optional<String> removeVersions(Folder.Place place) {
        var keys = new HashSet<>(place.keys());
        var record = place.folder().record(place.name());
        var begin = record.substring(0, record.lastIndexOf('.') + 1);
        while (true) {
            var found = new ArrayList<StoredVersion>();
            try {
                store.versions(begin, version -> {
                    if (keys.contains(version.key()) && found.size() < atOnce) {
                        found.add(version);
                    }
                });
            } catch (StoreFailure refused) {
                return Optional.of("older versions may stay: " + unlessDown(refused));
            }
            var stays = stays(found);
            if (found.size() < atOnce || stays.isPresent()) {
                return stays.map(why -> found.size() < atOnce ? why : why + "; more may stay. Repeat the command");
            }
        }
    }

    private Optional<String> stays(List<StoredVersion> found) {
        var left = new ArrayList<String>();
        for (var version : found) {
            try {
                store.delete(version.key(), version.versionId());
            } catch (StoreFailure refused) {
                left.add(unlessDown(refused));
            }
        }
        return left.isEmpty()
                ? Optional.empty()
                : Optional.of(left.size()
                        + (left.size() == 1 ? " older version stays: " : " older versions stay: ")
                        + String.join("; ", left.subList(0, Math.min(MOST_SHOWN, left.size()))));
    }

    private static String unlessDown(StoreFailure refused) {
        return switch (refused.code()) {
            case DENIED, HELD, REFUSED -> String.valueOf(refused.getMessage());
            case EXISTS, NO_SUCH_OBJECT, NO_SUCH_PLACE, FULL, ARCHIVED, UNAVAILABLE, INTERRUPTED -> throw refused;
        };
    }
}
