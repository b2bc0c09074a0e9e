package dev.otherix.backup.offsite.store;

import org.jspecify.annotations.Nullable;
import software.amazon.awssdk.services.s3.model.ChecksumAlgorithm;
import software.amazon.awssdk.services.s3.model.CreateMultipartUploadRequest;
import software.amazon.awssdk.services.s3.model.PutObjectRequest;
import software.amazon.awssdk.services.s3.model.Tag;
import software.amazon.awssdk.services.s3.model.Tagging;

/** Puts what each new object is told into requests. */
record S3Headers(S3Writing writing) {

    void on(PutObjectRequest.Builder request, @Nullable ObjectLock lock) {
        if (lock != null) {
            request.objectLockMode(lock.mode().name()).objectLockRetainUntilDate(lock.until());
        }
        request.serverSideEncryption(writing.sse())
                .ssekmsKeyId(writing.kmsKeyId())
                .storageClass(writing.storageClass());
        if (!writing.tags().isEmpty()) {
            request.tagging(tagging());
        }
    }

    void on(CreateMultipartUploadRequest.Builder request, @Nullable ObjectLock lock) {
        if (lock != null) {
            request.objectLockMode(lock.mode().name()).objectLockRetainUntilDate(lock.until());
        }
        request.serverSideEncryption(writing.sse())
                .ssekmsKeyId(writing.kmsKeyId())
                .storageClass(writing.storageClass());
        // a store that checks it refuses parts with a checksum that was not announced
        request.checksumAlgorithm(ChecksumAlgorithm.SHA256);
        if (!writing.tags().isEmpty()) {
            request.tagging(tagging());
        }
    }

    private Tagging tagging() {
        return Tagging.builder()
                .tagSet(writing.tags().entrySet().stream()
                        .map(tag -> Tag.builder()
                                .key(tag.getKey())
                                .value(tag.getValue())
                                .build())
                        .toList())
                .build();
    }
}
