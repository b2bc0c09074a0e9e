package dev.otherix.backup.config;

import java.security.PrivateKey;
import java.security.cert.X509Certificate;
import java.util.List;

/**
 * A private key and the certificate that belongs to it.
 *
 * @param chain that certificate, followed by its chain
 */
public record CertifiedKey(List<X509Certificate> chain, PrivateKey key) {

    /**
     * Reads both.
     *
     * @throws InvalidSetting if one cannot be used, or they do not belong together
     */
    public static CertifiedKey read(PemFile certificate, PemFile key) {
        var chain = certificate.certificates();
        var own = key.privateKey();
        var owner = new KeyOwner(own);
        if (!owner.usable()) {
            throw new InvalidSetting(
                    key.key(),
                    key.file(),
                    "holds a private key of a kind that this Java cannot use",
                    "Name a file with an RSA, EC (P-256, P-384, P-521) or Ed25519 key, and its certificate in "
                            + certificate.key() + ".");
        }
        if (!owner.owns(chain.getFirst().getPublicKey())) {
            throw new InvalidSetting(
                    key.key(),
                    key.file(),
                    "is not the key of the first certificate in " + certificate.key(),
                    "Name the files that belong together; the certificate of this key stands first.");
        }
        return new CertifiedKey(List.copyOf(chain), own);
    }
}
