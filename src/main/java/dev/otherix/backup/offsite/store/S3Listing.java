package dev.otherix.backup.offsite.store;

import dev.otherix.backup.offsite.store.StoreFailure.Code;
import java.util.Objects;
import java.util.function.Consumer;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;
import software.amazon.awssdk.services.s3.model.DeleteMarkerEntry;
import software.amazon.awssdk.services.s3.model.ListObjectVersionsResponse;
import software.amazon.awssdk.services.s3.model.ListObjectsV2Response;
import software.amazon.awssdk.services.s3.model.ObjectVersion;
import software.amazon.awssdk.services.s3.model.S3Object;

/** Lists what lies in a bucket, page by page. */
final class S3Listing {

    private static final int PAGE = 1000;
    /** More than any bucket of ours has; a list that goes on is endless. */
    private static final int MOST_PAGES = 10_000;

    private final S3Calls calls;
    private final String bucket;

    S3Listing(S3Calls calls, String bucket) {
        this.calls = calls;
        this.bucket = bucket;
    }

    void probe(String prefix) {
        objects("listing " + place(prefix), prefix, null, 1, S3Calls.ONCE);
    }

    void list(String prefix, Consumer<StoredObject> each) {
        var doing = "listing " + place(prefix);
        @Nullable String token = null;
        for (var number = 0; number < MOST_PAGES; number++) {
            var page = objects(doing, prefix, token, PAGE, S3Calls.AGAIN);
            page.contents().stream()
                    .filter(object -> object.key() != null && object.key().startsWith(prefix))
                    .map(S3Listing::listed)
                    .forEach(each);
            if (!Boolean.TRUE.equals(page.isTruncated())) {
                return;
            }
            var next = page.nextContinuationToken();
            requireOther(doing, token, next);
            token = next;
        }
        throw endless(doing);
    }

    void versions(String prefix, Consumer<StoredVersion> each) {
        var doing = "listing the versions of " + place(prefix);
        @Nullable String key = null;
        @Nullable String version = null;
        for (var number = 0; number < MOST_PAGES; number++) {
            var page = versions(doing, prefix, key, version);
            Stream.concat(
                            page.versions().stream().map(S3Listing::listed),
                            page.deleteMarkers().stream().map(S3Listing::listed))
                    .filter(one -> one.key() != null && one.key().startsWith(prefix))
                    .forEach(each);
            if (!Boolean.TRUE.equals(page.isTruncated())) {
                return;
            }
            var next = page.nextKeyMarker();
            requireOther(doing, key + "\n" + version, next == null ? null : next + "\n" + page.nextVersionIdMarker());
            key = next;
            version = page.nextVersionIdMarker();
        }
        throw endless(doing);
    }

    private void requireOther(String doing, @Nullable String mark, @Nullable String next) {
        if (next == null || next.equals(mark)) {
            throw calls.failures()
                    .failure(Code.REFUSED, doing + ": the store goes in circles, and repeats its pages", null);
        }
    }

    private StoreFailure endless(String doing) {
        return calls.failures().failure(Code.REFUSED, doing + ": the list does not end", null);
    }

    private ListObjectsV2Response objects(String doing, String prefix, @Nullable String token, int keys, int attempts) {
        return calls.ask(
                doing,
                attempts,
                client -> client.listObjectsV2(request -> request.bucket(bucket)
                        .prefix(prefix)
                        .continuationToken(token)
                        .maxKeys(keys)));
    }

    private ListObjectVersionsResponse versions(
            String doing, String prefix, @Nullable String key, @Nullable String version) {
        return calls.ask(
                doing,
                S3Calls.AGAIN,
                client -> client.listObjectVersions(request -> request.bucket(bucket)
                        .prefix(prefix)
                        .keyMarker(key)
                        .versionIdMarker(version)
                        .maxKeys(PAGE)));
    }

    private String place(String prefix) {
        return "s3://" + bucket + "/" + prefix;
    }

    private static StoredObject listed(S3Object object) {
        return new StoredObject(
                object.key(),
                size(object.size()),
                null,
                object.lastModified(),
                Archives.has(object.storageClassAsString(), null, null));
    }

    private static StoredVersion listed(ObjectVersion version) {
        return new StoredVersion(
                version.key(), version.versionId(), false, size(version.size()), version.lastModified());
    }

    private static StoredVersion listed(DeleteMarkerEntry marker) {
        return new StoredVersion(marker.key(), marker.versionId(), true, 0, marker.lastModified());
    }

    private static long size(@Nullable Long said) {
        return Objects.requireNonNullElse(said, 0L);
    }
}
