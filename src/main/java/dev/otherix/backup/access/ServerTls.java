package dev.otherix.backup.access;

import dev.otherix.backup.config.CertifiedKey;
import dev.otherix.backup.config.InvalidSetting;
import dev.otherix.backup.config.PemFile;
import dev.otherix.backup.config.SecretFile;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.security.cert.X509Certificate;
import java.util.HexFormat;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Objects;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;
import org.springframework.boot.ssl.SslBundle;
import org.springframework.boot.ssl.pem.PemSslStore;
import org.springframework.boot.ssl.pem.PemSslStoreBundle;

/** The files of {@code api.tls}, as one of Spring's SSL bundles and as properties that make the web server use it. */
public final class ServerTls {

    static final String BUNDLE = "api";

    private final PemFile certificate;
    private final PemFile key;
    private final @Nullable PemFile clientCa;

    /** @param settings with TLS on */
    ServerTls(TlsProperties settings) {
        this.certificate = new PemFile("api.tls.cert_file", Objects.requireNonNull(settings.certFile()));
        this.key = new PemFile("api.tls.key_file", Objects.requireNonNull(settings.keyFile()));
        var callers = settings.clientCaFile();
        this.clientCa = callers == null ? null : new PemFile("api.tls.client_ca_file", callers);
    }

    /**
     * Spring's properties for these settings; none if TLS is off.
     *
     * @throws InvalidSetting if a file is missing, has too open a mode, or has the wrong content
     */
    public static Map<String, Object> properties(TlsProperties settings) {
        if (!settings.on()) {
            return Map.of();
        }
        new ServerTls(settings).read();
        var properties = new LinkedHashMap<String, Object>();
        properties.put("server.ssl.bundle", BUNDLE);
        if (settings.clientCaFile() != null) {
            properties.put("server.ssl.client-auth", "need");
        }
        return properties;
    }

    /**
     * The content of the files.
     *
     * @param certificate the server's own
     */
    record Identity(SslBundle bundle, X509Certificate certificate) {}

    /**
     * Reads and checks the files.
     *
     * @throws InvalidSetting if one is missing, has too open a mode, or has the wrong content
     */
    Identity read() {
        SecretFile.check(key.key(), key.file());
        var own = CertifiedKey.read(certificate, key);
        var store = PemSslStore.of(own.chain(), own.key());
        var trusted = clientCa == null ? null : PemSslStore.of(clientCa.certificates(), null);
        return new Identity(
                SslBundle.of(new PemSslStoreBundle(store, trusted)), own.chain().getFirst());
    }

    /**
     * A value that changes with the content of a file, however it was replaced: a hash of all files, or why one cannot
     * be read.
     */
    String content() {
        try {
            var hash = MessageDigest.getInstance("SHA-256");
            Stream.of(certificate, key, clientCa).filter(Objects::nonNull).forEach(file -> {
                var bytes = file.bytes();
                hash.update(Integer.toString(bytes.length).getBytes(StandardCharsets.US_ASCII));
                hash.update(bytes);
            });
            return HexFormat.of().formatHex(hash.digest());
        } catch (InvalidSetting unreadable) {
            return String.valueOf(unreadable.getMessage());
        } catch (NoSuchAlgorithmException missing) {
            throw new IllegalStateException("this Java has no SHA-256", missing);
        }
    }

    /** The file of the certificate, for messages. */
    Path certificateFile() {
        return certificate.file();
    }
}
