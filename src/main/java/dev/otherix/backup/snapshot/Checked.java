package dev.otherix.backup.snapshot;

import java.util.Objects;
import org.jspecify.annotations.Nullable;

/**
 * The result of the checks of a snapshot's file.
 *
 * @param caFingerprint of the active cluster CA in the snapshot, {@code sha256:<hex>}; null if there is none, or the
 *     file has not been read yet
 * @param verification each check and its outcome
 */
public record Checked(@Nullable String caFingerprint, Verification verification) {

    public Checked {
        Objects.requireNonNull(verification, "verification");
    }
}
