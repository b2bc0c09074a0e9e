package dev.otherix.backup.etcd;

import static dev.otherix.backup.etcd.EtcdFailure.Reason.TLS;

import io.grpc.netty.GrpcSslContexts;
import io.netty.handler.ssl.SslContext;
import io.netty.handler.ssl.SslContextBuilder;
import java.io.IOException;
import java.io.InputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import javax.net.ssl.SSLException;
import org.jspecify.annotations.Nullable;

/** Reads the certificates anew for each connection, so that a rotation needs no restart. */
final class ClientTls {

    private ClientTls() {
    }

    /** Trusts the CA file, or without one what Java trusts; shows the client certificate if there is one. */
    static SslContext read(@Nullable Path caFile, @Nullable Path certFile, @Nullable Path keyFile) {
        SslContextBuilder tls = GrpcSslContexts.forClient();
        if (caFile != null) {
            try (InputStream ca = Files.newInputStream(caFile)) {
                tls.trustManager(ca);
            } catch (IOException | IllegalArgumentException e) {
                throw unusable("etcd.ca_file " + caFile, "it must be readable and hold certificates in PEM form", e);
            }
        }
        if (certFile != null && keyFile != null) {
            try (InputStream cert = Files.newInputStream(certFile); InputStream key = Files.newInputStream(keyFile)) {
                tls.keyManager(cert, key);
            } catch (IOException | IllegalArgumentException e) {
                throw unusable("etcd.cert_file " + certFile + " with etcd.key_file " + keyFile,
                        "both must be readable PEM, the key an unencrypted PKCS#8 one that belongs to the certificate"
                                + " (openssl pkcs8 -topk8 -nocrypt turns others into one)", e);
            }
        }
        try {
            return tls.build();
        } catch (SSLException e) {
            throw unusable("what etcd.ca_file, etcd.cert_file and etcd.key_file name",
                    "the key must belong to the certificate", e);
        }
    }

    private static EtcdFailure unusable(String what, String hint, Exception cause) {
        return new EtcdFailure(TLS, "cannot use " + what + " (" + Failures.innermost(cause) + "): " + hint, cause);
    }
}
