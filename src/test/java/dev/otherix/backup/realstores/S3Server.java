package dev.otherix.backup.realstores;

import java.net.URI;
import java.util.UUID;
import software.amazon.awssdk.auth.credentials.AwsBasicCredentials;
import software.amazon.awssdk.auth.credentials.StaticCredentialsProvider;
import software.amazon.awssdk.core.checksums.RequestChecksumCalculation;
import software.amazon.awssdk.core.checksums.ResponseChecksumValidation;
import software.amazon.awssdk.regions.Region;
import software.amazon.awssdk.services.s3.S3Client;
import software.amazon.awssdk.services.s3.model.BucketVersioningStatus;

/** A store that speaks S3, at an address, with the keys of its owner. */
public interface S3Server extends AutoCloseable {

    /** Where it is reached, with a port of 127.0.0.1. */
    URI endpoint();

    String accessKey();

    String secretKey();

    String region();

    /** Makes an empty bucket with a name that no other has. */
    default String bucket() {
        var name = "b-" + UUID.randomUUID();
        try (var client = client()) {
            client.createBucket(request -> request.bucket(name));
        }
        return name;
    }

    /** The same, for a bucket that keeps versions. */
    default String versionedBucket() {
        var name = bucket();
        try (var client = client()) {
            client.putBucketVersioning(request -> request.bucket(name)
                    .versioningConfiguration(versions -> versions.status(BucketVersioningStatus.ENABLED)));
        }
        return name;
    }

    /** The same, for a bucket whose objects can be locked; it keeps versions too. */
    default String lockableBucket() {
        var name = "b-" + UUID.randomUUID();
        try (var client = client()) {
            client.createBucket(request -> request.bucket(name).objectLockEnabledForBucket(true));
        }
        return name;
    }

    /** A client of its owner, to set up and to look. */
    default S3Client client() {
        return client(accessKey(), secretKey());
    }

    default S3Client client(String access, String secret) {
        return S3Client.builder()
                .endpointOverride(endpoint())
                .region(Region.of(region()))
                .forcePathStyle(true)
                .credentialsProvider(StaticCredentialsProvider.create(AwsBasicCredentials.create(access, secret)))
                .requestChecksumCalculation(RequestChecksumCalculation.WHEN_REQUIRED)
                .responseChecksumValidation(ResponseChecksumValidation.WHEN_REQUIRED)
                .serviceConfiguration(s3 -> s3.chunkedEncodingEnabled(false))
                .build();
    }

    @Override
    void close();
}
