package dev.otherix.backup.config;

import java.nio.charset.StandardCharsets;
import java.security.PrivateKey;
import java.security.cert.X509Certificate;
import java.util.List;
import org.jspecify.annotations.Nullable;
import org.springframework.boot.ssl.pem.PemContent;

/**
 * Certificates and private keys in PEM form: the API's TLS, the client of etcd and the commands all read them here.
 * Keys may be PKCS#8, PKCS#1 or SEC1 (with {@code EC PARAMETERS} before it or not), on any algorithm of this Java, not
 * encrypted.
 */
public final class PemText {

    private static final int DER_SEQUENCE = 0x30;
    private static final String LABEL = "-----BEGIN ";

    private final String text;
    private final boolean der;

    /** @param bytes the whole content of a file, whatever it is */
    public PemText(byte[] bytes) {
        // text around the blocks may be in any encoding; PEM itself is ASCII
        this.text = new String(bytes, StandardCharsets.ISO_8859_1);
        this.der = bytes.length > 0 && bytes[0] == DER_SEQUENCE && !text.contains(LABEL);
    }

    /**
     * All certificates, in their order; at least one.
     *
     * @throws UnusablePem if there is none, or one that cannot be read
     */
    public List<X509Certificate> certificates() {
        requireText("openssl x509 -inform der -in %s -out NEW");
        try {
            var certificates = PemContent.of(text).getCertificates();
            if (!certificates.isEmpty()) {
                return certificates;
            }
        } catch (IllegalStateException | IllegalArgumentException unreadable) {
            if (text.contains("CERTIFICATE-----")) {
                throw new UnusablePem("holds a certificate that cannot be read", null, unreadable);
            }
        }
        throw new UnusablePem("holds no certificate in PEM form", null, null);
    }

    /**
     * The first private key.
     *
     * @throws UnusablePem if there is none, or one that cannot be used; never quotes the content
     */
    public PrivateKey privateKey() {
        requireText("openssl pkey -inform der -in %s -out NEW");
        if (text.contains("BEGIN ENCRYPTED PRIVATE KEY") || text.contains("Proc-Type: 4,ENCRYPTED")) {
            throw new UnusablePem(
                    "holds an encrypted private key, and there is no setting for its password",
                    "openssl pkey -in %s -out NEW",
                    null);
        }
        if (!text.contains("PRIVATE KEY-----")) {
            throw new UnusablePem("holds no private key in PEM form", null, null);
        }
        var key = parsed();
        if (key == null) {
            throw new UnusablePem("holds a private key that cannot be used", "openssl pkey -in %s -noout -text", null);
        }
        return key;
    }

    private @Nullable PrivateKey parsed() {
        try {
            return PemContent.of(text).getPrivateKey();
        } catch (IllegalStateException | IllegalArgumentException unusable) {
            // its message may quote the key
            return null;
        }
    }

    private void requireText(String command) {
        if (text.isBlank()) {
            throw new UnusablePem("is empty", null, null);
        }
        if (der) {
            throw new UnusablePem("is in DER form, not PEM", command, null);
        }
    }
}
