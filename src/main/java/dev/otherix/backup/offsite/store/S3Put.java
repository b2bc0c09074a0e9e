package dev.otherix.backup.offsite.store;

import dev.otherix.backup.offsite.store.StoreFailure.Code;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.util.Arrays;
import org.jspecify.annotations.Nullable;

/** Stores one small object in a bucket. */
final class S3Put {

    private final S3Store store;
    private final S3Calls calls;
    private final String bucket;
    private final S3Headers headers;

    S3Put(S3Store store, S3Calls calls, String bucket, S3Headers headers) {
        this.store = store;
        this.calls = calls;
        this.bucket = bucket;
        this.headers = headers;
    }

    StoredObject put(String key, byte[] content, boolean onlyNew, @Nullable ObjectLock lock) {
        // Ceph passes over the condition of the request where the bucket keeps versions
        if (onlyNew && store.find(key, null).isPresent()) {
            throw calls.failures().failure(Code.EXISTS, "writing " + key + ": the key has an object already", null);
        }
        var sums = Sums.of(content, content.length);
        var unsure = false;
        for (var attempt = 1; ; attempt++) {
            try {
                return once(key, content, sums, onlyNew, lock);
            } catch (StoreFailure failed) {
                if (failed.code() == Code.EXISTS && unsure && isThere(key, content)) {
                    return store.find(key, null).orElseThrow(() -> failed);
                }
                if (failed.code() != Code.UNAVAILABLE || attempt == S3Calls.AGAIN) {
                    throw store.trueReason(failed, key);
                }
                unsure = true;
            }
            calls.pause(attempt);
        }
    }

    private StoredObject once(String key, byte[] content, Sums sums, boolean onlyNew, @Nullable ObjectLock lock) {
        var answer = calls.send(
                (lock == null ? "writing " : "writing and locking ") + key,
                content.length,
                _ -> {},
                S3Calls.ONCE,
                client -> client.putObject(
                        request -> {
                            headers.on(request.bucket(bucket).key(key), lock);
                            request.contentMD5(sums.md5()).checksumSHA256(sums.sha256());
                            if (onlyNew) {
                                request.ifNoneMatch("*");
                            }
                        },
                        sums.body(content)));
        return new StoredObject(key, content.length, answer.versionId(), null, false);
    }

    /** Whether an earlier attempt has arrived, and only its answer was lost. */
    private boolean isThere(String key, byte[] content) {
        try (var stored = store.read(key, null, 0, content.length + 1L)) {
            return Arrays.equals(stored.readNBytes(content.length + 1), content);
        } catch (IOException cause) {
            throw new UncheckedIOException(cause);
        }
    }
}
