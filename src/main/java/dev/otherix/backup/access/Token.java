package dev.otherix.backup.access;

import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.time.Instant;
import org.jspecify.annotations.Nullable;

/**
 * A token that is known, never its text.
 *
 * @param name who uses it, for records and the audit log
 * @param sha256 of its text, in lower-case hex
 * @param expiresAt from when it is refused; null = never
 */
record Token(
        String name, Scope scope, String sha256, @Nullable Instant expiresAt) {

    /** Whether it is the one with this hash, in a time that does not depend on how much of it is right. */
    boolean hashesTo(String other) {
        return MessageDigest.isEqual(
                sha256.getBytes(StandardCharsets.US_ASCII), other.getBytes(StandardCharsets.US_ASCII));
    }

    boolean expired(Instant now) {
        return expiresAt != null && !now.isBefore(expiresAt);
    }
}
