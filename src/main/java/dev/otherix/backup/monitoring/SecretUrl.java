package dev.otherix.backup.monitoring;

import dev.otherix.backup.config.HostAddress;
import dev.otherix.backup.config.InvalidSetting;
import java.net.URI;
import java.nio.file.Path;
import java.util.Locale;
import org.jspecify.annotations.Nullable;

/** A URL that is a secret: whoever has it can pretend that backups run. No refusal shows it. */
final class SecretUrl {

    private static final String HIDDEN = " (it is not shown, because it is a secret)";

    private SecretUrl() {}

    /** @throws InvalidSetting if nothing can be called with it */
    static URI parse(String key, String text) {
        try {
            var url = URI.create(text.strip());
            HostAddress.problem(url).ifPresent(problem -> {
                throw new InvalidSetting(key, null, problem + HIDDEN, HostAddress.FIX);
            });
            if (isWeb(url.getScheme())
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
                "holds no http or https URL without user, password and fragment" + HIDDEN,
                "Copy the URL that the monitoring service shows, for example https://hc-ping.com/UUID.");
    }

    private static boolean isWeb(@Nullable String scheme) {
        return "https".equalsIgnoreCase(scheme) || "http".equalsIgnoreCase(scheme);
    }

    /** Refuses a URL where a file belongs, before a message shows it. */
    static void requireFile(String key, @Nullable Path file) {
        if (file != null && file.toString().toLowerCase(Locale.ROOT).matches("https?:.*")) {
            throw new InvalidSetting(
                    key,
                    null,
                    "holds a URL where the path of a file belongs" + HIDDEN,
                    "Write the URL into a file that only the service can read, and its path as heartbeat.url_file;"
                            + " or set the URL as heartbeat.url.");
        }
    }

    /** Refuses a URL with a path where the address of a proxy belongs, before a message shows it. */
    static void requireNoPath(String key, @Nullable String proxy) {
        if (proxy != null && proxy.matches("(?is)\\s*https?:/*[^/]+/.*\\S.*|.*[?#].*")) {
            throw new InvalidSetting(
                    key,
                    null,
                    "holds more than the address of a proxy" + HIDDEN,
                    "Write http://HOST:PORT. The URL to call belongs into heartbeat.url or heartbeat.url_file.");
        }
    }
}
