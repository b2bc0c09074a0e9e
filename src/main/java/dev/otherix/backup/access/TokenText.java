package dev.otherix.backup.access;

import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.security.SecureRandom;
import java.util.Base64;
import java.util.HexFormat;
import java.util.regex.Pattern;

/** The text of a token, as a caller presents it, and the hash that is kept of it. */
final class TokenText {

    /** Marks a token of this service, for people and for scanners that look for leaked secrets. */
    static final String PREFIX = "oeb_";

    // marks the token of the first start, which has all rights: a token that a person wrote in its place lacks it
    private static final String FIRST_PREFIX = PREFIX + "first_";
    private static final int RANDOM_BYTES = 32;
    private static final Pattern TEXT = Pattern.compile("[\\x21-\\x7e]{20,512}");

    private TokenText() {}

    /** A new token with 256 random bits. */
    static String random() {
        return random(PREFIX);
    }

    /** The same for the first start. */
    static String first() {
        return random(FIRST_PREFIX);
    }

    /** Whether it was made by {@link #first()}. */
    static boolean isFirst(String text) {
        return text.startsWith(FIRST_PREFIX);
    }

    private static String random(String prefix) {
        var bytes = new byte[RANDOM_BYTES];
        new SecureRandom().nextBytes(bytes);
        return prefix + Base64.getUrlEncoder().withoutPadding().encodeToString(bytes);
    }

    /** The hash that is kept: SHA-256 in lower-case hex. */
    static String sha256(String text) {
        try {
            return HexFormat.of()
                    .formatHex(MessageDigest.getInstance("SHA-256").digest(text.getBytes(StandardCharsets.UTF_8)));
        } catch (NoSuchAlgorithmException everyJavaHasIt) {
            throw new IllegalStateException(everyJavaHasIt);
        }
    }

    /** Whether it can be a token: 20 to 512 visible ASCII characters. */
    static boolean isPossible(String text) {
        return TEXT.matcher(text).matches();
    }
}
