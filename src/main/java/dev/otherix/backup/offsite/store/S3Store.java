package dev.otherix.backup.offsite.store;

import dev.otherix.backup.offsite.store.StoreFailure.Code;
import dev.otherix.backup.snapshot.Target;
import java.io.ByteArrayInputStream;
import java.io.InputStream;
import java.time.Clock;
import java.util.List;
import java.util.Optional;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;
import software.amazon.awssdk.services.s3.model.HeadObjectResponse;

/**
 * A bucket of any store that speaks S3. Nothing of the SDK is loaded before one is opened. What is sent carries its MD5
 * and SHA-256 in headers, which every kind of store understands or passes over.
 */
public final class S3Store implements ObjectStore {

    private final S3Place place;
    private final S3Headers headers;
    private final S3Calls calls;
    private final S3Listing listing;
    private final S3Locks locks;
    private final S3Removal removal;

    private S3Store(S3Place place, S3Headers headers, S3Calls calls, Clock clock) {
        this.place = place;
        this.headers = headers;
        this.calls = calls;
        this.listing = new S3Listing(calls, place.bucket());
        this.locks = new S3Locks(this, calls, place.bucket());
        this.removal = new S3Removal(this, calls, place.bucket(), clock);
    }

    /** Makes no connection yet. */
    public static ObjectStore open(S3Place place, S3Credentials credentials, S3Writing writing) {
        return open(place, credentials, writing, Limits.USUAL, Clock.systemUTC());
    }

    static S3Store open(S3Place place, S3Credentials credentials, S3Writing writing, Limits limits, Clock clock) {
        return new S3Store(place, new S3Headers(writing), new S3Calls(place, credentials, limits, clock), clock);
    }

    @Override
    public Target target() {
        return Target.S3;
    }

    @Override
    public String place() {
        return "s3://" + place.bucket();
    }

    @Override
    public List<String> words(String prefix) {
        return PlaceWords.of(place, prefix);
    }

    @Override
    public void probe(String prefix) {
        listing.probe(prefix);
    }

    @Override
    public void list(String prefix, Consumer<StoredObject> each) {
        listing.list(prefix, each);
    }

    @Override
    public void versions(String prefix, Consumer<StoredVersion> each) {
        listing.versions(prefix, each);
    }

    @Override
    public Optional<StoredObject> find(String key, @Nullable String versionId) {
        return head(key, versionId).map(head -> stored(key, head));
    }

    static StoredObject stored(String key, HeadObjectResponse head) {
        return new StoredObject(
                key,
                head.contentLength() == null ? 0 : head.contentLength(),
                head.versionId(),
                head.lastModified(),
                Archives.has(head.storageClassAsString(), head.archiveStatusAsString(), head.restore()));
    }

    Optional<HeadObjectResponse> head(String key, @Nullable String versionId) {
        try {
            return Optional.of(calls.ask(
                    "looking at " + key,
                    S3Calls.AGAIN,
                    client -> client.headObject(
                            request -> request.bucket(place.bucket()).key(key).versionId(versionId))));
        } catch (StoreFailure failed) {
            if (failed.code() == Code.UNAVAILABLE || failed.code() == Code.INTERRUPTED) {
                throw failed;
            }
            // this question gets an answer without a reason: a missing bucket looks like a missing object
            probe(key);
            // an id that another store gave out is no id to some
            if (failed.code() == Code.NO_SUCH_OBJECT || failed.code() == Code.REFUSED && versionId != null) {
                return Optional.empty();
            }
            throw failed;
        }
    }

    @Override
    public StoredObject put(String key, byte[] content, boolean onlyNew, @Nullable ObjectLock lock) {
        return locks.explained(
                lock, () -> new S3Put(this, calls, place.bucket(), headers).put(key, content, onlyNew, lock));
    }

    /** Some stores cut the connection when they refuse a body, and tell the reason only where there is none. */
    StoreFailure trueReason(StoreFailure failed, String key) {
        if (failed.code() != Code.UNAVAILABLE) {
            return failed;
        }
        try {
            probe(key);
            return failed;
        } catch (StoreFailure reason) {
            return reason.code() == Code.UNAVAILABLE ? failed : reason;
        }
    }

    @Override
    public Upload begin(String key, @Nullable ObjectLock lock, Consumer<String> began) {
        var before = head(key, null);
        var answer = locks.explained(
                lock,
                () -> calls.ask(
                        (lock == null ? "beginning " : "beginning and locking ") + key,
                        S3Calls.AGAIN,
                        client -> client.createMultipartUpload(request ->
                                headers.on(request.bucket(place.bucket()).key(key), lock))));
        return S3Upload.of(this, calls, place.bucket(), key, answer.uploadId(), before, began);
    }

    @Override
    public void abort(String key, String uploadId) {
        try {
            calls.ask(
                    "removing what was uploaded of " + key,
                    S3Calls.ONCE,
                    client -> client.abortMultipartUpload(
                            request -> request.bucket(place.bucket()).key(key).uploadId(uploadId)));
        } catch (StoreFailure failed) {
            if (failed.code() != Code.NO_SUCH_OBJECT) {
                throw failed;
            }
            // gone; but a bucket that is gone is another matter
            probe(key);
        }
    }

    @Override
    public InputStream read(String key, @Nullable String versionId, long offset, long length) {
        if (length <= 0) {
            return new ByteArrayInputStream(new byte[0]);
        }
        return FarStream.open(new S3Source(calls, place.bucket(), key, versionId, offset, length), calls.limits());
    }

    @Override
    public void delete(String key, @Nullable String versionId) {
        removal.delete(key, versionId);
    }

    @Override
    public Protection protection(String key, @Nullable String versionId) {
        return locks.protection(key, versionId);
    }

    @Override
    public void requireLocks() {
        locks.require();
    }

    @Override
    public void lock(String key, @Nullable String versionId, ObjectLock lock) {
        locks.lock(key, versionId, lock);
    }

    @Override
    public void close() {
        calls.close();
    }
}
