package dev.otherix.backup.monitoring;

import dev.otherix.backup.config.Block;
import dev.otherix.backup.config.HostAddress;
import dev.otherix.backup.config.InvalidSetting;
import dev.otherix.backup.config.PemFile;
import java.net.InetSocketAddress;
import java.net.URI;
import java.nio.file.Path;
import java.security.cert.X509Certificate;
import java.util.List;
import java.util.Optional;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/**
 * The block {@code heartbeat}: what is called after backups, so that somebody notices if they stop. A URL is a secret,
 * because whoever has it can pretend that backups run: no message shows it.
 *
 * @param url called after each success of a scheduled run; null = off
 * @param failUrl called after each failure; null = off
 * @param urlFile a file with the first URL, in place of the setting, and in its second line perhaps the one for
 *     failures; null = none
 * @param proxy null = none
 * @param caFile certificates of the CAs that the server may have; null = Java's
 */
@Block("heartbeat")
public record HeartbeatProperties(
        @Nullable String url,
        @Nullable String failUrl,
        @Nullable Path urlFile,
        @Nullable String proxy,
        @Nullable Path caFile) {

    private static final String URL = "heartbeat.url";
    private static final String FAIL_URL = "heartbeat.fail_url";
    private static final String URL_FILE = "heartbeat.url_file";
    private static final String CA_FILE = "heartbeat.ca_file";
    private static final String PROXY = "heartbeat.proxy";

    public HeartbeatProperties {
        SecretUrl.requireFile(URL_FILE, urlFile);
        SecretUrl.requireFile(CA_FILE, caFile);
        SecretUrl.requireNoPath(PROXY, proxy);
        if (url != null && urlFile != null) {
            throw new InvalidSetting(
                    URL_FILE, urlFile, "is set beside " + URL, "Set one of the two: the file keeps it out of sight.");
        }
        if (url != null) {
            SecretUrl.parse(URL, url);
        }
        if (failUrl != null) {
            SecretUrl.parse(FAIL_URL, failUrl);
        }
        if (urlFile != null && new UrlFile(URL_FILE, urlFile).afterFailure().isPresent() && failUrl != null) {
            throw new InvalidSetting(
                    FAIL_URL,
                    null,
                    "is set, and the file of " + URL_FILE + " has a second line for the same",
                    "Remove one of the two: the file keeps it out of sight.");
        }
        if (url == null && urlFile == null && failUrl == null) {
            requireUnset(PROXY, proxy);
            requireUnset(CA_FILE, caFile);
        }
        if (proxy != null
                && !"http"
                        .equalsIgnoreCase(
                                HostAddress.parse(PROXY, proxy, "http://").getScheme())) {
            throw new InvalidSetting(PROXY, proxy, "is not an http address", "Write http://HOST:PORT.");
        }
        if (caFile != null) {
            new PemFile(CA_FILE, caFile).certificates();
        }
    }

    /** Whether anything is to be called. */
    boolean isOn() {
        return url != null || urlFile != null || failUrl != null;
    }

    /** What to call after a success, to be asked each time, because the file can change; empty if nothing. */
    Optional<Supplier<URI>> afterSuccess() {
        if (urlFile != null) {
            return Optional.of(new UrlFile(URL_FILE, urlFile)::afterSuccess);
        }
        return Optional.ofNullable(url).map(text -> () -> SecretUrl.parse(URL, text));
    }

    /** What to call after a failure; empty if nothing. */
    Optional<Supplier<URI>> afterFailure() {
        if (failUrl != null || urlFile == null) {
            return Optional.ofNullable(failUrl).map(text -> () -> SecretUrl.parse(FAIL_URL, text));
        }
        try {
            return new UrlFile(URL_FILE, urlFile).afterFailure().map(url -> () -> url);
        } catch (InvalidSetting unusable) {
            // the call reports it
            return Optional.of(() -> {
                throw unusable;
            });
        }
    }

    Optional<InetSocketAddress> throughProxy() {
        return Optional.ofNullable(proxy)
                .map(text -> HostAddress.parse(PROXY, text, "http://"))
                .map(address -> InetSocketAddress.createUnresolved(
                        address.getHost(), address.getPort() < 0 ? 80 : address.getPort()));
    }

    /**
     * The CAs that the server may have; empty for Java's own.
     *
     * @throws InvalidSetting if the file cannot be used any more
     */
    List<X509Certificate> authorities() {
        return caFile == null ? List.of() : new PemFile(CA_FILE, caFile).certificates();
    }

    private static void requireUnset(String key, @Nullable Object value) {
        if (value != null) {
            throw new InvalidSetting(
                    key, value, "is set, but nothing is called", "Set " + URL + " or " + URL_FILE + ", or remove it.");
        }
    }

    /** Without the URLs. */
    @Override
    public String toString() {
        return "HeartbeatProperties[on=" + isOn() + ", urlFile=" + urlFile + ", caFile=" + caFile + "]";
    }
}
