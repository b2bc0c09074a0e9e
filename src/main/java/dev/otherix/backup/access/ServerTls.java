package dev.otherix.backup.access;

import dev.otherix.backup.config.InvalidSetting;
import dev.otherix.backup.config.KeyOwner;
import dev.otherix.backup.config.SecretFile;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.PrivateKey;
import java.security.cert.X509Certificate;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import org.springframework.boot.ssl.pem.PemContent;

/** Puts {@code api.tls} into the words of Spring's SSL bundles, which serve the files and look for new ones. */
public final class ServerTls {

    private static final String BUNDLE = "api";
    private static final String PEM = "spring.ssl.bundle.pem." + BUNDLE + ".";

    private ServerTls() {
    }

    /**
     * Spring's properties for these settings; none where TLS is off.
     *
     * @throws InvalidSetting if a file is not there, too open, or does not hold what it should
     */
    public static Map<String, Object> properties(TlsProperties settings) {
        if (!settings.on()) {
            return Map.of();
        }
        var certificate = Objects.requireNonNull(settings.certFile());
        var key = Objects.requireNonNull(settings.keyFile());
        check(certificate, key);
        var properties = new LinkedHashMap<String, Object>();
        properties.put("server.ssl.bundle", BUNDLE);
        properties.put(PEM + "reload-on-update", true);
        properties.put(PEM + "keystore.certificate", certificate.toUri().toString());
        properties.put(PEM + "keystore.private-key", key.toUri().toString());
        // so that a new certificate without its new key changes nothing
        properties.put(PEM + "keystore.verify-keys", true);
        if (settings.clientCaFile() != null) {
            certificates("api.tls.client_ca_file", settings.clientCaFile());
            properties.put("server.ssl.client-auth", "need");
            properties.put(PEM + "truststore.certificate", settings.clientCaFile().toUri().toString());
        }
        return properties;
    }

    private static void check(Path certificate, Path key) {
        SecretFile.check("api.tls.key_file", key);
        var chain = certificates("api.tls.cert_file", certificate);
        var own = privateKey(key);
        if (!new KeyOwner(own).owns(chain.getFirst().getPublicKey())) {
            throw new InvalidSetting("api.tls.key_file", key, "is not the key of the first certificate in " + certificate,
                    "Name the files that belong together; the server's own certificate stands first.");
        }
    }

    private static List<X509Certificate> certificates(String key, Path file) {
        try {
            var certificates = PemContent.of(Files.readString(file)).getCertificates();
            if (!certificates.isEmpty()) {
                return certificates;
            }
        } catch (IOException | IllegalStateException | IllegalArgumentException unusable) {
            throw new InvalidSetting(key, file, "cannot be read as certificates (" + unusable.getMessage() + ")",
                    "Name a file with certificates in PEM form that this service's user may read.");
        }
        throw new InvalidSetting(key, file, "holds no certificate", "Name a file with certificates in PEM form.");
    }

    private static PrivateKey privateKey(Path file) {
        try {
            var key = PemContent.of(Files.readString(file)).getPrivateKey();
            if (key != null) {
                return key;
            }
        } catch (IOException | IllegalStateException | IllegalArgumentException unusable) {
            // its message may quote the file
        }
        throw new InvalidSetting("api.tls.key_file", file, "holds no private key that can be used",
                "Name a file with an unencrypted private key in PEM form (openssl pkcs8 -topk8 -nocrypt makes one of others).");
    }
}
