package dev.otherix.backup.offsite.store;

import java.nio.file.Path;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * Where credentials come from: one place, chosen in words. They are read again before each use.
 *
 * @param file an AWS credentials file; only and always with {@link Source#FILE}
 * @param profile the part of the file; null: {@code default}
 * @param roleArn a role to assume with them; null for none
 * @param externalId told when the role is assumed
 * @param environment of this process
 */
public record S3Credentials(
        Source source,
        @Nullable Path file,
        @Nullable String profile,
        @Nullable String roleArn,
        @Nullable String externalId,
        Map<String, String> environment) {

    public S3Credentials {
        environment = Map.copyOf(environment);
    }

    /** Leaves the environment out, which has secrets. */
    @Override
    public String toString() {
        return "S3Credentials[" + source + ", file=" + file + ", profile=" + profile + ", role=" + roleArn + "]";
    }

    /** The kinds of places. */
    public enum Source {
        /** A credentials file of AWS's format. */
        FILE,
        /** {@code AWS_ACCESS_KEY_ID} and its siblings. */
        ENVIRONMENT,
        /** A token in a file, which a role is assumed with: {@code AWS_WEB_IDENTITY_TOKEN_FILE}. */
        WEB_IDENTITY,
        /** The container's own endpoint: {@code AWS_CONTAINER_CREDENTIALS_FULL_URI} or its sibling. */
        CONTAINER,
        /** The instance's own endpoint. */
        INSTANCE
    }
}
