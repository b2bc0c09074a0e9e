package dev.otherix.backup.offsite.store;

import dev.otherix.backup.realstores.S3Server;
import java.net.URI;
import java.time.Clock;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import org.jspecify.annotations.Nullable;

/** The contract of a bucket, on a real server. */
abstract class S3Contract extends ObjectStoreContract {

    String bucket;

    abstract S3Server server();

    abstract String newBucket();

    @Override
    final ObjectStore open() {
        bucket = newBucket();
        return S3Store.open(
                place(server().endpoint(), bucket, server().region()),
                credentials(server().accessKey(), server().secretKey()),
                S3Writing.PLAIN,
                Limits.USUAL,
                Clock.systemUTC());
    }

    /** A bucket that keeps no versions has one, which it calls so. */
    @Override
    @Nullable
    String versionOf(StoredObject stored) {
        return Objects.requireNonNullElse(stored.versionId(), "null");
    }

    static S3Place place(URI endpoint, String bucket, @Nullable String region) {
        return new S3Place(bucket, region, endpoint, true, null, null);
    }

    static S3Credentials credentials(String access, String secret) {
        return new S3Credentials(
                S3Credentials.Source.ENVIRONMENT,
                null,
                null,
                null,
                null,
                Map.of("AWS_ACCESS_KEY_ID", access, "AWS_SECRET_ACCESS_KEY", secret));
    }

    @Override
    final List<String> left() {
        try (var client = server().client()) {
            return client.listMultipartUploads(request -> request.bucket(bucket)).uploads().stream()
                    .map(upload -> String.valueOf(upload.key()))
                    .toList();
        }
    }
}
