package dev.otherix.backup.monitoring;

import dev.otherix.backup.config.Block;
import dev.otherix.backup.config.HostAddress;
import dev.otherix.backup.config.InvalidSetting;
import dev.otherix.backup.config.PemFile;
import dev.otherix.backup.config.SecretFile;
import java.net.InetSocketAddress;
import java.net.URI;
import java.nio.charset.StandardCharsets;
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
 * @param urlFile a file with the first URL, in place of the setting; null = none
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
        if (url != null && urlFile != null) {
            throw new InvalidSetting(
                    URL_FILE, urlFile, "is set beside " + URL, "Set one of the two: the file keeps it out of sight.");
        }
        if (url != null) {
            parsed(URL, url);
        }
        if (failUrl != null) {
            parsed(FAIL_URL, failUrl);
        }
        if (urlFile != null) {
            read(urlFile);
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
            return Optional.of(() -> read(urlFile));
        }
        return Optional.ofNullable(url).map(text -> () -> parsed(URL, text));
    }

    /** What to call after a failure; empty if nothing. */
    Optional<Supplier<URI>> afterFailure() {
        return Optional.ofNullable(failUrl).map(text -> () -> parsed(FAIL_URL, text));
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

    private static URI read(Path file) {
        SecretFile.check(URL_FILE, file);
        var text = new String(new PemFile(URL_FILE, file).bytes(), StandardCharsets.UTF_8).strip();
        if (text.isEmpty() || text.lines().count() != 1) {
            throw new InvalidSetting(
                    URL_FILE, file, "does not hold one line", "Write the URL into it, and nothing else.");
        }
        return parsed(URL_FILE, text);
    }

    /** The value is never shown. */
    private static URI parsed(String key, String text) {
        try {
            var url = URI.create(text.strip());
            var scheme = url.getScheme();
            if (("https".equalsIgnoreCase(scheme) || "http".equalsIgnoreCase(scheme))
                    && url.getHost() != null
                    && url.getUserInfo() == null
                    && url.getFragment() == null) {
                return url;
            }
        } catch (IllegalArgumentException malformed) {
            // its message shows the value
        }
        throw new InvalidSetting(
                key,
                null,
                "holds no http or https URL without user, password and fragment (it is not shown, because it is a secret)",
                "Copy the URL that the monitoring service shows, for example https://hc-ping.com/UUID.");
    }
}
