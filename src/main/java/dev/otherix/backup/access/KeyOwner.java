package dev.otherix.backup.access;

import java.nio.charset.StandardCharsets;
import java.security.GeneralSecurityException;
import java.security.PrivateKey;
import java.security.PublicKey;
import java.security.Signature;

/** Tells whether a public key is that of a private one, by a signature. */
record KeyOwner(PrivateKey key) {

    private static final byte[] TEXT = "otherix-etcd-backup".getBytes(StandardCharsets.US_ASCII);

    boolean owns(PublicKey other) {
        try {
            var signature = Signature.getInstance(algorithm());
            signature.initSign(key);
            signature.update(TEXT);
            var signed = signature.sign();
            signature.initVerify(other);
            signature.update(TEXT);
            return signature.verify(signed);
        } catch (GeneralSecurityException anotherKind) {
            return false;
        }
    }

    private String algorithm() {
        return switch (key.getAlgorithm()) {
            case "RSA" -> "SHA256withRSA";
            case "EC" -> "SHA256withECDSA";
            default -> key.getAlgorithm();
        };
    }
}
