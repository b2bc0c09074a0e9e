package dev.otherix.backup.offsite.store;

import java.time.Duration;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.FutureTask;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;

/**
 * Makes calls that can hang, each on a thread of its own that is given up when a limit is over or the caller is
 * interrupted. Such a thread ends when its call returns; it is a daemon, so that the process can end before.
 */
final class TimedCalls {

    private static final int MOST_HANGING = 8;
    private static final Duration LAST_WAIT = Duration.ofSeconds(1);

    private final String place;
    private final Set<Thread> hanging = ConcurrentHashMap.newKeySet();

    /** @param place for messages */
    TimedCalls(String place) {
        this.place = place;
    }

    /** One call, and how to end it from outside. */
    interface Call<T> {

        T make() throws Exception;

        /** Makes {@link #make} return early, if it can. */
        default void abort() {}
    }

    /**
     * @param doing what the call does, for messages: {@code "listing objects"}
     * @param whole the limit for the call; {@code silence} the limit without progress
     * @throws ExecutionException with what the call threw
     */
    <T> T make(String doing, Progress progress, Duration silence, Duration whole, Call<T> call)
            throws ExecutionException {
        hanging.removeIf(thread -> !thread.isAlive());
        if (hanging.size() >= MOST_HANGING) {
            throw new StoreFailure(
                    StoreFailure.Code.UNAVAILABLE,
                    "%s: %d earlier calls have not returned; %s was not tried".formatted(place, hanging.size(), doing),
                    null);
        }
        if (Thread.currentThread().isInterrupted()) {
            throw interrupted(doing);
        }
        var task = new FutureTask<>(call::make);
        var thread = Thread.ofPlatform().daemon().name("offsite-call").start(task);
        try {
            return await(task, progress, silence.toNanos(), whole.toNanos());
        } catch (TimeoutException late) {
            giveUp(thread, progress, call);
            throw new StoreFailure(StoreFailure.Code.UNAVAILABLE, late(doing, progress, silence, whole), null);
        } catch (InterruptedException interrupted) {
            giveUp(thread, progress, call);
            Thread.currentThread().interrupt();
            throw interrupted(doing);
        }
    }

    private StoreFailure interrupted(String doing) {
        return new StoreFailure(StoreFailure.Code.INTERRUPTED, "%s: %s was interrupted".formatted(place, doing), null);
    }

    private String late(String doing, Progress progress, Duration silence, Duration whole) {
        return progress.silentNanos() >= silence.toNanos()
                ? "%s: no byte moved for %s while %s. Check the store and the network to it"
                        .formatted(place, seconds(silence), doing)
                : "%s: %s did not end within %s; it is too slow. Check the network to it"
                        .formatted(place, doing, seconds(whole));
    }

    static String seconds(Duration duration) {
        return duration.toMillis() % 1000 == 0 ? duration.toSeconds() + " s" : duration.toMillis() + " ms";
    }

    private static <T> T await(FutureTask<T> task, Progress progress, long silence, long whole)
            throws ExecutionException, TimeoutException, InterruptedException {
        while (true) {
            var left = Math.min(silence - progress.silentNanos(), whole - progress.wholeNanos());
            if (left <= 0) {
                throw new TimeoutException();
            }
            try {
                return task.get(left, TimeUnit.NANOSECONDS);
            } catch (TimeoutException look) {
                // there may have been progress meanwhile
            }
        }
    }

    /** Waits a moment for its end, so that what it worked with is free again. */
    private void giveUp(Thread thread, Progress progress, Call<?> call) {
        progress.abandon();
        call.abort();
        thread.interrupt();
        var interrupted = Thread.interrupted();
        try {
            if (!thread.join(LAST_WAIT)) {
                hanging.add(thread);
            }
        } catch (InterruptedException again) {
            interrupted = true;
        }
        if (interrupted) {
            Thread.currentThread().interrupt();
        }
    }
}
