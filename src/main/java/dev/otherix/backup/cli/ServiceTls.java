package dev.otherix.backup.cli;

import dev.otherix.backup.access.TlsProperties;
import java.io.IOException;
import java.net.Socket;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.GeneralSecurityException;
import java.security.KeyStore;
import java.security.cert.CertificateException;
import java.security.cert.X509Certificate;
import java.util.List;
import javax.net.ssl.KeyManager;
import javax.net.ssl.KeyManagerFactory;
import javax.net.ssl.SSLContext;
import javax.net.ssl.SSLEngine;
import javax.net.ssl.TrustManager;
import javax.net.ssl.X509ExtendedTrustManager;
import org.springframework.boot.ssl.pem.PemContent;

/**
 * TLS to the running service. Trusts the one certificate that {@code api.tls.cert_file} holds, whatever names are in it and whoever
 * signed it: no other server has its key. Where the service asks callers for a certificate, the service's own is shown.
 */
final class ServiceTls {

    private ServiceTls() {
    }

    /** @throws CommandFailure if the files cannot be used */
    static SSLContext of(TlsProperties settings) {
        try {
            var context = SSLContext.getInstance("TLS");
            var certificates = PemContent.of(read(settings.certFile())).getCertificates();
            var own = settings.clientCaFile() == null ? new KeyManager[0] : own(certificates, settings.keyFile());
            context.init(own, new TrustManager[] {new Pinned(certificates.getFirst())}, null);
            return context;
        } catch (IOException | GeneralSecurityException | IllegalStateException unusable) {
            throw new CommandFailure("what api.tls names cannot be used to reach the service: " + unusable,
                    "Run this as the service's user, or as root. The certificate has to be readable; the key too, where the service asks"
                            + " callers for a certificate (api.tls.client_ca_file).", ExitCode.USAGE, unusable);
        }
    }

    private static KeyManager[] own(List<X509Certificate> chain, Path keyFile) throws IOException, GeneralSecurityException {
        var store = KeyStore.getInstance("PKCS12");
        store.load(null, null);
        store.setKeyEntry("own", PemContent.of(read(keyFile)).getPrivateKey(), new char[0], chain.toArray(X509Certificate[]::new));
        var keys = KeyManagerFactory.getInstance(KeyManagerFactory.getDefaultAlgorithm());
        keys.init(store, new char[0]);
        return keys.getKeyManagers();
    }

    private static String read(Path file) throws IOException {
        return Files.readString(file);
    }

    /** Trusts one certificate. */
    private static final class Pinned extends X509ExtendedTrustManager {

        private final X509Certificate expected;

        Pinned(X509Certificate expected) {
            this.expected = expected;
        }

        private void check(X509Certificate[] chain) throws CertificateException {
            if (!chain[0].equals(expected)) {
                throw new CertificateException("the service shows another certificate than the first one in api.tls.cert_file");
            }
        }

        @Override
        public void checkServerTrusted(X509Certificate[] chain, String authType, SSLEngine engine) throws CertificateException {
            check(chain);
        }

        @Override
        public void checkServerTrusted(X509Certificate[] chain, String authType, Socket socket) throws CertificateException {
            check(chain);
        }

        @Override
        public void checkServerTrusted(X509Certificate[] chain, String authType) throws CertificateException {
            check(chain);
        }

        @Override
        public void checkClientTrusted(X509Certificate[] chain, String authType, SSLEngine engine) throws CertificateException {
            throw new CertificateException("not a server");
        }

        @Override
        public void checkClientTrusted(X509Certificate[] chain, String authType, Socket socket) throws CertificateException {
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
