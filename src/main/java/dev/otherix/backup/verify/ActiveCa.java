package dev.otherix.backup.verify;

import org.jspecify.annotations.Nullable;

/**
 * The cluster CA that is active in a snapshot.
 *
 * @param fingerprint SHA-256 of its certificate, computed from the certificate, {@code sha256:<hex>}; null if none can
 *     be read @param remark why none can be read, or what is unusual about it; else null
 */
public record ActiveCa(
        @Nullable String fingerprint, @Nullable String remark) {}
