package dev.otherix.backup.offsite.store;

import java.io.ByteArrayInputStream;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.Base64;
import software.amazon.awssdk.core.sync.RequestBody;

/**
 * The checksums of a body, as headers want them.
 *
 * @param length in bytes
 */
record Sums(int length, String md5, String sha256) {

    private static final String TYPE = "application/octet-stream";

    static Sums of(byte[] bytes, int length) {
        return new Sums(length, sum("MD5", bytes, length), sum("SHA-256", bytes, length));
    }

    private static String sum(String algorithm, byte[] bytes, int length) {
        try {
            var digest = MessageDigest.getInstance(algorithm);
            digest.update(bytes, 0, length);
            return Base64.getEncoder().encodeToString(digest.digest());
        } catch (NoSuchAlgorithmException impossible) {
            throw new IllegalStateException("Java has " + algorithm, impossible);
        }
    }

    /** The same bytes to send, without a copy of them. */
    RequestBody body(byte[] bytes) {
        return RequestBody.fromContentProvider(() -> new ByteArrayInputStream(bytes, 0, length), length, TYPE);
    }
}
