package dev.otherix.backup.offsite.store;

import dev.otherix.backup.offsite.store.StoreFailure.Code;
import dev.otherix.backup.snapshot.Target;
import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.time.Clock;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;
import software.amazon.awssdk.services.s3.model.HeadObjectResponse;
import software.amazon.awssdk.services.s3.model.ListObjectsV2Response;
import software.amazon.awssdk.services.s3.model.S3Object;

/**
 * A bucket of any store that speaks S3. Nothing of the SDK is loaded before one is opened. What is sent carries its MD5
 * and SHA-256 in headers, which every kind of store understands or passes over.
 */
public final class S3Store implements ObjectStore {

    private static final int PAGE = 1000;
    /** More than any bucket of ours has; a list that goes on is endless. */
    private static final int MOST_PAGES = 10_000;

    private final S3Place place;
    private final S3Headers headers;
    private final S3Calls calls;

    private S3Store(S3Place place, S3Headers headers, S3Calls calls) {
        this.place = place;
        this.headers = headers;
        this.calls = calls;
    }

    /** Makes no connection yet. */
    public static ObjectStore open(S3Place place, S3Credentials credentials, S3Writing writing) {
        return open(place, credentials, writing, Limits.USUAL, Clock.systemUTC());
    }

    static S3Store open(S3Place place, S3Credentials credentials, S3Writing writing, Limits limits, Clock clock) {
        return new S3Store(place, new S3Headers(writing), new S3Calls(place, credentials, limits, clock));
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
        page("listing " + place() + "/" + prefix, prefix, null, 1, S3Calls.ONCE);
    }

    @Override
    public void list(String prefix, Consumer<StoredObject> each) {
        var doing = "listing " + place() + "/" + prefix;
        @Nullable String token = null;
        for (var number = 0; number < MOST_PAGES; number++) {
            var page = page(doing, prefix, token, PAGE, S3Calls.AGAIN);
            page.contents().stream()
                    .filter(object -> object.key() != null && object.key().startsWith(prefix))
                    .map(S3Store::listed)
                    .forEach(each);
            var next = page.nextContinuationToken();
            if (!Boolean.TRUE.equals(page.isTruncated())) {
                return;
            }
            if (next == null || next.equals(token)) {
                throw calls.failures()
                        .failure(Code.REFUSED, doing + ": the store goes in circles, and repeats its pages", null);
            }
            token = next;
        }
        throw calls.failures().failure(Code.REFUSED, doing + ": the list does not end", null);
    }

    private ListObjectsV2Response page(String doing, String prefix, @Nullable String token, int keys, int attempts) {
        return calls.ask(
                doing,
                attempts,
                client -> client.listObjectsV2(request -> request.bucket(place.bucket())
                        .prefix(prefix)
                        .continuationToken(token)
                        .maxKeys(keys)));
    }

    private static StoredObject listed(S3Object object) {
        return new StoredObject(
                object.key(),
                object.size() == null ? 0 : object.size(),
                null,
                object.lastModified(),
                Archives.has(object.storageClassAsString(), null, null));
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
            if (failed.code() == Code.NO_SUCH_OBJECT) {
                return Optional.empty();
            }
            throw failed;
        }
    }

    @Override
    public StoredObject put(String key, byte[] content, boolean onlyNew) {
        var sums = Sums.of(content, content.length);
        var doing = "writing " + key;
        var unsure = false;
        for (var attempt = 1; ; attempt++) {
            try {
                return putOnce(doing, key, content, sums, onlyNew);
            } catch (StoreFailure failed) {
                if (failed.code() == Code.EXISTS && unsure && isThere(key, content)) {
                    return find(key, null).orElseThrow(() -> failed);
                }
                if (failed.code() != Code.UNAVAILABLE || attempt == S3Calls.AGAIN) {
                    throw trueReason(failed, key);
                }
                unsure = true;
            }
            calls.pause(attempt);
        }
    }

    private StoredObject putOnce(String doing, String key, byte[] content, Sums sums, boolean onlyNew) {
        var answer = calls.send(
                doing,
                content.length,
                _ -> {},
                S3Calls.ONCE,
                client -> client.putObject(
                        request -> {
                            headers.on(request.bucket(place.bucket()).key(key));
                            request.contentMD5(sums.md5()).checksumSHA256(sums.sha256());
                            if (onlyNew) {
                                request.ifNoneMatch("*");
                            }
                        },
                        sums.body(content)));
        return new StoredObject(key, content.length, answer.versionId(), null, false);
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

    /** Whether an earlier attempt has arrived, and only its answer was lost. */
    private boolean isThere(String key, byte[] content) {
        try (var stored = read(key, null, 0, content.length + 1L)) {
            return Arrays.equals(stored.readNBytes(content.length + 1), content);
        } catch (IOException cause) {
            throw new UncheckedIOException(cause);
        }
    }

    @Override
    public Upload begin(String key, Consumer<String> began) {
        var before = head(key, null);
        var answer = calls.ask(
                "beginning " + key,
                S3Calls.AGAIN,
                client -> client.createMultipartUpload(
                        request -> headers.on(request.bucket(place.bucket()).key(key))));
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
    public void close() {
        calls.close();
    }
}
