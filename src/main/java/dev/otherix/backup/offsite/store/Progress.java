package dev.otherix.backup.offsite.store;

import java.util.function.LongConsumer;

/**
 * When a call last moved a byte, for the thread that waits for it. The time in which the call itself slows down does
 * not count.
 */
final class Progress {

    private final long began = System.nanoTime();
    private volatile long last = began;
    private volatile long slowedDown;
    private volatile boolean slowing;
    private volatile boolean abandoned;

    /** Notes that something moved. */
    void moved() {
        if (abandoned) {
            throw new Abandoned();
        }
        last = System.nanoTime();
    }

    /** Lets {@code sent} wait as long as it wants. Called by one thread. */
    void slowDown(LongConsumer sent, long bytes) {
        var before = System.nanoTime();
        slowing = true;
        try {
            sent.accept(bytes);
        } finally {
            var now = System.nanoTime();
            slowedDown += now - before;
            last = now;
            slowing = false;
        }
        moved();
    }

    /** Makes the next {@link #moved} fail, so that an abandoned thread does nothing more. */
    void abandon() {
        abandoned = true;
    }

    long silentNanos() {
        return slowing ? 0 : System.nanoTime() - last;
    }

    /** Since the beginning, without the time in which the call slowed down. */
    long wholeNanos() {
        return slowing ? 0 : System.nanoTime() - began - slowedDown;
    }

    /** Nobody waits for this thread any more. */
    static final class Abandoned extends RuntimeException {

        Abandoned() {
            super("this call was abandoned");
        }
    }
}
