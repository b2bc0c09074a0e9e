package dev.otherix.backup;

import dev.otherix.backup.offsite.AgeKey;
import dev.otherix.backup.realstores.VersityGateway;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.List;
import java.util.Map;

/** A bucket of a real store with a user who may only read it, a second directory, and the identity of a person. */
record OffsiteScene(
        VersityGateway gateway,
        String bucket,
        Path directory,
        AgeKey key,
        Path identity,
        Path credentials,
        Path apiConfig)
        implements AutoCloseable {

    /** What is in the file that travels beside each copy. */
    static final String API_CONFIG = "auth:\n  jwt_secret: 0123456789abcdef\n";

    private static final String READER = "reader";

    static OffsiteScene in(Path temporary) {
        try {
            var gateway = VersityGateway.start();
            var bucket = gateway.bucket();
            gateway.user(READER);
            allowReading(gateway, bucket);
            var directory = Files.createDirectory(temporary.resolve("second-disk"));
            Files.createFile(directory.resolve(".otherix-etcd-backup-target"));
            var key = AgeKey.generate();
            var credentials = Files.writeString(
                    temporary.resolve("credentials"),
                    "[default]\naws_access_key_id = %s\naws_secret_access_key = %s\n"
                            .formatted(gateway.accessKey(), gateway.secretKey()));
            Files.setPosixFilePermissions(credentials, PosixFilePermissions.fromString("rw-------"));
            var etc = Files.createDirectory(temporary.resolve("old-etc-\u00fc"));
            return new OffsiteScene(
                    gateway,
                    bucket,
                    directory,
                    key,
                    key.write(temporary.resolve("identity.txt")),
                    credentials,
                    Files.writeString(etc.resolve("api.yaml"), API_CONFIG));
        } catch (IOException cause) {
            throw new UncheckedIOException(cause);
        }
    }

    private static void allowReading(VersityGateway gateway, String bucket) {
        var policy = """
                {"Version": "2012-10-17", "Statement": [
                  {"Effect": "Allow", "Principal": {"AWS": ["%1$s"]}, "Action": ["s3:ListBucket"],
                   "Resource": ["arn:aws:s3:::%2$s"]},
                  {"Effect": "Allow", "Principal": {"AWS": ["%1$s"]}, "Action": ["s3:GetObject"],
                   "Resource": ["arn:aws:s3:::%2$s/*"]}]}
                """.formatted(READER, bucket);
        try (var client = gateway.client()) {
            client.putBucketPolicy(request -> request.bucket(bucket).policy(policy));
        }
    }

    /** The settings of a service that copies to both. */
    String[] settings() {
        return List.of(
                        "--offsite.recipients=" + key.recipient(),
                        "--offsite.include=" + apiConfig,
                        "--offsite.s3.bucket=" + bucket,
                        "--offsite.s3.endpoint=" + gateway.endpoint(),
                        "--offsite.s3.region=" + gateway.region(),
                        "--offsite.s3.credentials_file=" + credentials,
                        "--offsite.filesystem.path=" + directory)
                .toArray(String[]::new);
    }

    /** What a machine has that may read the bucket. */
    Map<String, String> reader() {
        return Map.of(
                "AWS_ACCESS_KEY_ID",
                READER,
                "AWS_SECRET_ACCESS_KEY",
                VersityGateway.secretOf(READER),
                "AWS_REGION",
                gateway.region(),
                // this machine's own
                "AWS_CA_BUNDLE",
                "");
    }

    @Override
    public void close() {
        gateway.close();
    }
}
