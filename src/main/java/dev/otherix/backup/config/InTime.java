package dev.otherix.backup.config;

import java.time.Duration;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.FutureTask;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.function.Supplier;

/**
 * Asks a file system with a limit: a disk or a server that hangs reports no error, and the thread that asks it cannot
 * be ended. That thread is a daemon, so that the process can end.
 */
public final class InTime {

    private InTime() {}

    /**
     * Returns the answer, or throws what {@code question} threw.
     *
     * @throws TimeoutException if there is no answer within {@code limit}, or the caller is interrupted; then its
     *     interrupt flag is set
     */
    public static <T> T ask(Duration limit, Supplier<T> question) throws TimeoutException {
        var asked = new FutureTask<>(question::get);
        Thread.ofPlatform().daemon().name("file-in-time").start(asked);
        try {
            return asked.get(limit.toMillis(), TimeUnit.MILLISECONDS);
        } catch (ExecutionException failed) {
            if (failed.getCause() instanceof RuntimeException cause) {
                throw cause;
            }
            if (failed.getCause() instanceof Error cause) {
                throw cause;
            }
            throw new IllegalStateException(failed);
        } catch (InterruptedException interrupted) {
            Thread.currentThread().interrupt();
            throw new TimeoutException();
        }
    }
}
