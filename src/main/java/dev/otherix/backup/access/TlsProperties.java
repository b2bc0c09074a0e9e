package dev.otherix.backup.access;

import dev.otherix.backup.config.Block;
import dev.otherix.backup.config.InvalidSetting;
import java.nio.file.Path;
import org.jspecify.annotations.Nullable;

/**
 * The block {@code api.tls}. {@link ServerTls} checks the files, because a command that calls the service need not be
 * able to read its key.
 *
 * @param certFile PEM of the API's certificate, followed by its chain; null = plain HTTP
 * @param keyFile PEM of its private key
 * @param clientCaFile PEM of the CAs, one of which must have signed a caller's certificate; null = callers need no
 *     certificate
 */
@Block("api.tls")
public record TlsProperties(
        @Nullable Path certFile,
        @Nullable Path keyFile,
        @Nullable Path clientCaFile) {

    public TlsProperties {
        together("api.tls.cert_file", certFile, "api.tls.key_file", keyFile);
        together("api.tls.key_file", keyFile, "api.tls.cert_file", certFile);
        if (clientCaFile != null && certFile == null) {
            throw new InvalidSetting(
                    "api.tls.client_ca_file",
                    clientCaFile,
                    "is set without api.tls.cert_file",
                    "Set api.tls.cert_file and api.tls.key_file too, or remove it.");
        }
    }

    private static void together(String key, @Nullable Path value, String otherKey, @Nullable Path other) {
        if (value != null && other == null) {
            throw new InvalidSetting(key, value, "is set without " + otherKey, "Set both, or neither.");
        }
    }

    /** Whether the API uses TLS. */
    public boolean on() {
        return certFile != null;
    }
}
