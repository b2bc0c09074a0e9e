package dev.otherix.backup.offsite;

import com.exceptionfactory.jagged.x25519.X25519KeyPairGenerator;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.NoSuchAlgorithmException;

/**
 * A key pair of age, made for a test.
 *
 * @param identity the private key
 * @param recipient the public key
 */
public record AgeKey(String identity, String recipient) {

    public static AgeKey generate() {
        try {
            var pair = new X25519KeyPairGenerator().generateKeyPair();
            return new AgeKey(pair.getPrivate().toString(), pair.getPublic().toString());
        } catch (NoSuchAlgorithmException everyJdkHasIt) {
            throw new IllegalStateException(everyJdkHasIt);
        }
    }

    /** Writes the identity as age-keygen does. */
    public Path write(Path file) {
        try {
            return Files.writeString(
                    file, "# created: 2026-06-06T03:15:00Z\n# public key: " + recipient + "\n" + identity + "\n");
        } catch (IOException cause) {
            throw new UncheckedIOException(cause);
        }
    }
}
