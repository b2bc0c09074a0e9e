package dev.otherix.backup.snapshot;

import java.util.Objects;
import org.jspecify.annotations.Nullable;

/**
 * What the checks of a snapshot's file found.
 *
 * @param caFingerprint of the active cluster CA in the snapshot, {@code sha256:<hex>}; null where there is none, or
 *     nobody has read the file yet
 * @param verification each check and its outcome
 */
public record Checked(@Nullable String caFingerprint, Verification verification) {

    public Checked {
        Objects.requireNonNull(verification, "verification");
    }
}
