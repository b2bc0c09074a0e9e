package dev.otherix.backup.cli;

import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.nio.charset.StandardCharsets;
import java.security.GeneralSecurityException;
import java.security.InvalidKeyException;
import java.security.KeyFactory;
import java.security.PrivateKey;
import java.security.PublicKey;
import java.security.Signature;
import java.security.cert.CertificateFactory;
import java.security.spec.InvalidKeySpecException;
import java.security.spec.PKCS8EncodedKeySpec;
import java.util.Arrays;
import java.util.Base64;
import java.util.regex.Pattern;

/** Whether a private key is that of a certificate: what it signs, the certificate's key verifies. */
final class KeyOfCertificate {

    private static final Pattern KEY = Pattern.compile("-----BEGIN ((?:EC |RSA )?)PRIVATE KEY-----([^-]*)-----END \\1PRIVATE KEY-----");
    private static final byte[] SIGNED = "otherix-etcd-backup".getBytes(StandardCharsets.US_ASCII);
    private static final int SEQUENCE = 0x30;
    private static final int OCTETS = 0x04;
    private static final byte[] VERSION_0 = {0x02, 0x01, 0x00};

    private KeyOfCertificate() {}

    /**
     * Says nothing where they belong together.
     *
     * @param certificate PEM
     * @param key PEM: PKCS #8, or the older forms for elliptic curves (SEC 1) and RSA (PKCS #1)
     * @throws GeneralSecurityException otherwise; its message tells nothing of the key
     */
    static void require(byte[] certificate, byte[] key) throws GeneralSecurityException {
        var publicKey = CertificateFactory.getInstance("X.509").generateCertificate(new ByteArrayInputStream(certificate)).getPublicKey();
        var signer = Signature.getInstance(algorithm(publicKey));
        try {
            signer.initSign(read(key, publicKey));
            signer.update(SIGNED);
            var signature = signer.sign();
            signer.initVerify(publicKey);
            signer.update(SIGNED);
            if (signer.verify(signature)) {
                return;
            }
        } catch (InvalidKeySpecException | InvalidKeyException other) {
            throw new GeneralSecurityException("its private key is not one for a certificate of " + publicKey.getAlgorithm());
        }
        throw new GeneralSecurityException("its private key is not that of its certificate");
    }

    private static String algorithm(PublicKey key) {
        return switch (key.getAlgorithm()) {
            case "EC" -> "SHA256withECDSA";
            case "RSA" -> "SHA256withRSA";
            default -> key.getAlgorithm();
        };
    }

    private static PrivateKey read(byte[] pem, PublicKey publicKey) throws GeneralSecurityException {
        var found = KEY.matcher(new String(pem, StandardCharsets.US_ASCII));
        if (!found.find()) {
            throw new GeneralSecurityException("its private key is not PEM");
        }
        byte[] der;
        try {
            der = Base64.getMimeDecoder().decode(found.group(2));
        } catch (IllegalArgumentException notBase64) {
            throw new GeneralSecurityException("its private key is not PEM");
        }
        byte[] pkcs8 = found.group(1).isEmpty() ? der : der(SEQUENCE, VERSION_0, algorithmIdentifier(publicKey), der(OCTETS, der));
        try {
            return KeyFactory.getInstance(publicKey.getAlgorithm()).generatePrivate(new PKCS8EncodedKeySpec(pkcs8));
        } finally {
            Arrays.fill(der, (byte) 0);
            Arrays.fill(pkcs8, (byte) 0);
        }
    }

    /** The first element of a SubjectPublicKeyInfo (RFC 5280, 4.1), which PKCS #8 (RFC 5208, 5) has in the same form. */
    private static byte[] algorithmIdentifier(PublicKey key) {
        byte[] info = key.getEncoded();
        int from = contentAt(info, 0);
        return Arrays.copyOfRange(info, from, contentAt(info, from) + (info[from + 1] & 0xff));
    }

    /** Where the content of the element at {@code at} begins. */
    private static int contentAt(byte[] der, int at) {
        int length = der[at + 1] & 0xff;
        return at + 2 + (length < 0x80 ? 0 : length & 0x7f);
    }

    private static byte[] der(int tag, byte[]... parts) {
        var content = new ByteArrayOutputStream();
        for (var part : parts) {
            content.writeBytes(part);
        }
        int length = content.size();
        var element = new ByteArrayOutputStream();
        element.write(tag);
        if (length >= 0x100) {
            element.write(0x82);
            element.write(length >>> Byte.SIZE);
        } else if (length >= 0x80) {
            element.write(0x81);
        }
        element.write(length);
        element.writeBytes(content.toByteArray());
        return element.toByteArray();
    }
}
