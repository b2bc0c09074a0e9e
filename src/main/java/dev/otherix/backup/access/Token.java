package dev.otherix.backup.access;

import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.time.Instant;
import org.jspecify.annotations.Nullable;

/**
 * A known token, without its text.
 *
 * @param name its user, for records and the audit log
 * @param sha256 of its text, in lower-case hex
 * @param expiresAt the time from which it is refused; null = never
 */
record Token(
        String name, Scope scope, String sha256, @Nullable Instant expiresAt) {

    /** Whether it has this hash; the time does not depend on how much of the hash matches. */
    boolean hashesTo(String other) {
        return MessageDigest.isEqual(
                sha256.getBytes(StandardCharsets.US_ASCII), other.getBytes(StandardCharsets.US_ASCII));
    }

    boolean expired(Instant now) {
        return expiresAt != null && !now.isBefore(expiresAt);
    }
}
