package dev.otherix.backup.offsite;

import dev.otherix.backup.offsite.store.ObjectLock;
import dev.otherix.backup.offsite.store.ObjectStore;
import dev.otherix.backup.offsite.store.StoreFailure;
import java.time.Clock;
import java.time.Instant;
import org.jspecify.annotations.Nullable;

/** Decides which lock a copy at one target gets, and proves that each of its objects has it. */
final class Locking {

    private final ObjectStore store;
    private final LockProperties settings;
    private final Clock clock;

    Locking(ObjectStore store, LockProperties settings, Clock clock) {
        this.store = store;
        this.settings = settings;
        this.clock = clock;
    }

    /** The lock of a copy that is made now; null if copies are not locked. */
    @Nullable
    ObjectLock now() {
        return from(clock.instant());
    }

    /**
     * The lock that a copy still needs.
     *
     * @param made when it was made, as a store says
     * @return null if it needs none
     * @throws StoreFailure if the store says that nothing can be locked there
     */
    @Nullable
    ObjectLock from(Instant made) {
        var now = clock.instant();
        var lock = settings.from(made.isBefore(now) ? made : now);
        if (lock == null || !lock.until().isAfter(now)) {
            return null;
        }
        // before anything is sent: some stores drop a lock without a word
        store.requireLocks();
        return lock;
    }

    /**
     * Asks the store for the lock of an object, and locks it if it has none or a weaker one.
     *
     * @param wanted null if it needs none
     * @return the lock that the store says it has; null if it needs none
     * @throws StoreFailure if it cannot be locked
     */
    @Nullable
    ObjectLock proven(String key, @Nullable String versionId, @Nullable ObjectLock wanted) {
        if (wanted == null) {
            return null;
        }
        var given = store.protection(key, versionId).lock();
        if (given != null && given.covers(wanted)) {
            return given;
        }
        store.lock(key, versionId, given == null ? wanted : wanted.and(given));
        var kept = store.protection(key, versionId).lock();
        if (kept == null || !kept.covers(wanted)) {
            throw new StoreFailure(
                    StoreFailure.Code.REFUSED,
                    store.place() + " took the lock of " + key + " (" + wanted + "), and then says that "
                            + (kept == null ? "there is none" : "it is " + kept)
                            + ". Check that the bucket has object lock, and allow s3:GetObjectRetention on its objects",
                    null);
        }
        return kept;
    }
}
