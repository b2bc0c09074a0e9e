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
 * Does long work, one piece at a time, on its own thread: first what somebody asked for, in the order of asking, then
 * what is due by itself. Safe for use by several threads.
 *
 * @param <W> the work that it does
 */
public final class Lane<W extends Lane.Work> implements AutoCloseable {

    private static final Logger LOG = LoggerFactory.getLogger(Lane.class);

    private final ReentrantLock lock = new ReentrantLock();
    private final Deque<W> waiting = new ArrayDeque<>();
    private final String name;
    private final ExecutorService thread;
    private final Duration longestStop;
    private final Supplier<Optional<W>> due;
    private @Nullable W running;
    private boolean awake;
    /** Why the work under way was given up, while its thread has not returned. */
    private @Nullable TaskFailure stuck;

    private volatile boolean closed;

    /**
     * @param name of its thread
     * @param longestStop how long {@link #close} waits for the work under way
     * @param due the work that nobody asked for and whose time has come; asked, on the lane's thread, when nothing else
     *     waits
     */
    public Lane(String name, Duration longestStop, Supplier<Optional<W>> due) {
        this.name = name;
        this.thread = Executors.newSingleThreadExecutor(
                Thread.ofPlatform().name(name).daemon().factory());
        this.longestStop = longestStop;
        this.due = due;
    }

    /** A piece of work. Whoever waits for it hears of its end from the work itself. */
    public interface Work {

        /** Does it. Called once, on the lane's thread, which may be interrupted when the lane closes. */
        void perform();

        /** Asks it to end early, while it is under way. */
        void cancel();

        /** Says that it will not begin, because the lane has closed. */
        void refuse();

        /**
         * Says to all who wait for it that it has failed, although its thread, if it has begun, does not return. What
         * that thread still does counts for nothing.
         */
        void giveUp(TaskFailure why);
    }

    /**
     * Asks for work: {@code change} adds it to the waiting ones, or lets one of them serve this caller too. Work that
     * has begun is not among them. Where the lane has closed, what waits is refused before this returns.
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

    /** Asks for work only where none is under way or waits, and the lane is open; empty otherwise. */
    public <T> Optional<T> askWhenIdle(Function<Deque<W>, T> change) {
        lock.lock();
        try {
            return closed || !idle() ? Optional.empty() : Optional.of(ask(change));
        } finally {
            lock.unlock();
        }
    }

    /** Does what is due, unless work is under way. */
    public void wake() {
        lock.lock();
        try {
            begin();
        } finally {
            lock.unlock();
        }
    }

    /**
     * Gives up the work under way, because its thread does not return: fails it, all that waits, and, until the thread
     * has returned, all that is asked for. Only then the next begins.
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

    /** The work under way. */
    public Optional<W> running() {
        lock.lock();
        try {
            return Optional.ofNullable(running);
        } finally {
            lock.unlock();
        }
    }

    /** Whether no work is under way or waits. */
    public boolean idle() {
        lock.lock();
        try {
            return !awake && waiting.isEmpty();
        } finally {
            lock.unlock();
        }
    }

    /** Whether it takes no more work. */
    public boolean closed() {
        return closed;
    }

    /**
     * Called with the lock held. Work that was asked for is under way from here on, though its thread has yet to take
     * it.
     */
    private void begin() {
        if (closed) {
            waiting.forEach(Work::refuse);
            waiting.clear();
        } else if (stuck != null) {
            var why = stuck;
            waiting.forEach(work -> work.giveUp(why));
            waiting.clear();
        } else if (!awake) {
            awake = true;
            running = waiting.poll();
            thread.execute(this::work);
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

    /** The next piece of work, which is under way from now on; empty where there is none, and then the lane sleeps. */
    private Optional<W> next() {
        if (take()) {
            return running();
        }
        Optional<W> found = Optional.empty();
        try {
            found = closed ? Optional.empty() : due.get();
        } catch (RuntimeException | Error unforeseen) {
            LOG.error("looking for work for the thread {} failed unexpectedly", name, unforeseen);
        }
        lock.lock();
        try {
            stuck = null;
            running = closed ? null : found.orElseGet(waiting::poll);
            awake = running != null;
            return Optional.ofNullable(running);
        } finally {
            lock.unlock();
        }
    }

    /** Takes the first of those that wait in place of the one that has ended; says whether there was one. */
    private boolean take() {
        lock.lock();
        try {
            stuck = null;
            running = closed ? null : waiting.poll();
            return running != null;
        } finally {
            lock.unlock();
        }
    }

    /**
     * Cancels the work under way, refuses what waits, and returns when both have ended or {@code longestStop} is over.
     */
    @Override
    public void close() {
        lock.lock();
        try {
            closed = true;
            if (running != null) {
                // to interrupt a thread that a disk holds may take as long as the disk
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
                        "the work on the thread {} did not end within {} s; the next start removes what it leaves",
                        name,
                        longestStop.toSeconds());
                giveUp(new TaskFailure(
                        TaskFailure.Code.SHUTTING_DOWN,
                        "the service is stopping, and what it does has not ended in time"));
            }
        } catch (InterruptedException hurried) {
            Thread.currentThread().interrupt();
        }
    }
}
