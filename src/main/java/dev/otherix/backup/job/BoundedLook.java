package dev.otherix.backup.job;

import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.util.concurrent.Callable;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import org.jspecify.annotations.Nullable;

/**
 * Reads something that may not answer, on one thread, and returns in bounded time whatever happens to that thread.
 * Concurrent callers share one look, which starts after all of them have called. @param <T> type of the result
 */
final class BoundedLook<T> {

    private final Callable<T> look;
    private final Duration limit;
    private final Clock clock;
    private final ExecutorService thread = Executors.newSingleThreadExecutor(
            Thread.ofPlatform().daemon().name("directory-look").factory());
    private @Nullable Future<T> next;
    private volatile @Nullable T last;
    private volatile @Nullable Instant waitsSince;

    /** @param limit how long a caller waits */
    BoundedLook(Callable<T> look, Duration limit, Clock clock) {
        this.look = look;
        this.limit = limit;
        this.clock = clock;
    }

    /**
     * The current state. If the look takes too long: {@code late} of the last state (null before the first look) and
     * the time since which the look has waited.
     */
    T now(Late<T> late) {
        try {
            return share().get(limit.toMillis(), TimeUnit.MILLISECONDS);
        } catch (TimeoutException waits) {
            var since = waitsSince;
            return late.than(last, since == null ? clock.instant() : since);
        } catch (ExecutionException broken) {
            throw broken.getCause() instanceof RuntimeException unforeseen
                    ? unforeseen
                    : new IllegalStateException(broken.getCause());
        } catch (InterruptedException interrupted) {
            Thread.currentThread().interrupt();
            return late.than(last, clock.instant());
        }
    }

    /** The answer in place of a look that takes too long. */
    @FunctionalInterface
    interface Late<T> {

        T than(@Nullable T last, Instant since);
    }

    private synchronized Future<T> share() {
        var waiting = next;
        if (waiting == null) {
            waiting = thread.submit(this::look);
            next = waiting;
        }
        return waiting;
    }

    private T look() throws Exception {
        synchronized (this) {
            next = null;
        }
        waitsSince = clock.instant();
        try {
            var seen = look.call();
            last = seen;
            return seen;
        } finally {
            waitsSince = null;
        }
    }
}
