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
         * The store does not let it go.
         *
         * @param by what holds it
         * @param until when that ends; null if nobody knows
         * @param why for an operator
         * @param touched whether newer versions of its record are gone all the same; all else is there
         */
        record Held(By by, @Nullable Instant until, String why, boolean touched) implements Outcome {

            Held(By by, @Nullable Instant until, String why) {
                this(by, until, why, false);
            }

            /** What became of it, for the end of a message. */
            String became() {
                return touched
                        ? "newer versions of its record were removed; an older one and the rest of the copy stay"
                        : "nothing of it was removed";
            }
        }
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
                    return heldNow(record, held, object.getValue());
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
            throw new StoreFailure(
                    StoreFailure.Code.REFUSED,
                    key + " had more than " + MOST_VERSIONS + " versions, and some are left. Repeat the request",
                    null);
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
    private Outcome heldNow(String key, Outcome.Held held, Optional<String> version) {
        var touched = version.isPresent() && isGone(key, version.get());
        try {
            var lock = store.protection(key, null).lock();
            return lock == null
                    ? new Outcome.Held(held.by(), held.until(), held.why(), touched)
                    : new Outcome.Held(By.LOCK, lock.until(), held.why(), touched);
        } catch (StoreFailure unknown) {
            return new Outcome.Held(held.by(), held.until(), held.why(), touched);
        }
    }

    private boolean isGone(String key, String version) {
        try {
            return store.find(key, version).isEmpty();
        } catch (StoreFailure unknown) {
            return false;
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
