package dev.otherix.backup.task;

import java.time.Duration;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.Optional;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.ReentrantLock;
import java.util.function.Function;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Does long work, one piece at a time, on its own thread: first the requested work, in the order of the requests, then
 * the work that is due. Safe for use by several threads.
 *
 * @param <W> the type of work
 */
public final class Lane<W extends Work> implements AutoCloseable {

    private static final Logger LOG = LoggerFactory.getLogger(Lane.class);

    private final ReentrantLock lock = new ReentrantLock();
    private final Deque<W> waiting = new ArrayDeque<>();
    private final String name;
    private final ExecutorService thread;
    private final Duration longestStop;
    private final Supplier<Optional<W>> due;
    private @Nullable W running;
    private boolean awake;
    /** Whether somebody asked to look for due work while the lane looked. */
    private boolean askedAgain;
    /** Why the current work was abandoned, while its thread has not returned. */
    private @Nullable TaskFailure stuck;

    private volatile boolean closed;

    /**
     * @param name of its thread
     * @param longestStop how long {@link #close} waits for the current work
     * @param due supplies the work that is due without a request; called on the lane's thread when nothing else waits
     */
    public Lane(String name, Duration longestStop, Supplier<Optional<W>> due) {
        this.name = name;
        this.thread = Executors.newSingleThreadExecutor(
                Thread.ofPlatform().name(name).daemon().factory());
        this.longestStop = longestStop;
        this.due = due;
    }

    /**
     * Requests work: {@code change} adds it to the waiting work, or lets waiting work serve this caller too. Running
     * work is not included. If the lane has closed, all waiting work is refused before this returns.
     */
    public <T> T ask(Function<Deque<W>, T> change) {
        lock.lock();
        try {
            var answer = change.apply(waiting);
            begin();
            return answer;
        } finally {
            lock.unlock();
        }
    }

    /** Requests work only if none is running or waiting, and the lane is open; empty otherwise. */
    public <T> Optional<T> askWhenIdle(Function<Deque<W>, T> change) {
        lock.lock();
        try {
            return closed || !idle() ? Optional.empty() : Optional.of(ask(change));
        } finally {
            lock.unlock();
        }
    }

    /** Starts work that is due, unless work is running. */
    public void wake() {
        lock.lock();
        try {
            begin();
        } finally {
            lock.unlock();
        }
    }

    /**
     * Abandons the current work, because its thread does not return: fails it, all waiting work and, until the thread
     * has returned, all new requests. The next work starts only after that.
     */
    public void giveUp(TaskFailure why) {
        W given;
        lock.lock();
        try {
            if (!awake || stuck != null) {
                return;
            }
            stuck = why;
            given = running;
            begin();
        } finally {
            lock.unlock();
        }
        if (given != null) {
            given.giveUp(why);
        }
    }

    /** The current work. */
    public Optional<W> running() {
        lock.lock();
        try {
            return Optional.ofNullable(running);
        } finally {
            lock.unlock();
        }
    }

    /** Whether no work is running or waiting. */
    public boolean idle() {
        lock.lock();
        try {
            return !awake && waiting.isEmpty();
        } finally {
            lock.unlock();
        }
    }

    /** Whether it accepts no more work. */
    public boolean closed() {
        return closed;
    }

    /** Called with the lock held. Requested work counts as running from here on, before its thread takes it. */
    private void begin() {
        if (closed) {
            waiting.forEach(Work::refuse);
            waiting.clear();
        } else if (stuck != null) {
            var why = stuck;
            waiting.forEach(work -> work.turnAway(why));
            waiting.clear();
        } else if (!awake) {
            awake = true;
            running = waiting.poll();
            thread.execute(this::work);
        } else {
            askedAgain = true;
        }
    }

    private void work() {
        for (var next = running().or(this::next); next.isPresent(); next = next()) {
            try {
                next.get().perform();
            } catch (RuntimeException | Error unforeseen) {
                LOG.error("work on the thread {} failed unexpectedly", name, unforeseen);
            }
        }
    }

    /**
     * The next piece of work, which counts as running from now on; empty if there is none, and then the lane sleeps.
     */
    private Optional<W> next() {
        while (!take()) {
            Optional<W> found = Optional.empty();
            try {
                found = closed ? Optional.empty() : due.get();
            } catch (RuntimeException | Error unforeseen) {
                LOG.error("looking for work for the thread {} failed unexpectedly", name, unforeseen);
            }
            if (begun(found)) {
                break;
            }
        }
        return running();
    }

    /** Returns whether to stop looking: there is work, or the lane sleeps now. */
    private boolean begun(Optional<W> found) {
        lock.lock();
        try {
            stuck = null;
            running = closed ? null : found.orElseGet(waiting::poll);
            awake = running != null || (askedAgain && !closed);
            return running != null || !awake;
        } finally {
            lock.unlock();
        }
    }

    /** Replaces the ended work by the first that waits; returns whether there was one. */
    private boolean take() {
        lock.lock();
        try {
            stuck = null;
            askedAgain = false;
            running = closed ? null : waiting.poll();
            return running != null;
        } finally {
            lock.unlock();
        }
    }

    /**
     * Cancels the work under way, refuses what waits, and returns when both have ended or {@code longestStop} is over.
     * A second call does nothing: what has not ended by then has been given up.
     */
    @Override
    public void close() {
        lock.lock();
        try {
            if (closed) {
                return;
            }
            closed = true;
            if (running != null) {
                // interrupting a thread that waits for a disk may take as long as the disk
                Thread.ofPlatform().daemon().name(name + "-cancel").start(running::cancel);
            }
            begin();
        } finally {
            lock.unlock();
        }
        thread.shutdown();
        try {
            if (!thread.awaitTermination(longestStop.toMillis(), TimeUnit.MILLISECONDS)) {
                LOG.warn(
                        "the work on the thread {} did not end within {} s; the next start removes what is left",
                        name,
                        longestStop.toSeconds());
                giveUp(new TaskFailure(
                        TaskFailure.Code.SHUTTING_DOWN, "the service is stopping, and its work has not ended in time"));
            }
        } catch (InterruptedException hurried) {
            Thread.currentThread().interrupt();
        }
    }
}
