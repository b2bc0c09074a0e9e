package dev.otherix.backup.offsite;

import java.time.Duration;
import java.util.concurrent.atomic.AtomicLong;
import java.util.function.LongSupplier;

/** The time that no clock setting changes, moved by a test. */
final class Nanos implements LongSupplier {

    private final AtomicLong now = new AtomicLong(Long.MAX_VALUE - 5);

    void advance(Duration duration) {
        now.addAndGet(duration.toNanos());
    }

    @Override
    public long getAsLong() {
        return now.get();
    }
}
