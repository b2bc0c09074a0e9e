package dev.otherix.backup.offsite;

import java.time.Duration;
import java.util.function.LongSupplier;
import java.util.random.RandomGenerator;

/**
 * When to try again after failures: after 1 minute, then after twice as long each time, at most 15 minutes, each up to
 * a fifth shorter, so that many services do not ask at once. A clock that is set does not change it.
 */
final class Retry {

    private static final Duration FIRST = Duration.ofMinutes(1);
    private static final Duration LONGEST = Duration.ofMinutes(15);
    private static final double JITTER = 0.2;

    private final LongSupplier nanoTime;
    private final RandomGenerator random;
    private int failures;
    private long due;

    Retry(LongSupplier nanoTime, RandomGenerator random) {
        this.nanoTime = nanoTime;
        this.random = random;
        this.due = nanoTime.getAsLong();
    }

    synchronized boolean isDue() {
        return nanoTime.getAsLong() - due >= 0;
    }

    synchronized void succeeded() {
        failures = 0;
        due = nanoTime.getAsLong();
    }

    synchronized void failed() {
        due = nanoTime.getAsLong() + pause().toNanos();
        failures++;
    }

    private Duration pause() {
        var doubled = FIRST.multipliedBy(1L << Math.min(failures, 4));
        var longest = doubled.compareTo(LONGEST) < 0 ? doubled : LONGEST;
        return Duration.ofNanos((long) (longest.toNanos() * (1 - JITTER * random.nextDouble())));
    }
}
