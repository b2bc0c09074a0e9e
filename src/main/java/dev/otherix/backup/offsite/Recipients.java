package dev.otherix.backup.offsite;

import com.exceptionfactory.jagged.RecipientStanzaWriter;
import com.exceptionfactory.jagged.x25519.X25519RecipientStanzaWriterFactory;
import java.nio.charset.StandardCharsets;
import java.security.GeneralSecurityException;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.HexFormat;
import java.util.List;

/**
 * Who can open the copies: public keys of age, {@code age1...}, of X25519. The identities, which are the private keys,
 * are never on this host.
 *
 * @param keys each once, in the order of the settings; at least one
 */
public record Recipients(List<String> keys) {

    private static final int HEX_DIGITS = 16;

    public Recipients {
        keys = List.copyOf(keys);
        if (keys.isEmpty()) {
            throw new IllegalArgumentException("no recipients");
        }
    }

    /** What age writes into the header of a file for each of them. */
    List<RecipientStanzaWriter> stanzas() {
        return keys.stream().map(Recipients::stanza).toList();
    }

    /** @throws IllegalArgumentException if it is no public key of X25519; the message does not repeat the text */
    static RecipientStanzaWriter stanza(String key) {
        try {
            return X25519RecipientStanzaWriterFactory.newRecipientStanzaWriter(key);
        } catch (GeneralSecurityException | IllegalArgumentException unusable) {
            throw new IllegalArgumentException("not a recipient of age", unusable);
        }
    }

    /** A short public name of each, for records: the first 16 hex digits of the SHA-256 of its text. */
    public List<String> fingerprints() {
        return keys.stream().map(Recipients::digits).toList();
    }

    /** The same for all of them together, whatever their order. */
    public String hex() {
        return digits(String.join("\n", keys.stream().sorted().toList()));
    }

    private static String digits(String text) {
        try {
            var sha = MessageDigest.getInstance("SHA-256").digest(text.getBytes(StandardCharsets.UTF_8));
            return HexFormat.of().formatHex(sha).substring(0, HEX_DIGITS);
        } catch (NoSuchAlgorithmException impossible) {
            throw new IllegalStateException("Java has SHA-256", impossible);
        }
    }
}
