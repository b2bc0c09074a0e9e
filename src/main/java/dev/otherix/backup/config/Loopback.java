package dev.otherix.backup.config;

import java.net.InetAddress;

/**
 * Whether a host is this machine's loopback, decided from its text alone: {@code localhost}, an address in 127.0.0.0/8,
 * or {@code ::1}, with or without brackets. Any other name is not, whatever DNS returns.
 */
public final class Loopback {

    private Loopback() {}

    public static boolean contains(String host) {
        if (host.equalsIgnoreCase("localhost")) {
            return true;
        }
        try {
            return InetAddress.ofLiteral(ListenAddress.withoutBrackets(host)).isLoopbackAddress();
        } catch (IllegalArgumentException malformed) {
            return false;
        }
    }
}
