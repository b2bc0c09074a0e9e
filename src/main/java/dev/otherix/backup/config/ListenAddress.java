package dev.otherix.backup.config;

import java.net.Inet6Address;
import java.util.regex.Pattern;

/**
 * A host and a port to listen on. The host is a name or an IP address without brackets; port 0 is any free one.
 *
 * @param port 0 to 65535
 */
public record ListenAddress(String host, int port) {

    private static final Pattern TEXT = Pattern.compile("(\\[[^\\[\\]]+]|[^:\\[\\]\\s]+):(\\d{1,5})");

    /**
     * Reads {@code host:port}; an IPv6 address stands in brackets.
     *
     * @throws IllegalArgumentException if the text is not an address; the message completes a sentence that begins with
     *     the key
     */
    public static ListenAddress parse(String text) {
        var matcher = TEXT.matcher(text);
        if (!matcher.matches() || !isHost(matcher.group(1))) {
            throw new IllegalArgumentException("is not host:port (an IPv6 address stands in brackets)");
        }
        var port = Integer.parseInt(matcher.group(2));
        if (port > 65535) {
            throw new IllegalArgumentException("has a port above 65535");
        }
        return new ListenAddress(withoutBrackets(matcher.group(1)), port);
    }

    public boolean isLoopback() {
        return Loopback.contains(host);
    }

    /** As in the configuration: {@code 127.0.0.1:8090}, {@code [::1]:8090}. */
    @Override
    public String toString() {
        return (host.contains(":") ? "[" + host + "]" : host) + ":" + port;
    }

    static String withoutBrackets(String host) {
        return host.startsWith("[") && host.endsWith("]") ? host.substring(1, host.length() - 1) : host;
    }

    private static boolean isHost(String host) {
        if (!host.startsWith("[")) {
            return true;
        }
        try {
            Inet6Address.ofLiteral(withoutBrackets(host));
            return true;
        } catch (IllegalArgumentException malformed) {
            return false;
        }
    }
}
