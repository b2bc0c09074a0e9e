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
 * Looks at something that may not answer, on one thread, and answers in bounded time whatever that thread meets.
 * Callers that come together share a look, which begins after all of them have come.
 *
 * @param <T> what is seen
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
     * What is seen now, or {@code late} of what was seen last (null before the first time) and since when the look
     * under way has waited.
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

    /** What is answered in place of a look that takes too long. */
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
