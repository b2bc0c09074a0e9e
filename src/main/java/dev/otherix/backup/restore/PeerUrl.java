package dev.otherix.backup.restore;

import java.util.Locale;
import java.util.regex.Pattern;

/**
 * The URL under which other members reach one, as etcd writes it: scheme, host and port, nothing else (etcd:
 * client/pkg/types/urls.go).
 *
 * @param scheme {@code http} or {@code https}
 * @param host a name, an IPv4 address, or an IPv6 address in brackets
 */
public record PeerUrl(String scheme, String host, int port) implements Comparable<PeerUrl> {

    private static final Pattern TEXT = Pattern.compile(
            "(?<scheme>https?)://(?<host>[A-Za-z0-9._-]+|\\[[0-9A-Fa-f:.]+])(?<port>:[0-9]{1,5})?(?<rest>.*)",
            Pattern.CASE_INSENSITIVE);
    private static final int LAST_PORT = 65_535;

    /**
     * Reads one.
     *
     * @throws IllegalArgumentException if it is none; the message completes a sentence that begins with the text
     */
    public static PeerUrl parse(String text) {
        var match = TEXT.matcher(text);
        if (!match.matches()) {
            throw new IllegalArgumentException("is no URL such as https://10.0.0.11:2380");
        }
        if (!match.group("rest").isEmpty()) {
            throw new IllegalArgumentException(
                    "has " + match.group("rest") + " at its end; a peer URL has a host and a port, and no path");
        }
        if (match.group("port") == null) {
            throw new IllegalArgumentException("has no port; a peer URL is such as https://10.0.0.11:2380");
        }
        var port = Integer.parseInt(match.group("port").substring(1));
        if (port == 0 || port > LAST_PORT) {
            throw new IllegalArgumentException("has the port " + port + "; it is a number from 1 to " + LAST_PORT);
        }
        return new PeerUrl(match.group("scheme").toLowerCase(Locale.ROOT), match.group("host"), port);
    }

    @Override
    public int compareTo(PeerUrl other) {
        return toString().compareTo(other.toString());
    }

    @Override
    public String toString() {
        return scheme + "://" + host + ":" + port;
    }
}
