package dev.otherix.backup.cli;

import dev.otherix.backup.access.TlsProperties;
import dev.otherix.backup.config.ListenAddress;
import java.net.URI;
import java.nio.file.Path;

/**
 * The address of the running service and the credentials that it needs, from its configuration. @param listen its
 * address @param tokenFile holds the token to present @param tls its certificate, if it has one
 */
public record Service(ListenAddress listen, Path tokenFile, TlsProperties tls) {

    /** Its URL, without a slash at the end. A wildcard address is replaced by loopback. */
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
