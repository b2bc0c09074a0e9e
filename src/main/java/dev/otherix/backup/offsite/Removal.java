package dev.otherix.backup.offsite;

import dev.otherix.backup.offsite.store.ObjectStore;
import dev.otherix.backup.offsite.store.StoreFailure;
import dev.otherix.backup.offsite.store.StoredObject;
import java.time.Clock;
import java.time.Instant;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Optional;
import java.util.function.Predicate;
import org.jspecify.annotations.Nullable;

/**
 * Removes single copies for good, each object by its version. The record goes first: whatever a crash leaves is no copy
 * any more. A copy that the store holds is not touched at all.
 */
final class Removal {

    /** Each removed version may uncover an older one; more than this are none of ours. */
    private static final int MOST_VERSIONS = 100;

    private final ObjectStore store;
    private final Clock clock;

    Removal(ObjectStore store, Clock clock) {
        this.store = store;
        this.clock = clock;
    }

    /** How it ended. */
    sealed interface Outcome {

        /**
         * It is no copy any more, or was none.
         *
         * @param left why the store keeps some of its objects all the same; null if nothing is left
         */
        record Removed(@Nullable String left) implements Outcome {}

        /**
         * The store does not let it go, and nothing was touched.
         *
         * @param by what holds it
         * @param until when that ends; null if nobody knows
         * @param why for an operator
         */
        record Held(By by, @Nullable Instant until, String why) implements Outcome {}
    }

    /** What holds a copy. */
    enum By {
        LOCK,
        LEGAL_HOLD,
        /** The store refuses to remove it, as a rule for lack of a right. */
        REFUSAL
    }

    /**
     * Removes the copy at {@code place}, whatever there is of it.
     *
     * @throws StoreFailure if the store does not answer; then the next try goes on where this one ended
     */
    Outcome remove(Folder.Place place) {
        return remove(place, _ -> true, () -> {});
    }

    /**
     * The same, where it is known what there is.
     *
     * @param listed whether there may be an object under a key
     * @param first called right before the first object is removed
     */
    Outcome remove(Folder.Place place, Predicate<String> listed, Runnable first) {
        var versions = new LinkedHashMap<String, Optional<String>>();
        try {
            for (var key : place.keys()) {
                var found = listed.test(key) ? store.find(key, null) : Optional.<StoredObject>empty();
                if (found.isPresent()) {
                    var held = held(key, found.get().versionId());
                    if (held.isPresent()) {
                        return held.get();
                    }
                    versions.put(key, Optional.ofNullable(found.get().versionId()));
                }
            }
        } catch (StoreFailure failed) {
            return refused(failed);
        }
        first.run();
        return removed(versions, place.folder().record(place.name()));
    }

    private Outcome removed(Map<String, Optional<String>> versions, String record) {
        var left = new ArrayList<String>();
        for (var object : versions.entrySet()) {
            try {
                remove(object.getKey(), object.getValue());
            } catch (StoreFailure failed) {
                var held = refused(failed);
                if (object.getKey().equals(record)) {
                    return heldNow(object.getKey(), held);
                }
                left.add(held.why());
            }
        }
        return new Outcome.Removed(left.isEmpty() ? null : String.join("; ", left));
    }

    private void remove(String key, Optional<String> version) {
        store.delete(key, version.orElse(null));
        if (version.isPresent()) {
            // one that was written over by a later try comes to light again
            for (int more = 0; more < MOST_VERSIONS; more++) {
                var older = store.find(key, null);
                if (older.isEmpty()) {
                    return;
                }
                store.delete(key, older.get().versionId());
            }
        }
    }

    private Optional<Outcome> held(String key, @Nullable String version) {
        try {
            var protection = store.protection(key, version);
            if (!protection.holdsAt(clock.instant())) {
                return Optional.empty();
            }
            var lock = protection.lock();
            return Optional.of(
                    protection.legalHold() || lock == null
                            ? new Outcome.Held(By.LEGAL_HOLD, null, key + " has a legal hold")
                            : new Outcome.Held(By.LOCK, lock.until(), key + " is locked (" + lock + ")"));
        } catch (StoreFailure failed) {
            if (failed.code() == StoreFailure.Code.NO_SUCH_OBJECT) {
                return Optional.empty();
            }
            throw failed;
        }
    }

    /** The store may know of a lock that our clock took for over. */
    private Outcome heldNow(String key, Outcome.Held held) {
        try {
            var lock = store.protection(key, null).lock();
            return lock == null ? held : new Outcome.Held(By.LOCK, lock.until(), held.why());
        } catch (StoreFailure unknown) {
            return held;
        }
    }

    /** @throws StoreFailure the failure, unless it says that the store will never do this */
    private static Outcome.Held refused(StoreFailure failed) {
        return switch (failed.code()) {
            case HELD -> new Outcome.Held(By.LEGAL_HOLD, null, String.valueOf(failed.getMessage()));
            case DENIED, REFUSED -> new Outcome.Held(By.REFUSAL, null, String.valueOf(failed.getMessage()));
            case EXISTS, NO_SUCH_OBJECT, NO_SUCH_PLACE, FULL, ARCHIVED, UNAVAILABLE, INTERRUPTED -> throw failed;
        };
    }
}
