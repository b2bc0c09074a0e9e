package dev.otherix.backup.config;

import java.net.URI;
import java.util.Optional;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/** The address of a server or a proxy: scheme, host and port alone. */
public final class HostAddress {

    /** What to do about a {@link #problem}. */
    public static final String FIX = "Correct the port, or write another name of the host, or its IP address.";

    private static final int HIGHEST_PORT = 65535;
    private static final Pattern UNDERSCORE = Pattern.compile("([^@]*@)?[\\w.-]*_[\\w.-]*(:[0-9]*)?");

    private HostAddress() {}

    /** Why no connection can be made to it, as the rest of a sentence that does not show it. */
    public static Optional<String> problem(URI url) {
        if (url.getPort() == 0 || url.getPort() > HIGHEST_PORT) {
            return Optional.of("has a port that is not 1 to " + HIGHEST_PORT);
        }
        return url.getHost() == null
                        && url.getRawAuthority() != null
                        && UNDERSCORE.matcher(url.getRawAuthority()).matches()
                ? Optional.of("has a host name with _, which Java's HTTP client cannot call")
                : Optional.empty();
    }

    /**
     * @param key the setting or the option that has {@code text}
     * @param scheme that the advice to the operator shows
     * @return without a path, or with the path {@code /}
     * @throws InvalidSetting if it is anything else
     */
    public static URI parse(String key, String text, String scheme) {
        if (text.contains("@")) {
            throw new InvalidSetting(
                    key,
                    text.replaceAll("[^/]*@", "***@"),
                    "holds a user or password, which is not supported",
                    "Write scheme, host and port.");
        }
        if (!text.contains("://")) {
            throw new InvalidSetting(key, text, "has no scheme", "Write " + scheme + text + ".");
        }
        var url = parsed(text);
        if (url != null) {
            problem(url).ifPresent(problem -> {
                throw new InvalidSetting(key, text, problem, FIX);
            });
        }
        if (url == null
                || url.getHost() == null
                || !url.getScheme().matches("(?i)https?")
                || url.getQuery() != null
                || url.getFragment() != null
                || !url.getPath().matches("/?")) {
            throw new InvalidSetting(
                    key,
                    text,
                    "is not an http or https address of a host",
                    "Write scheme, host and port, for example " + scheme + "s3.example.com:9000.");
        }
        return url.getPath().isEmpty() ? url : url.resolve("/");
    }

    private static @Nullable URI parsed(String text) {
        try {
            return URI.create(text);
        } catch (IllegalArgumentException malformed) {
            return null;
        }
    }
}
