package dev.otherix.backup.config;

import java.nio.charset.StandardCharsets;
import java.security.GeneralSecurityException;
import java.security.PrivateKey;
import java.security.PublicKey;
import java.security.Signature;
import java.security.interfaces.RSAKey;
import java.security.spec.MGF1ParameterSpec;
import java.security.spec.PSSParameterSpec;
import java.util.Objects;

/** Checks whether a public key belongs to a private one: the public key must verify a signature of the private one. */
public record KeyOwner(PrivateKey key) {

    private static final byte[] TEXT = "otherix-etcd-backup".getBytes(StandardCharsets.US_ASCII);
    private static final PSSParameterSpec PSS =
            new PSSParameterSpec("SHA-256", "MGF1", MGF1ParameterSpec.SHA256, 32, 1);

    /** Whether this Java can use the key: it can read keys of curves that it does not support. */
    public boolean usable() {
        try {
            signed();
            return true;
        } catch (GeneralSecurityException refused) {
            return false;
        }
    }

    /** Whether {@code other} belongs to this key. */
    public boolean owns(PublicKey other) {
        try {
            var signed = signed();
            var signature = signature();
            signature.initVerify(other);
            signature.update(TEXT);
            return signature.verify(signed);
        } catch (GeneralSecurityException anotherKind) {
            return false;
        }
    }

    private byte[] signed() throws GeneralSecurityException {
        var signature = signature();
        signature.initSign(key);
        signature.update(TEXT);
        return signature.sign();
    }

    private Signature signature() throws GeneralSecurityException {
        var signature = Signature.getInstance(
                switch (key.getAlgorithm()) {
                    case "RSA" -> "SHA256withRSA";
                    case "EC" -> "SHA256withECDSA";
                    default -> key.getAlgorithm();
                });
        if (key instanceof RSAKey rsa && signature.getAlgorithm().equals("RSASSA-PSS")) {
            signature.setParameter(Objects.requireNonNullElse(rsa.getParams(), PSS));
        }
        return signature;
    }
}
