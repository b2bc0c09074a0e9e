package dev.otherix.backup.offsite.store;

import java.net.URI;
import java.nio.file.Path;
import org.jspecify.annotations.Nullable;

/**
 * A bucket, and how it is reached.
 *
 * @param region null: {@code us-east-1}
 * @param endpoint scheme, host and port of the store; null for Amazon's
 * @param pathStyle whether the bucket is in the path of URLs, not in the host name; null: only with an endpoint that is
 *     not Amazon's
 * @param caFile PEM of the CAs to trust; null for those of Java
 * @param proxy scheme, host and port; null for none
 */
public record S3Place(
        String bucket,
        @Nullable String region,
        @Nullable URI endpoint,
        @Nullable Boolean pathStyle,
        @Nullable Path caFile,
        @Nullable URI proxy) {

    private static final String USUAL_REGION = "us-east-1";

    String regionOrUsual() {
        return region == null ? USUAL_REGION : region;
    }

    /** Whether it is a store of Amazon, or a private way to one. */
    boolean isAmazon() {
        return endpoint == null || endpoint.getHost().matches("(?i).*\\.amazonaws\\.com(\\.cn)?");
    }

    boolean usesPathStyle() {
        return pathStyle == null ? !isAmazon() : pathStyle;
    }
}
