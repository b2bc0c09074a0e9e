package dev.otherix.backup.snapshot;

import java.time.Instant;
import java.util.Objects;

/** Since when copies go to a target: no older snapshot has waited for longer than that. */
record CopyingSince(Target target, Instant since) {

    public CopyingSince {
        Objects.requireNonNull(target, "target");
        Objects.requireNonNull(since, "since");
    }
}
