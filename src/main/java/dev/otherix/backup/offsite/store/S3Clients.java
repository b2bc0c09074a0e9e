package dev.otherix.backup.offsite.store;

import java.net.URI;
import software.amazon.awssdk.auth.credentials.AwsCredentialsProvider;
import software.amazon.awssdk.core.checksums.RequestChecksumCalculation;
import software.amazon.awssdk.core.checksums.ResponseChecksumValidation;
import software.amazon.awssdk.core.client.config.ClientOverrideConfiguration;
import software.amazon.awssdk.http.apache5.Apache5HttpClient;
import software.amazon.awssdk.http.apache5.ProxyConfiguration;
import software.amazon.awssdk.profiles.ProfileFile;
import software.amazon.awssdk.regions.Region;
import software.amazon.awssdk.retries.DefaultRetryStrategy;
import software.amazon.awssdk.services.s3.S3Client;
import software.amazon.awssdk.services.sts.StsClient;

/**
 * Makes the SDK's clients so that nothing but the given settings counts, that every kind of store understands them, and
 * that they try everything once: who calls them tries again.
 */
final class S3Clients {

    private final S3Place place;
    private final Limits limits;
    private final S3Http http;

    S3Clients(S3Place place, Limits limits) {
        this.place = place;
        this.limits = limits;
        this.http = new S3Http(http());
    }

    /** Of the store. Closing it closes the connections too. */
    S3Client s3(AwsCredentialsProvider credentials) {
        var builder = S3Client.builder()
                .region(Region.of(place.regionOrUsual()))
                .forcePathStyle(place.usesPathStyle())
                .credentialsProvider(credentials)
                .httpClient(http)
                .overrideConfiguration(onceOnly())
                // sent in trailers, these checksums are stored as part of the object by some stores
                .requestChecksumCalculation(RequestChecksumCalculation.WHEN_REQUIRED)
                .responseChecksumValidation(ResponseChecksumValidation.WHEN_REQUIRED)
                .serviceConfiguration(s3 -> s3.chunkedEncodingEnabled(false));
        if (place.endpoint() != null) {
            builder.endpointOverride(place.endpoint());
        }
        return builder.build();
    }

    /** Of the service that gives credentials for a role: beside the store, unless that is Amazon's. */
    StsClient sts(AwsCredentialsProvider credentials) {
        var builder = StsClient.builder()
                .region(Region.of(place.regionOrUsual()))
                .credentialsProvider(credentials)
                .httpClient(http)
                .overrideConfiguration(onceOnly());
        if (!place.isAmazon()) {
            builder.endpointOverride(place.endpoint());
        }
        return builder.build();
    }

    void close() {
        http.close();
    }

    private static ClientOverrideConfiguration onceOnly() {
        return ClientOverrideConfiguration.builder()
                .retryStrategy(DefaultRetryStrategy.doNotRetry())
                // not the files in the home directory of the user
                .defaultProfileFile(ProfileFile.aggregator().build())
                .build();
    }

    private Apache5HttpClient.Builder settings() {
        return Apache5HttpClient.builder()
                .connectionTimeout(limits.silence().dividedBy(2))
                .connectionAcquisitionTimeout(limits.silence())
                .socketTimeout(limits.silence())
                .tcpKeepAlive(true)
                .proxyConfiguration(proxy(place.proxy()));
    }

    private software.amazon.awssdk.http.SdkHttpClient http() {
        var settings = settings();
        var caFile = place.caFile();
        if (caFile != null) {
            settings.tlsTrustManagersProvider(() -> new javax.net.ssl.TrustManager[] {new ReadTrust(caFile)});
        }
        return settings.build();
    }

    private static ProxyConfiguration proxy(@org.jspecify.annotations.Nullable URI proxy) {
        var only = ProxyConfiguration.builder().useSystemPropertyValues(false).useEnvironmentVariableValues(false);
        return (proxy == null ? only : only.endpoint(proxy)).build();
    }
}
