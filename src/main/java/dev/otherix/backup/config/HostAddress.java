package dev.otherix.backup.config;

import java.net.URI;
import org.jspecify.annotations.Nullable;

/** The address of a server or a proxy: scheme, host and port alone. */
public final class HostAddress {

    private HostAddress() {}

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
