package dev.otherix.backup.offsite.store;

import java.time.Duration;

/**
 * How long a store may take.
 *
 * @param silence without a byte in either direction
 * @param grace for one call as a whole, on top of what its bytes may take
 * @param slowest bytes per second; a transfer whose mean is lower fails
 * @param pause before the second attempt of a call; before each further one it doubles
 */
record Limits(Duration silence, Duration grace, long slowest, Duration pause) {

    static final Limits USUAL =
            new Limits(Duration.ofSeconds(30), Duration.ofSeconds(60), 8 << 10, Duration.ofMillis(500));

    /** For a call that moves {@code bytes}. */
    Duration whole(long bytes) {
        return grace.plusMillis(bytes * 1000 / slowest);
    }
}
