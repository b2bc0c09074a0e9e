package dev.otherix.backup.offsite;

import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.HexFormat;

/** Makes the SHA-256 of bytes that pass by. */
final class Sha256 {

    private final MessageDigest digest;
    private long bytes;

    Sha256() {
        try {
            this.digest = MessageDigest.getInstance("SHA-256");
        } catch (NoSuchAlgorithmException impossible) {
            throw new IllegalStateException("Java has SHA-256", impossible);
        }
    }

    private Sha256(Sha256 other) {
        try {
            this.digest = (MessageDigest) other.digest.clone();
        } catch (CloneNotSupportedException impossible) {
            throw new IllegalStateException("Java's SHA-256 can be copied", impossible);
        }
        this.bytes = other.bytes;
    }

    void add(byte[] from, int offset, int length) {
        digest.update(from, offset, length);
        bytes += length;
    }

    /** How many bytes passed. */
    long bytes() {
        return bytes;
    }

    /** The same state, for another try. */
    Sha256 copy() {
        return new Sha256(this);
    }

    /** In lower-case hex; ends it. */
    String hex() {
        return HexFormat.of().formatHex(digest.digest());
    }
}
