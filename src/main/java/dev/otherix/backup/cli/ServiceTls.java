package dev.otherix.backup.cli;

import dev.otherix.backup.access.ServedCertificate;
import dev.otherix.backup.access.TlsProperties;
import dev.otherix.backup.config.CertifiedKey;
import dev.otherix.backup.config.InvalidSetting;
import dev.otherix.backup.config.PemFile;
import java.io.IOException;
import java.net.Socket;
import java.nio.file.Path;
import java.security.GeneralSecurityException;
import java.security.KeyStore;
import java.security.cert.CertificateException;
import java.security.cert.X509Certificate;
import java.util.List;
import java.util.Objects;
import java.util.stream.Stream;
import javax.net.ssl.KeyManager;
import javax.net.ssl.KeyManagerFactory;
import javax.net.ssl.SSLContext;
import javax.net.ssl.SSLEngine;
import javax.net.ssl.TrustManager;
import javax.net.ssl.X509ExtendedTrustManager;

/**
 * TLS to the running service. Trusts the one certificate that {@code api.tls.cert_file} holds, whatever its names and
 * issuer: no other server has its key. Also trusts the one that the service has recorded as served, which may differ
 * after a rotation. If the service asks callers for a certificate, the command presents the service's own.
 */
final class ServiceTls {

    private ServiceTls() {}

    /** @throws CommandFailure if the files cannot be used */
    static SSLContext of(TlsProperties settings, Path tokenFile) {
        var trusted = new ServedCertificate(tokenFile).read().map(List::of).orElse(List.of());
        var certificate = new PemFile("api.tls.cert_file", Objects.requireNonNull(settings.certFile()));
        try {
            var context = SSLContext.getInstance("TLS");
            context.init(
                    settings.clientCaFile() == null ? new KeyManager[0] : own(certificate, settings),
                    new TrustManager[] {new Pinned(with(trusted, certificate))},
                    null);
            return context;
        } catch (GeneralSecurityException | IOException | InvalidSetting unusable) {
            throw new CommandFailure(
                    "the files in api.tls cannot be used to reach the service: " + unusable.getMessage(),
                    "Run this as the service's user, or as root. The certificate must be readable; so must the key, "
                            + "if the service asks callers for a certificate (api.tls.client_ca_file).",
                    ExitCode.USAGE,
                    unusable);
        }
    }

    private static List<X509Certificate> with(List<X509Certificate> served, PemFile certificate) {
        try {
            return Stream.concat(Stream.of(certificate.certificates().getFirst()), served.stream())
                    .toList();
        } catch (InvalidSetting unusable) {
            if (served.isEmpty()) {
                throw unusable;
            }
            return served;
        }
    }

    private static KeyManager[] own(PemFile certificate, TlsProperties settings)
            throws IOException, GeneralSecurityException {
        var own = CertifiedKey.read(
                certificate, new PemFile("api.tls.key_file", Objects.requireNonNull(settings.keyFile())));
        var store = KeyStore.getInstance("PKCS12");
        store.load(null, null);
        store.setKeyEntry("own", own.key(), new char[0], own.chain().toArray(X509Certificate[]::new));
        var keys = KeyManagerFactory.getInstance(KeyManagerFactory.getDefaultAlgorithm());
        keys.init(store, new char[0]);
        return keys.getKeyManagers();
    }

    /** Trusts each of these certificates directly. */
    private static final class Pinned extends X509ExtendedTrustManager {

        private final List<X509Certificate> expected;

        Pinned(List<X509Certificate> expected) {
            this.expected = expected;
        }

        private void check(X509Certificate[] chain) throws CertificateException {
            if (!expected.contains(chain[0])) {
                throw new CertificateException(
                        "the service presents a certificate other than the first one in api.tls.cert_file");
            }
        }

        @Override
        public void checkServerTrusted(X509Certificate[] chain, String authType, SSLEngine engine)
                throws CertificateException {
            check(chain);
        }

        @Override
        public void checkServerTrusted(X509Certificate[] chain, String authType, Socket socket)
                throws CertificateException {
            check(chain);
        }

        @Override
        public void checkServerTrusted(X509Certificate[] chain, String authType) throws CertificateException {
            check(chain);
        }

        @Override
        public void checkClientTrusted(X509Certificate[] chain, String authType, SSLEngine engine)
                throws CertificateException {
            throw new CertificateException("not a server");
        }

        @Override
        public void checkClientTrusted(X509Certificate[] chain, String authType, Socket socket)
                throws CertificateException {
            throw new CertificateException("not a server");
        }

        @Override
        public void checkClientTrusted(X509Certificate[] chain, String authType) throws CertificateException {
            throw new CertificateException("not a server");
        }

        @Override
        public X509Certificate[] getAcceptedIssuers() {
            return new X509Certificate[0];
        }
    }
}
