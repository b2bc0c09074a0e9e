package dev.otherix.backup.cli;

import java.io.PrintWriter;
import java.time.Duration;
import java.util.concurrent.Executors;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;

/**
 * Says on standard error what a command waits for, once, where no answer comes for some seconds: a disk that hangs
 * gives no error, and the thread that asks it can do nothing more.
 */
final class Waits {

    private static final Duration LONG = Duration.ofSeconds(5);

    private final PrintWriter err;
    private final long longNanos;
    private @Nullable ScheduledExecutorService timer;
    private @Nullable String what;
    private long since;
    private boolean said;

    Waits(PrintWriter err) {
        this(err, LONG);
    }

    /** @param patience how long without an answer is worth a word */
    Waits(PrintWriter err, Duration patience) {
        this.err = err;
        this.longNanos = patience.toNanos();
    }

    /** Begins to wait for {@code thing}; ends when it is closed. */
    synchronized Wait on(Object thing) {
        what = OutputFormat.printable(thing.toString());
        since = System.nanoTime();
        if (timer == null && !said) {
            timer = Executors.newSingleThreadScheduledExecutor(
                    Thread.ofPlatform().daemon().name("waits").factory());
            lookIn(longNanos);
        }
        return this::end;
    }

    /** What is waited for goes on. */
    synchronized void goesOn() {
        since = System.nanoTime();
    }

    private synchronized void end() {
        what = null;
    }

    private synchronized void lookIn(long nanos) {
        if (timer != null) {
            var _ = timer.schedule(this::look, nanos, TimeUnit.NANOSECONDS);
        }
    }

    private synchronized void look() {
        var left = what == null ? longNanos : longNanos - (System.nanoTime() - since);
        if (left > 0) {
            lookIn(left);
            return;
        }
        said = true;
        if (timer != null) {
            timer.shutdown();
            timer = null;
        }
        err.println(Program.NAME + ": " + what + " has not answered for " + TimeUnit.NANOSECONDS.toSeconds(longNanos)
                + " s. Check the disk, or the server of the file system. This command waits; end it with Ctrl-C.");
        err.flush();
    }

    /** One wait, until it is closed. */
    @FunctionalInterface
    interface Wait extends AutoCloseable {

        @Override
        void close();
    }
}
