package dev.otherix.backup.offsite;

import dev.otherix.backup.offsite.store.StoreFailure;
import java.util.concurrent.TimeUnit;
import java.util.function.LongConsumer;
import java.util.function.LongSupplier;

/**
 * Holds the traffic with one target to a rate: each piece waits until its time has come. Time that was lost is made up
 * for, at most a quarter of a second. Safe for use by several threads, which share the rate.
 */
final class Pace implements LongConsumer {

    private static final long MOST_CREDIT_NANOS = TimeUnit.MILLISECONDS.toNanos(250);
    private static final long SHORTEST_WAIT_NANOS = TimeUnit.MILLISECONDS.toNanos(2);
    private static final double NANOS = 1e9;

    private final long bytesPerSecond;
    private final LongSupplier nanoTime;
    private final Wait wait;
    private long dueAt;

    /** @param bytesPerSecond 0 for no limit */
    Pace(long bytesPerSecond) {
        this(bytesPerSecond, System::nanoTime, TimeUnit.NANOSECONDS::sleep);
    }

    Pace(long bytesPerSecond, LongSupplier nanoTime, Wait wait) {
        this.bytesPerSecond = bytesPerSecond;
        this.nanoTime = nanoTime;
        this.wait = wait;
        this.dueAt = nanoTime.getAsLong();
    }

    /** Waits some nanoseconds. */
    interface Wait {
        void of(long nanos) throws InterruptedException;
    }

    /** Counts a piece that leaves or has come, and waits until the next may. */
    @Override
    public void accept(long bytes) {
        if (bytesPerSecond == 0) {
            return;
        }
        var nanos = nanosUntilDue(bytes);
        if (nanos >= SHORTEST_WAIT_NANOS) {
            try {
                wait.of(nanos);
            } catch (InterruptedException interrupted) {
                Thread.currentThread().interrupt();
                throw new StoreFailure(StoreFailure.Code.INTERRUPTED, "interrupted", interrupted);
            }
        }
    }

    private synchronized long nanosUntilDue(long bytes) {
        var now = nanoTime.getAsLong();
        if (now - dueAt > MOST_CREDIT_NANOS) {
            dueAt = now - MOST_CREDIT_NANOS;
        }
        dueAt += Math.round(bytes * NANOS / bytesPerSecond);
        return dueAt - now;
    }
}
