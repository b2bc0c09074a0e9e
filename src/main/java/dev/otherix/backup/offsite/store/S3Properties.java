package dev.otherix.backup.offsite.store;

import dev.otherix.backup.config.Block;
import dev.otherix.backup.config.Default;
import dev.otherix.backup.config.InvalidSetting;
import dev.otherix.backup.config.PemFile;
import dev.otherix.backup.config.SecretFile;
import java.nio.file.Path;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/**
 * The block {@code offsite.s3}: the bucket that copies go to. Without {@code bucket} there is none, and nothing else of
 * the block may be set.
 *
 * @param bucket its name alone
 * @param region required without an endpoint
 * @param endpoint scheme, host and port; null for Amazon's
 * @param pathStyle null: only with an endpoint that is not Amazon's
 * @param plainHttp whether plain http to a host that is not loopback is allowed
 * @param caFile PEM of the CAs to trust; null for those of Java
 * @param proxy scheme, host and port
 * @param credentials where they come from; null: {@code file} if {@code credentialsFile} is set
 * @param credentialsFile an AWS credentials file; closed to other users
 * @param profile the part of that file; null: {@code default}
 * @param roleArn a role to assume with them
 * @param externalId told when it is assumed
 * @param sse server-side encryption; null: as the bucket has it
 * @param kmsKeyId only with {@code aws:kms}
 * @param storageClass null: the usual one
 * @param tags {@code KEY=VALUE}, comma separated
 */
@Block("offsite.s3")
public record S3Properties(
        @Nullable String bucket,
        @Nullable String region,
        @Nullable String endpoint,
        @Nullable Boolean pathStyle,
        @Default("false") boolean plainHttp,
        @Nullable Path caFile,
        @Nullable String proxy,
        S3Credentials.@Nullable Source credentials,
        @Nullable Path credentialsFile,
        @Nullable String profile,
        @Nullable String roleArn,
        @Nullable String externalId,
        @Nullable String sse,
        @Nullable String kmsKeyId,
        @Nullable String storageClass,
        @Nullable String tags) {

    private static final String BLOCK = "offsite.s3.";

    public S3Properties {
        if (bucket == null) {
            onlyWithABucket("region", region);
            onlyWithABucket("endpoint", endpoint);
            onlyWithABucket("path_style", pathStyle);
            onlyWithABucket("ca_file", caFile);
            onlyWithABucket("proxy", proxy);
            onlyWithABucket("credentials", credentials);
            onlyWithABucket("credentials_file", credentialsFile);
            onlyWithABucket("storage_class", storageClass);
        } else {
            S3Names.bucket(BLOCK + "bucket", bucket);
            place(bucket, region, endpoint, pathStyle, plainHttp, caFile, proxy);
            if (caFile != null) {
                new PemFile(BLOCK + "ca_file", caFile).certificates();
            }
            login(credentials, credentialsFile, profile, roleArn, externalId);
            written(sse, kmsKeyId, storageClass, tags);
        }
    }

    /** The bucket, if there is one. */
    public Optional<S3Place> place() {
        return Optional.ofNullable(bucket)
                .map(name -> place(name, region, endpoint, pathStyle, plainHttp, caFile, proxy));
    }

    /** The same as a store. Makes no connection. */
    public Optional<ObjectStore> open(Map<String, String> environment) {
        return place().map(
                        place -> S3Store.open(place, chosen(environment), written(sse, kmsKeyId, storageClass, tags)));
    }

    private S3Credentials chosen(Map<String, String> environment) {
        return new S3Credentials(
                login(credentials, credentialsFile, profile, roleArn, externalId),
                credentialsFile,
                profile,
                roleArn,
                externalId,
                environment);
    }

    private static S3Place place(
            String bucket,
            @Nullable String region,
            @Nullable String endpoint,
            @Nullable Boolean pathStyle,
            boolean plainHttp,
            @Nullable Path caFile,
            @Nullable String proxy) {
        if (region == null && endpoint == null) {
            throw new InvalidSetting(
                    BLOCK + "region",
                    null,
                    "is not set, and offsite.s3.endpoint is not either",
                    "Set the region of the bucket, for example eu-central-1; or the endpoint of the store, if it is"
                            + " not Amazon's.");
        }
        if (region != null) {
            S3Names.region(BLOCK + "region", region);
        }
        return new S3Place(
                bucket,
                region,
                endpoint == null ? null : S3Names.endpoint(BLOCK + "endpoint", endpoint, plainHttp),
                pathStyle,
                caFile,
                proxy == null ? null : S3Names.proxy(BLOCK + "proxy", proxy));
    }

    private static S3Credentials.Source login(
            S3Credentials.@Nullable Source credentials,
            @Nullable Path file,
            @Nullable String profile,
            @Nullable String roleArn,
            @Nullable String externalId) {
        if (credentials == null && file == null) {
            throw new InvalidSetting(
                    BLOCK + "credentials",
                    null,
                    "is not set, and offsite.s3.credentials_file is not either",
                    "Set offsite.s3.credentials_file to an AWS credentials file, or offsite.s3.credentials to"
                            + " environment, web_identity, container or instance.");
        }
        var source = Objects.requireNonNullElse(credentials, S3Credentials.Source.FILE);
        if (source == S3Credentials.Source.FILE) {
            if (file == null) {
                throw new InvalidSetting(
                        BLOCK + "credentials_file",
                        null,
                        "is not set, and offsite.s3.credentials is file",
                        "Set it to an AWS credentials file.");
            }
            SecretFile.check(BLOCK + "credentials_file", file);
        } else {
            onlyFromAFile("credentials_file", file, source);
            onlyFromAFile("profile", profile, source);
        }
        if (externalId != null && roleArn == null) {
            throw new InvalidSetting(
                    BLOCK + "external_id",
                    externalId,
                    "is set without offsite.s3.role_arn",
                    "Set the role, or remove it.");
        }
        if (roleArn != null && !roleArn.matches("arn:[!-~]{3,2000}")) {
            throw new InvalidSetting(
                    BLOCK + "role_arn",
                    roleArn,
                    "is not the ARN of a role",
                    "Write it as arn:aws:iam::ACCOUNT:role/NAME.");
        }
        return source;
    }

    private static S3Writing written(
            @Nullable String sse, @Nullable String kmsKeyId, @Nullable String storageClass, @Nullable String tags) {
        if (sse != null && !Stream.of("AES256", "aws:kms").toList().contains(sse)) {
            throw new InvalidSetting(BLOCK + "sse", sse, "is neither AES256 nor aws:kms", "Write one of them.");
        }
        if (kmsKeyId != null && !"aws:kms".equals(sse)) {
            throw new InvalidSetting(
                    BLOCK + "kms_key_id",
                    kmsKeyId,
                    "is set, but offsite.s3.sse is not aws:kms",
                    "Set offsite.s3.sse to aws:kms, or remove it.");
        }
        if (storageClass != null && Archives.isArchive(storageClass)) {
            throw new InvalidSetting(
                    BLOCK + "storage_class",
                    storageClass,
                    "is an archive: copies there cannot be read back, so they cannot be proven",
                    "Use STANDARD_IA or GLACIER_IR, or remove it.");
        }
        return new S3Writing(sse, kmsKeyId, storageClass, tags == null ? Map.of() : S3Names.tags(BLOCK + "tags", tags));
    }

    private static void onlyWithABucket(String key, @Nullable Object value) {
        if (value != null) {
            throw new InvalidSetting(
                    BLOCK + key, value, "is set without offsite.s3.bucket", "Set the bucket, or remove it.");
        }
    }

    private static void onlyFromAFile(String key, @Nullable Object value, S3Credentials.Source source) {
        if (value != null) {
            throw new InvalidSetting(
                    BLOCK + key,
                    value,
                    "is set, but offsite.s3.credentials is " + source.name().toLowerCase(java.util.Locale.ROOT),
                    "Remove one of them.");
        }
    }
}
