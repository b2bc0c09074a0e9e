package dev.otherix.backup.job;

import dev.otherix.backup.snapshot.DirectoryFailure;
import dev.otherix.backup.snapshot.Snapshot;
import dev.otherix.backup.snapshot.SnapshotDirectory;
import dev.otherix.backup.snapshot.SnapshotName;
import dev.otherix.backup.verify.VerificationCancelled;
import java.io.IOException;
import java.time.Clock;
import java.time.Duration;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.Map;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.ReentrantLock;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Looks at files outside of runs, one at a time: first those that somebody asks about, then those that are due. What nobody waits
 * for is read so slowly that the disk stays free for etcd.
 */
public final class Inspections implements AutoCloseable {

    /** Bytes per second that a look in the background reads. */
    static final long GENTLE = 50L << 20;

    private static final Logger LOG = LoggerFactory.getLogger(Inspections.class);
    private static final long AT_FULL_SPEED = 0;
    private static final Duration LONGEST_STOP = Duration.ofSeconds(2);

    private final ReentrantLock lock = new ReentrantLock();
    private final ExecutorService thread =
            Executors.newSingleThreadExecutor(Thread.ofPlatform().name("snapshot-check").daemon().factory());
    private final Deque<Order> requested = new ArrayDeque<>();
    private final SnapshotDirectory directory;
    private final Inspection inspection;
    private final DueInspection due;
    private final TaskList tasks;
    private final Clock clock;
    private boolean working;
    private volatile boolean closed;

    Inspections(SnapshotDirectory directory, Inspection inspection, DueInspection due, TaskList tasks, Clock clock) {
        this.directory = directory;
        this.inspection = inspection;
        this.due = due;
        this.tasks = tasks;
        this.clock = clock;
    }

    private record Order(SnapshotName name, Task task) {}

    /** Asks for a look at a snapshot's file. Whoever asks for one that has not begun yet shares it. */
    public Task request(SnapshotName name) {
        lock.lock();
        try {
            var task = enqueue(name);
            begin();
            return task;
        } finally {
            lock.unlock();
        }
    }

    /** Makes it one of those that {@link #step} takes next. */
    Task enqueue(SnapshotName name) {
        lock.lock();
        try {
            var waiting = requested.stream().filter(order -> order.name().equals(name)).findFirst();
            if (waiting.isPresent()) {
                return waiting.get().task();
            }
            var task = new Task(Task.Type.SNAPSHOT_VERIFY, clock.instant(), new RunProgress(), name);
            tasks.add(task);
            requested.add(new Order(name, task));
            return task;
        } finally {
            lock.unlock();
        }
    }

    /** Does {@code work} on the thread that looks at files, before every look that begins from now on. */
    void first(Runnable work) {
        thread.execute(work);
    }

    /** Begins what is due, unless a look is under way. */
    void look() {
        lock.lock();
        try {
            begin();
        } finally {
            lock.unlock();
        }
    }

    /** Called with the lock held. */
    private void begin() {
        if (closed) {
            requested.forEach(order -> order.task().fail(clock.instant(), stopping()));
            requested.clear();
        } else if (!working) {
            working = true;
            thread.execute(this::work);
        }
    }

    private void work() {
        while (mayGoOn()) {
            // goes on until nothing is left
        }
    }

    private boolean mayGoOn() {
        boolean more = false;
        try {
            more = !closed && step();
        } catch (RuntimeException | Error unforeseen) {
            LOG.error("looking at the snapshots failed in a way that was not foreseen", unforeseen);
        }
        lock.lock();
        try {
            working = !closed && (more || !requested.isEmpty());
            return working;
        } finally {
            lock.unlock();
        }
    }

    /** Looks at one file; says whether there was one to look at. */
    boolean step() {
        var order = poll();
        if (order != null) {
            perform(order);
            return true;
        }
        var next = due.next();
        next.ifPresent(this::inBackground);
        return next.isPresent();
    }

    private @Nullable Order poll() {
        lock.lock();
        try {
            return requested.poll();
        } finally {
            lock.unlock();
        }
    }

    private void inBackground(Snapshot snapshot) {
        try {
            inspection.look(snapshot, GENTLE, _ -> {});
        } catch (IOException | DirectoryFailure | VerificationCancelled broken) {
            if (!closed) {
                LOG.warn("{} could not be checked and recorded: {}; tried again in a minute", snapshot.name(), broken.getMessage());
            }
        }
    }

    private void perform(Order order) {
        var task = order.task();
        task.start(clock.instant());
        try {
            var snapshot = directory.find(order.name());
            if (snapshot.isEmpty()) {
                task.fail(clock.instant(), new RunFailure(RunFailure.Code.NOT_FOUND, order.name() + " was removed meanwhile", Map.of(), null));
                return;
            }
            var unreadable = directory.unreadable(order.name());
            if (unreadable.isPresent()) {
                task.fail(clock.instant(), new RunFailure(RunFailure.Code.DIRECTORY_FAILED, unreadable.get(), Map.of(), null));
                return;
            }
            task.progress().enter(Phase.VERIFY);
            task.progress().expect(snapshot.get().sizeBytes());
            var look = inspection.look(snapshot.get(), AT_FULL_SPEED, task.progress()::reached);
            task.progress().reached(snapshot.get().sizeBytes());
            task.progress().end(look.found().good());
            if (look.found().good()) {
                task.succeed(clock.instant(), look.record());
            } else {
                task.fail(clock.instant(), bad(order.name(), look));
            }
        } catch (IOException | DirectoryFailure | VerificationCancelled broken) {
            task.fail(clock.instant(), closed ? stopping()
                    : new RunFailure(RunFailure.Code.DIRECTORY_FAILED, order.name() + " cannot be checked: " + broken.getMessage(), Map.of(), broken));
        } catch (RuntimeException | Error unforeseen) {
            task.fail(clock.instant(), new RunFailure(RunFailure.Code.INTERNAL, "not foreseen: " + unforeseen, Map.of(), unforeseen));
            throw unforeseen;
        }
    }

    private static RunFailure bad(SnapshotName name, Inspection.Look look) {
        return new RunFailure(RunFailure.Code.VERIFICATION_FAILED, name + " is no good snapshot: " + look.found().summary()
                + (look.corrupt() ? "; it was renamed to " + name + ".corrupt" : "; if it is bad a minute later too, it loses its name"),
                look.found().details(), null);
    }

    private static RunFailure stopping() {
        return new RunFailure(RunFailure.Code.SHUTTING_DOWN, "the service is stopping; the check did not end", Map.of(), null);
    }

    /** Ends the look under way and fails all that wait. */
    @Override
    public void close() {
        lock.lock();
        try {
            closed = true;
            begin();
        } finally {
            lock.unlock();
        }
        thread.shutdownNow();
        try {
            if (!thread.awaitTermination(LONGEST_STOP.toMillis(), TimeUnit.MILLISECONDS)) {
                LOG.warn("the look at a snapshot's file did not end within {} s", LONGEST_STOP.toSeconds());
            }
        } catch (InterruptedException hurried) {
            Thread.currentThread().interrupt();
        }
    }
}
