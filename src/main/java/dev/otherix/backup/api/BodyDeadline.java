package dev.otherix.backup.api;

import java.time.Duration;

/**
 * How long the body of one request may take to arrive, even if bytes keep arriving: reading it occupies a thread.
 *
 * @param began by {@link System#nanoTime}
 */
record BodyDeadline(long began) {

    static final Duration LIMIT = Duration.ofSeconds(10);

    boolean isOver() {
        return System.nanoTime() - began > LIMIT.toNanos();
    }
}
