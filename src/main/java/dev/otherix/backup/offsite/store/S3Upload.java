package dev.otherix.backup.offsite.store;

import dev.otherix.backup.offsite.store.StoreFailure.Code;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import java.util.Optional;
import java.util.function.Consumer;
import java.util.function.LongConsumer;
import org.jspecify.annotations.Nullable;
import software.amazon.awssdk.services.s3.model.CompleteMultipartUploadResponse;
import software.amazon.awssdk.services.s3.model.CompletedPart;
import software.amazon.awssdk.services.s3.model.HeadObjectResponse;

/** An object that goes to a bucket in parts. */
final class S3Upload implements ObjectStore.Upload {

    private static final int LOOKS = 6;
    private static final int LONGEST_ID = 2048;

    private final S3Store store;
    private final S3Calls calls;
    private final String bucket;
    private final String key;
    private final String id;
    private final Optional<HeadObjectResponse> before;
    private final List<CompletedPart> parts = new ArrayList<>();
    private long bytes;
    private boolean completed;

    private S3Upload(
            S3Store store, S3Calls calls, String bucket, String key, String id, Optional<HeadObjectResponse> before) {
        this.store = store;
        this.calls = calls;
        this.bucket = bucket;
        this.key = key;
        this.id = id;
        this.before = before;
    }

    /** @param before what the key has now */
    static S3Upload of(
            S3Store store,
            S3Calls calls,
            String bucket,
            String key,
            @Nullable String id,
            Optional<HeadObjectResponse> before,
            Consumer<String> began) {
        if (id == null || !id.matches("[!-~]{1," + LONGEST_ID + "}")) {
            throw calls.failures()
                    .failure(Code.REFUSED, "beginning " + key + ": the store gives no usable id of the upload", null);
        }
        var upload = new S3Upload(store, calls, bucket, key, id, before);
        try {
            began.accept(id);
        } catch (RuntimeException notNoted) {
            upload.close();
            throw notNoted;
        }
        return upload;
    }

    @Override
    public void part(byte[] content, int length, LongConsumer sent) {
        var sums = Sums.of(content, length);
        var number = parts.size() + 1;
        try {
            var answer = calls.send(
                    "writing part " + number + " of " + key,
                    length,
                    sent,
                    S3Calls.AGAIN,
                    client -> client.uploadPart(
                            request -> request.bucket(bucket)
                                    .key(key)
                                    .uploadId(id)
                                    .partNumber(number)
                                    .contentMD5(sums.md5())
                                    .checksumSHA256(sums.sha256()),
                            sums.body(content)));
            parts.add(CompletedPart.builder()
                    .partNumber(number)
                    .eTag(answer.eTag())
                    .checksumSHA256(answer.checksumSHA256())
                    .build());
            bytes += length;
        } catch (StoreFailure failed) {
            throw store.trueReason(forgotten(failed), key);
        }
    }

    /** A store that lost the upload is no reason to say that an object is missing. */
    private StoreFailure forgotten(StoreFailure failed) {
        return failed.code() == Code.NO_SUCH_OBJECT
                ? calls.failures().failure(Code.UNAVAILABLE, String.valueOf(failed.getMessage()), null)
                : failed;
    }

    @Override
    public StoredObject complete() {
        try {
            return made(ask().versionId());
        } catch (StoreFailure failed) {
            if (forgotten(failed).code() != Code.UNAVAILABLE) {
                throw failed;
            }
            return settle(forgotten(failed));
        }
    }

    private CompleteMultipartUploadResponse ask() {
        return calls.ask(
                "completing " + key,
                S3Calls.ONCE,
                client -> client.completeMultipartUpload(request ->
                        request.bucket(bucket).key(key).uploadId(id).multipartUpload(all -> all.parts(parts))));
    }

    /** The answer is lost: the object is there, or appears in a moment, or the store is asked once more. */
    private StoredObject settle(StoreFailure lost) {
        for (var look = 1; look <= LOOKS; look++) {
            calls.pause(look);
            try {
                var found = store.head(key, null).filter(this::isNew);
                if (found.isPresent()) {
                    completed = true;
                    return S3Store.stored(key, found.get());
                }
                return made(ask().versionId());
            } catch (StoreFailure again) {
                // an upload that is gone may have been completed, and the object appears in a moment
                if (forgotten(again).code() != Code.UNAVAILABLE) {
                    throw again;
                }
            }
        }
        throw store.trueReason(lost, key);
    }

    /** Whether this is not the object that was there before. */
    private boolean isNew(HeadObjectResponse found) {
        var other = before.map(old -> !Objects.equals(old.eTag(), found.eTag())
                        || !Objects.equals(old.versionId(), found.versionId())
                        || !Objects.equals(old.lastModified(), found.lastModified()))
                .orElse(true);
        return other && Objects.equals(found.contentLength(), bytes);
    }

    private StoredObject made(@Nullable String versionId) {
        completed = true;
        return new StoredObject(key, bytes, versionId, null, false);
    }

    @Override
    public void close() {
        if (!completed) {
            store.abort(key, id);
        }
    }
}
