package dev.otherix.backup.monitoring;

import dev.otherix.backup.config.InvalidSetting;
import java.io.IOException;
import java.net.ProxySelector;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse.BodyHandlers;
import java.net.http.HttpTimeoutException;
import java.nio.channels.UnresolvedAddressException;
import java.security.GeneralSecurityException;
import java.security.KeyStore;
import java.security.cert.CertificateException;
import java.security.cert.X509Certificate;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.function.Supplier;
import java.util.stream.Stream;
import javax.net.ssl.SSLContext;
import javax.net.ssl.SSLException;
import javax.net.ssl.TrustManagerFactory;
import org.jspecify.annotations.Nullable;

/**
 * Calls a URL, three times at most. A failure is told in words of our own, because those of Java's exceptions can hold
 * the URL. Follows no redirect: the answer would come from somebody else than the operator named.
 */
final class HeartbeatCall {

    private static final Duration LIMIT = Duration.ofSeconds(10);

    private final HeartbeatProperties settings;
    private final List<Duration> pauses;
    private final Duration limit;

    HeartbeatCall(HeartbeatProperties settings) {
        // a short interruption of the network is no reason for an alarm at night
        this(settings, List.of(Duration.ofSeconds(5), Duration.ofSeconds(30)), LIMIT);
    }

    /**
     * @param pauses before each further try
     * @param limit of each try
     */
    HeartbeatCall(HeartbeatProperties settings, List<Duration> pauses, Duration limit) {
        this.settings = settings;
        this.pauses = pauses;
        this.limit = limit;
    }

    /**
     * Calls what {@code url} returns.
     *
     * @return why it failed, after the last try; empty if it was answered with success
     */
    Optional<String> of(Supplier<URI> url) throws InterruptedException {
        var failure = once(url);
        for (var pause : pauses) {
            if (failure.isEmpty()) {
                return failure;
            }
            TimeUnit.NANOSECONDS.sleep(pause.toNanos());
            failure = once(url);
        }
        return failure;
    }

    /** The files of the settings are read again each time, so that a rotation needs no restart. */
    private Optional<String> once(Supplier<URI> url) throws InterruptedException {
        try {
            return once(url.get());
        } catch (InvalidSetting unusable) {
            return Optional.of(unusable.getMessage() + ". " + unusable.fix());
        } catch (GeneralSecurityException | IOException unusable) {
            return Optional.of("this Java cannot use the certificates in heartbeat.ca_file");
        } catch (IllegalArgumentException noAddress) {
            return Optional.of("its URL cannot be called");
        }
    }

    private Optional<String> once(URI url) throws InterruptedException, GeneralSecurityException, IOException {
        var client = client();
        try {
            var answer = client.sendAsync(
                            HttpRequest.newBuilder(url)
                                    .timeout(limit)
                                    .header("User-Agent", "otherix-etcd-backup")
                                    .build(),
                            BodyHandlers.discarding())
                    // the timeout of a request ends with the headers of the answer
                    .get(limit.toMillis(), TimeUnit.MILLISECONDS);
            return problem(answer.statusCode());
        } catch (TimeoutException late) {
            return Optional.of(late());
        } catch (ExecutionException failed) {
            return Optional.of(words(failed.getCause()));
        } finally {
            client.shutdownNow();
        }
    }

    private HttpClient client() throws GeneralSecurityException, IOException {
        var client = HttpClient.newBuilder()
                .connectTimeout(limit)
                .followRedirects(HttpClient.Redirect.NEVER)
                .version(HttpClient.Version.HTTP_1_1);
        settings.throughProxy().map(ProxySelector::of).ifPresent(client::proxy);
        var authorities = settings.authorities();
        if (!authorities.isEmpty()) {
            client.sslContext(trusting(authorities));
        }
        return client.build();
    }

    private static SSLContext trusting(List<X509Certificate> authorities) throws GeneralSecurityException, IOException {
        var store = KeyStore.getInstance("PKCS12");
        store.load(null, null);
        for (int i = 0; i < authorities.size(); i++) {
            store.setCertificateEntry("ca-" + i, authorities.get(i));
        }
        var trust = TrustManagerFactory.getInstance(TrustManagerFactory.getDefaultAlgorithm());
        trust.init(store);
        var context = SSLContext.getInstance("TLS");
        context.init(null, trust.getTrustManagers(), null);
        return context;
    }

    private static Optional<String> problem(int status) {
        if (status >= 200 && status < 300) {
            return Optional.empty();
        }
        return Optional.of(
                status >= 300 && status < 400
                        ? "it answers " + status + ", which is a redirect: set the URL to which that leads"
                        : "it answers " + status);
    }

    private String late() {
        return "no answer within " + limit.toSeconds() + " s";
    }

    private String words(@Nullable Throwable failed) {
        var causes = Stream.iterate(failed, cause -> cause != null, Throwable::getCause)
                .toList();
        if (any(causes, HttpTimeoutException.class)) {
            return late();
        }
        if (any(causes, UnresolvedAddressException.class)) {
            return "the name of its host has no address";
        }
        if (any(causes, CertificateException.class)) {
            return "its certificate is not trusted, or is of another host; heartbeat.ca_file names a CA of your own";
        }
        if (any(causes, SSLException.class)) {
            return "no TLS with it";
        }
        return "it refuses the connection, or breaks it off";
    }

    private static boolean any(List<? extends @Nullable Throwable> causes, Class<? extends Throwable> kind) {
        return causes.stream().anyMatch(kind::isInstance);
    }
}
