package dev.otherix.backup.verify;

import java.io.ByteArrayInputStream;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.security.cert.CertificateException;
import java.security.cert.CertificateFactory;
import java.util.Arrays;
import java.util.HexFormat;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;
import tools.jackson.core.JacksonException;
import tools.jackson.core.JsonToken;
import tools.jackson.core.ObjectReadContext;
import tools.jackson.core.json.JsonFactory;

/**
 * Reads the row of a cluster CA: Go's JSON, in which byte slices are base64, with {@code CertPem}, {@code KeyPem} and
 * {@code FingerprintSha256} (otherix: the row of resource {@code ca_certs}). Only the fields asked for are decoded, and
 * the row is overwritten afterwards: it has a private key.
 */
public final class CaRow {

    /** The key whose value is the id of the active CA. */
    public static final String ACTIVE_KEY = "/otherix/uniq/ca_certs/active";

    /** What the key of a CA's row begins with; its id follows. */
    public static final String PREFIX = "/otherix/ca_certs/";

    private static final String CERTIFICATE = "CertPem";
    private static final String KEY = "KeyPem";
    private static final String FINGERPRINT = "FingerprintSha256";
    private static final JsonFactory JSON = new JsonFactory();

    private CaRow() {}

    /** The CA of the active row. */
    public static ActiveCa active(byte[] row) {
        try {
            var fields = fields(row, Set.of(CERTIFICATE, FINGERPRINT));
            var pem = fields.get(CERTIFICATE);
            if (pem == null) {
                return new ActiveCa(null, "the row of the active cluster CA has no certificate");
            }
            var fingerprint = fingerprint(pem);
            var said = fields.get(FINGERPRINT);
            return new ActiveCa(
                    text(fingerprint),
                    said == null || Arrays.equals(said, fingerprint)
                            ? null
                            : "the row says that the certificate has the fingerprint " + text(said) + ", it has "
                                    + text(fingerprint));
        } catch (JacksonException | CertificateException unreadable) {
            return new ActiveCa(null, "the row of the active cluster CA cannot be read");
        }
    }

    /** The pair in a row; empty if it does not have both. */
    static Optional<CaPair> pair(byte[] row) {
        try {
            var fields = fields(row, Set.of(CERTIFICATE, KEY));
            var certificate = fields.get(CERTIFICATE);
            var key = fields.get(KEY);
            return certificate == null || key == null ? Optional.empty() : Optional.of(new CaPair(certificate, key));
        } catch (JacksonException unreadable) {
            return Optional.empty();
        }
    }

    private static Map<String, byte @Nullable []> fields(byte[] json, Set<String> wanted) {
        var found = new TreeMap<String, byte @Nullable []>();
        try (var parser = JSON.createParser(ObjectReadContext.empty(), json)) {
            if (parser.nextToken() != JsonToken.START_OBJECT) {
                return found;
            }
            for (var token = parser.nextToken(); token == JsonToken.PROPERTY_NAME; token = parser.nextToken()) {
                var name = parser.currentName();
                var value = parser.nextToken();
                if (wanted.contains(name) && value == JsonToken.VALUE_STRING) {
                    found.put(name, parser.getBinaryValue());
                } else {
                    parser.skipChildren();
                }
            }
        } finally {
            Arrays.fill(json, (byte) 0);
        }
        return found;
    }

    private static byte[] fingerprint(byte[] pem) throws CertificateException {
        var certificate = CertificateFactory.getInstance("X.509").generateCertificate(new ByteArrayInputStream(pem));
        try {
            return MessageDigest.getInstance("SHA-256").digest(certificate.getEncoded());
        } catch (NoSuchAlgorithmException everyJdkHasIt) {
            throw new IllegalStateException(everyJdkHasIt);
        }
    }

    private static String text(byte[] fingerprint) {
        return "sha256:" + HexFormat.of().formatHex(fingerprint);
    }
}
