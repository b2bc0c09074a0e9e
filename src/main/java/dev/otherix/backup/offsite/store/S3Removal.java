package dev.otherix.backup.offsite.store;

import dev.otherix.backup.offsite.store.StoreFailure.Code;
import java.time.Clock;
import org.jspecify.annotations.Nullable;

/** Removes objects from a bucket: one version by a request, and never round a lock. */
final class S3Removal {

    private final S3Store store;
    private final S3Calls calls;
    private final String bucket;
    private final Clock clock;

    S3Removal(S3Store store, S3Calls calls, String bucket, Clock clock) {
        this.store = store;
        this.calls = calls;
        this.bucket = bucket;
        this.clock = clock;
    }

    void delete(String key, @Nullable String versionId) {
        if (versionId != null) {
            remove(key, versionId);
            return;
        }
        // without its id a version is only hidden, and hiding nothing leaves a marker
        var newest = store.find(key, null);
        if (newest.isPresent()) {
            remove(key, newest.get().versionId());
        }
    }

    private void remove(String key, @Nullable String versionId) {
        try {
            var answer = calls.ask(
                    "deleting " + key,
                    S3Calls.AGAIN,
                    client -> client.deleteObject(
                            request -> request.bucket(bucket).key(key).versionId(versionId)));
            if (versionId == null && Boolean.TRUE.equals(answer.deleteMarker())) {
                throw calls.failures()
                        .failure(
                                Code.REFUSED,
                                "deleting " + key + " only hid it: the store keeps a version of it, and does not say"
                                        + " which. Remove it by hand",
                                null);
            }
        } catch (StoreFailure failed) {
            switch (failed.code()) {
                // gone; but a bucket that is gone is another matter
                case NO_SUCH_OBJECT -> store.probe(key);
                case HELD, DENIED, REFUSED -> throw reason(key, versionId, failed);
                default -> throw failed;
            }
        }
    }

    /** Some stores name the lock, some only say that it is not allowed. */
    private StoreFailure reason(String key, @Nullable String versionId, StoreFailure failed) {
        try {
            var protection = store.protection(key, versionId);
            if (protection.legalHold()) {
                return held(key + " has a legal hold, so it cannot be removed until a person lifts the hold", failed);
            }
            var lock = protection.lock();
            if (lock != null && protection.holdsAt(clock.instant())) {
                return held(
                        key + " is locked (" + lock.mode().word() + "), so it cannot be removed before " + lock.until(),
                        failed);
            }
        } catch (StoreFailure unknown) {
            failed.addSuppressed(unknown);
        }
        return failed;
    }

    private StoreFailure held(String message, StoreFailure cause) {
        return calls.failures().failure(Code.HELD, message, cause);
    }
}
