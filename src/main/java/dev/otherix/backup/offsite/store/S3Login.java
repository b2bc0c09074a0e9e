package dev.otherix.backup.offsite.store;

import java.nio.file.Path;
import java.util.Optional;
import org.jspecify.annotations.Nullable;
import software.amazon.awssdk.auth.credentials.AnonymousCredentialsProvider;
import software.amazon.awssdk.auth.credentials.AwsCredentials;
import software.amazon.awssdk.auth.credentials.AwsCredentialsProvider;
import software.amazon.awssdk.auth.credentials.AwsSessionCredentials;
import software.amazon.awssdk.auth.credentials.ContainerCredentialsProvider;
import software.amazon.awssdk.auth.credentials.InstanceProfileCredentialsProvider;
import software.amazon.awssdk.core.exception.SdkClientException;
import software.amazon.awssdk.identity.spi.AwsCredentialsIdentity;
import software.amazon.awssdk.profiles.ProfileFile;
import software.amazon.awssdk.services.sts.auth.StsAssumeRoleCredentialsProvider;
import software.amazon.awssdk.services.sts.auth.StsWebIdentityTokenFileCredentialsProvider;

/** Gets the credentials from the one chosen place, and remembers them so that no message repeats them. */
final class S3Login implements AwsCredentialsProvider {

    private static final String SESSION = "otherix-etcd-backup";
    private static final int SHORTEST_SECRET = 8;

    private final AwsCredentialsProvider provider;
    private volatile @Nullable AwsCredentialsIdentity last;

    S3Login(S3Credentials chosen, S3Clients clients) {
        var base = base(chosen, clients);
        this.provider = chosen.roleArn() == null ? base : role(chosen, clients, base);
    }

    @Override
    public AwsCredentials resolveCredentials() {
        var credentials = provider.resolveCredentials();
        last = credentials;
        return credentials;
    }

    /** The public name of the credentials that were used last. */
    Optional<String> accessKey() {
        return Optional.ofNullable(last).map(AwsCredentialsIdentity::accessKeyId);
    }

    /** {@code text} without the secrets that were used last. */
    String withoutSecrets(String text) {
        var used = last;
        if (used == null) {
            return text;
        }
        var clean = without(text, used.secretAccessKey());
        return used instanceof AwsSessionCredentials session ? without(clean, session.sessionToken()) : clean;
    }

    private static String without(String text, String secret) {
        return secret.length() < SHORTEST_SECRET ? text : text.replace(secret, "***");
    }

    private static AwsCredentialsProvider base(S3Credentials chosen, S3Clients clients) {
        return switch (chosen.source()) {
            case FILE, ENVIRONMENT -> new ChosenCredentials(chosen);
            case WEB_IDENTITY -> webIdentity(chosen, clients);
            case CONTAINER ->
                named(
                        ContainerCredentialsProvider.builder().build(),
                        "the container gives no credentials. Give it a role, or choose others with"
                                + " offsite.s3.credentials");
            case INSTANCE ->
                named(
                        InstanceProfileCredentialsProvider.builder()
                                .profileFile(ProfileFile.aggregator().build())
                                .build(),
                        "this machine gives no credentials. Give it a role; or set AWS_ACCESS_KEY_ID and"
                                + " AWS_SECRET_ACCESS_KEY, or AWS_PROFILE; or choose others with"
                                + " offsite.s3.credentials");
        };
    }

    private static AwsCredentialsProvider named(AwsCredentialsProvider provider, String problem) {
        return () -> {
            try {
                return provider.resolveCredentials();
            } catch (SdkClientException none) {
                throw new StoreFailure(
                        StoreFailure.Code.DENIED,
                        problem + " (" + S3Failures.quoted(String.valueOf(none.getMessage())) + ")",
                        null);
            }
        };
    }

    private static AwsCredentialsProvider webIdentity(S3Credentials chosen, S3Clients clients) {
        var environment = chosen.environment();
        var token = environment.get("AWS_WEB_IDENTITY_TOKEN_FILE");
        var role = environment.get("AWS_ROLE_ARN");
        if (token == null || role == null) {
            return () -> {
                throw new StoreFailure(
                        StoreFailure.Code.DENIED,
                        "the environment has no AWS_WEB_IDENTITY_TOKEN_FILE or no AWS_ROLE_ARN. In Kubernetes, "
                                + "annotate the service account with its role",
                        null);
            };
        }
        return StsWebIdentityTokenFileCredentialsProvider.builder()
                .stsClient(clients.sts(AnonymousCredentialsProvider.create()))
                .webIdentityTokenFile(Path.of(token))
                .roleArn(role)
                .roleSessionName(environment.getOrDefault("AWS_ROLE_SESSION_NAME", SESSION))
                .build();
    }

    private static AwsCredentialsProvider role(S3Credentials chosen, S3Clients clients, AwsCredentialsProvider base) {
        return StsAssumeRoleCredentialsProvider.builder()
                .stsClient(clients.sts(base))
                .refreshRequest(request -> request.roleArn(chosen.roleArn())
                        .externalId(chosen.externalId())
                        .roleSessionName(SESSION))
                .build();
    }
}
