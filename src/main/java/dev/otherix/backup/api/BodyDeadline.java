package dev.otherix.backup.api;

import java.time.Duration;

/**
 * How long the body of one request may take to arrive, however steadily it comes: reading it holds a thread.
 *
 * @param began by {@link System#nanoTime}
 */
record BodyDeadline(long began) {

    static final Duration LIMIT = Duration.ofSeconds(10);

    boolean isOver() {
        return System.nanoTime() - began > LIMIT.toNanos();
    }
}
