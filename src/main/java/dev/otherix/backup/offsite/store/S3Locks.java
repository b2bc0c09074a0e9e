package dev.otherix.backup.offsite.store;

import dev.otherix.backup.offsite.store.StoreFailure.Code;
import java.util.Arrays;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;
import software.amazon.awssdk.services.s3.model.HeadObjectResponse;
import software.amazon.awssdk.services.s3.model.ObjectLockLegalHoldStatus;

/** Locks the objects of a bucket, and asks what is locked. */
final class S3Locks {

    private final S3Store store;
    private final S3Calls calls;
    private final String bucket;

    S3Locks(S3Store store, S3Calls calls, String bucket) {
        this.store = store;
        this.calls = calls;
        this.bucket = bucket;
    }

    Protection protection(String key, @Nullable String versionId) {
        return store.head(key, versionId)
                .map(S3Locks::of)
                .orElseThrow(() -> calls.failures()
                        .failure(Code.NO_SUCH_OBJECT, "looking at " + key + ": there is no such object", null));
    }

    private static Protection of(HeadObjectResponse head) {
        var until = head.objectLockRetainUntilDate();
        var mode = head.objectLockModeAsString();
        return new Protection(
                until == null || mode == null ? null : new ObjectLock(mode(mode), until),
                head.objectLockLegalHoldStatus() == ObjectLockLegalHoldStatus.ON);
    }

    /** A mode that is not known is taken for the strictest. */
    private static ObjectLock.Mode mode(String word) {
        return Arrays.stream(ObjectLock.Mode.values())
                .filter(mode -> mode.word().equalsIgnoreCase(word))
                .findFirst()
                .orElse(ObjectLock.Mode.COMPLIANCE);
    }

    void lock(String key, @Nullable String versionId, ObjectLock lock) {
        explained(
                lock,
                () -> calls.ask(
                        "locking " + key,
                        S3Calls.AGAIN,
                        client -> client.putObjectRetention(request -> request.bucket(bucket)
                                .key(key)
                                .versionId(versionId)
                                .retention(retention ->
                                        retention.mode(lock.mode().name()).retainUntilDate(lock.until())))));
    }

    /** Does it, and finds out why if it is refused because of the lock. */
    <T> T explained(@Nullable ObjectLock lock, Supplier<T> request) {
        try {
            return request.get();
        } catch (StoreFailure failed) {
            if (lock != null && failed.code() == Code.REFUSED) {
                require();
            }
            throw failed;
        }
    }

    /** @throws StoreFailure if the bucket has no object lock, as far as the store says */
    void require() {
        if (!bucketLocks()) {
            throw calls.failures()
                    .failure(
                            Code.REFUSED,
                            "nothing can be locked: the bucket '" + bucket + "' has no object lock. Most stores switch"
                                    + " it on only when a bucket is made: make a new bucket with object lock and name it"
                                    + " in offsite.s3.bucket, or remove offsite.lock",
                            null);
        }
    }

    /** Whether the bucket has object lock; true too if the store does not say. */
    private boolean bucketLocks() {
        try {
            var answer = calls.ask(
                    "looking for the object lock of the bucket",
                    S3Calls.ONCE,
                    client -> client.getObjectLockConfiguration(request -> request.bucket(bucket)));
            return answer.objectLockConfiguration() != null;
        } catch (StoreFailure failed) {
            return failed.code() != Code.NO_SUCH_OBJECT;
        }
    }
}
