package dev.otherix.backup.offsite;

import dev.otherix.backup.config.Settings;
import dev.otherix.backup.offsite.store.ObjectStore;
import dev.otherix.backup.offsite.store.S3Properties;
import dev.otherix.backup.realstores.S3Server;
import java.net.URI;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;

/** A bucket of a real server, opened as the service does. */
final class RealBucket {

    private RealBucket() {}

    /** With the keys of its owner. */
    static ObjectStore open(S3Server server, String bucket, Path etc) {
        return open(server.endpoint(), server.region(), bucket, etc, server.accessKey(), server.secretKey());
    }

    static ObjectStore open(URI endpoint, String region, String bucket, Path etc, String access, String secret) {
        var arguments = new String[] {
            "--offsite.s3.bucket=" + bucket,
            "--offsite.s3.endpoint=" + endpoint,
            "--offsite.s3.region=" + region,
            "--offsite.s3.path_style=true",
            "--offsite.s3.credentials=environment"
        };
        return Settings.load(List.of(S3Properties.class), arguments, Map.of(), etc)
                .bind(S3Properties.class)
                .open(Map.of("AWS_ACCESS_KEY_ID", access, "AWS_SECRET_ACCESS_KEY", secret))
                .orElseThrow();
    }
}
