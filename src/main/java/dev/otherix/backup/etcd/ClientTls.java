package dev.otherix.backup.etcd;

import static dev.otherix.backup.etcd.EtcdFailure.Reason.TLS;

import dev.otherix.backup.config.InvalidSetting;
import io.grpc.netty.GrpcSslContexts;
import io.netty.handler.ssl.SslContext;
import java.security.cert.X509Certificate;
import javax.net.ssl.SSLException;

/** Reads the certificates again for each connection, so that a rotation needs no restart. */
final class ClientTls {

    private ClientTls() {}

    /** Trusts the CA file, or Java's default CAs without one; presents the client certificate if there is one. */
    static SslContext read(EtcdProperties properties) {
        var tls = GrpcSslContexts.forClient();
        try {
            var authorities = properties.authorities();
            if (!authorities.isEmpty()) {
                tls.trustManager(authorities.toArray(X509Certificate[]::new));
            }
            properties
                    .own()
                    .ifPresent(own -> tls.keyManager(own.key(), own.chain().toArray(X509Certificate[]::new)));
            return tls.build();
        } catch (InvalidSetting unusable) {
            var cannot = "no tls with etcd: ";
            throw new EtcdFailure(
                    TLS,
                    cannot + unusable.key() + " " + unusable.inGeneral(),
                    cannot + unusable.getMessage() + ". " + unusable.fix(),
                    unusable);
        } catch (SSLException | IllegalArgumentException unusable) {
            throw new EtcdFailure(
                    TLS,
                    "no tls with etcd: this Java cannot use the key in etcd.key_file (" + Failures.innermost(unusable)
                            + "). Use an RSA, EC (P-256, P-384, P-521) or Ed25519 key",
                    unusable);
        }
    }
}
