package dev.otherix.backup.cli;

import dev.otherix.backup.access.TlsProperties;
import dev.otherix.backup.config.ListenAddress;
import java.net.URI;
import java.nio.file.Path;

/**
 * Where the running service is and what it wants to see, as its configuration says.
 *
 * @param listen where it listens
 * @param tokenFile holds the token to present
 * @param tls its certificate, where it has one
 */
public record Service(ListenAddress listen, Path tokenFile, TlsProperties tls) {

    /** Its URL, without a slash at the end. An address that stands for all of this machine's is taken for loopback. */
    String url() {
        var host = switch (listen.host()) {
            case "0.0.0.0" -> "127.0.0.1";
            case "::" -> "::1";
            default -> listen.host();
        };
        return (tls.on() ? "https://" : "http://") + new ListenAddress(host, listen.port());
    }

    URI uri(String pathAndQuery) {
        return URI.create(url() + pathAndQuery);
    }
}
