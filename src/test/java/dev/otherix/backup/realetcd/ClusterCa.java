package dev.otherix.backup.realetcd;

import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.security.GeneralSecurityException;
import java.security.MessageDigest;
import java.security.cert.CertificateFactory;
import java.security.cert.X509Certificate;
import java.time.Instant;
import java.util.Base64;
import java.util.HexFormat;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.UUID;

/**
 * A cluster CA as otherix makes one: ECDSA P-384, ten years, {@code CN=otherix-cluster-ca}.
 *
 * @param id its row's id
 * @param certificatePem what {@code cluster-ca.crt} holds on disk
 * @param keyPem its private key
 * @param fingerprint as otherix prints it: {@code sha256:} and the lower-case hex digest of the certificate's DER
 */
public record ClusterCa(
        String id, String certificatePem, String keyPem, String fingerprint, Instant notBefore, Instant notAfter) {

    /** The key whose value is the active CA's id. */
    public static final String ACTIVE_KEY = "/otherix/uniq/ca_certs/active";

    /** Makes a new one; takes a second or two. */
    public static ClusterCa generate() {
        try {
            var directory = Files.createTempDirectory("cluster-ca-");
            try {
                var ca = TestCertificates.authority(directory, "otherix-cluster-ca", "secp384r1")
                        .authority();
                return read(Files.readString(ca.certificate()), Files.readString(ca.key()));
            } finally {
                HomeCache.deleteTree(directory);
            }
        } catch (IOException cause) {
            throw new UncheckedIOException("cannot make a cluster CA", cause);
        }
    }

    /** The key of its row. */
    public String rowKey() {
        return "/otherix/ca_certs/" + id;
    }

    /** Its row as otherix writes it: field names of the Go struct, byte slices in standard base64. */
    public Map<String, Object> row() {
        var row = new LinkedHashMap<String, Object>();
        row.put("ID", id);
        row.put("CertPem", base64(certificatePem.getBytes(StandardCharsets.US_ASCII)));
        row.put("KeyPem", base64(keyPem.getBytes(StandardCharsets.US_ASCII)));
        row.put("FingerprintSha256", base64(HexFormat.of().parseHex(fingerprint.substring("sha256:".length()))));
        row.put("NotBefore", notBefore.toString());
        row.put("NotAfter", notAfter.toString());
        row.put("Active", true);
        row.put("CreatedAt", notBefore.toString());
        row.put("RetiredAt", null);
        return row;
    }

    @Override
    public String toString() {
        return "ClusterCa[" + id + ", " + fingerprint + "]";
    }

    private static ClusterCa read(String certificatePem, String keyPem) {
        try {
            var certificate = (X509Certificate) CertificateFactory.getInstance("X.509")
                    .generateCertificate(new ByteArrayInputStream(certificatePem.getBytes(StandardCharsets.US_ASCII)));
            var digest = MessageDigest.getInstance("SHA-256").digest(certificate.getEncoded());
            return new ClusterCa(
                    UUID.randomUUID().toString(),
                    certificatePem,
                    keyPem,
                    "sha256:" + HexFormat.of().formatHex(digest),
                    certificate.getNotBefore().toInstant(),
                    certificate.getNotAfter().toInstant());
        } catch (GeneralSecurityException cause) {
            throw new IllegalStateException("cannot read the certificate just made", cause);
        }
    }

    private static String base64(byte[] bytes) {
        return Base64.getEncoder().encodeToString(bytes);
    }
}
