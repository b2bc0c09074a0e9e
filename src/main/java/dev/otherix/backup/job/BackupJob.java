package dev.otherix.backup.job;

import dev.otherix.backup.snapshot.Trigger;
import java.time.Clock;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.ReentrantLock;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Takes snapshots, never two at a time. Requests that arrive during a run share one next run, which begins when this one ends: the
 * snapshot that answers a request was begun after the request arrived.
 */
public final class BackupJob implements AutoCloseable {

    private static final Logger LOG = LoggerFactory.getLogger(BackupJob.class);
    private static final Duration LONGEST_STOP = Duration.ofSeconds(4);
    private static final int MOST_WAITING = 1000;

    private final ReentrantLock lock = new ReentrantLock();
    private final ExecutorService thread =
            Executors.newSingleThreadExecutor(Thread.ofPlatform().name("backup-run").daemon().factory());
    private final BackupSteps steps;
    private final TaskList tasks;
    private final List<RunListener> listeners = new CopyOnWriteArrayList<>();
    private final Clock clock;
    private @Nullable Batch running;
    private @Nullable Batch waiting;
    private boolean closed;

    BackupJob(BackupSteps steps, TaskList tasks, Clock clock) {
        this.steps = steps;
        this.tasks = tasks;
        this.clock = clock;
    }

    /** Tells {@code listener} of each run that ends from now on, in the order in which listeners were added. */
    public void listen(RunListener listener) {
        listeners.add(listener);
    }

    /**
     * Asks for a snapshot of this moment. The task ends with the run that begins next.
     *
     * @throws TooManyRequests where {@value #MOST_WAITING} wait already
     */
    public Task request(Demand demand) {
        lock.lock();
        try {
            if (waiting == null) {
                waiting = new Batch(Trigger.REQUEST, false);
            } else if (waiting.demands.size() >= MOST_WAITING) {
                throw new TooManyRequests(MOST_WAITING);
            }
            var task = waiting.add(new Task(Task.Type.SNAPSHOT_CREATE, clock.instant(), waiting.progress), demand);
            tasks.add(task);
            startOrRefuse();
            return task;
        } finally {
            lock.unlock();
        }
    }

    /**
     * Begins a run that nobody asked for, unless one is under way or about to begin.
     *
     * @param goodOnly whether a local snapshot is of no use
     */
    Optional<Task> tick(Trigger trigger, boolean goodOnly) {
        lock.lock();
        try {
            if (closed || running != null || waiting != null) {
                return Optional.empty();
            }
            waiting = new Batch(trigger, goodOnly);
            var task = waiting.add(new Task(Task.Type.SNAPSHOT_CREATE, clock.instant(), waiting.progress));
            tasks.add(task);
            startOrRefuse();
            return Optional.of(task);
        } finally {
            lock.unlock();
        }
    }

    /** The task of the run under way; the first one where it has several. */
    public Optional<Task> running() {
        lock.lock();
        try {
            return Optional.ofNullable(running).map(batch -> batch.tasks.getFirst());
        } finally {
            lock.unlock();
        }
    }

    /**
     * Cancels the run under way unless it already gives the file its name, fails all that wait, and returns when both have been
     * told, within seconds. Nothing begins afterwards.
     */
    @Override
    public void close() {
        lock.lock();
        try {
            closed = true;
            if (running != null) {
                running.progress.cancel();
            }
            startOrRefuse();
        } finally {
            lock.unlock();
        }
        thread.shutdown();
        try {
            if (!thread.awaitTermination(LONGEST_STOP.toMillis(), TimeUnit.MILLISECONDS)) {
                LOG.warn("the run under way did not end within {} s; what it leaves is removed at the next start",
                        LONGEST_STOP.toSeconds());
            }
        } catch (InterruptedException hurried) {
            Thread.currentThread().interrupt();
        }
    }

    /** Called with the lock held. */
    private void startOrRefuse() {
        if (waiting == null) {
            return;
        }
        if (closed) {
            var refused = waiting;
            waiting = null;
            refused.fail(new RunFailure(RunFailure.Code.SHUTTING_DOWN, "the service is stopping; no snapshot was begun", Map.of(), null));
        } else if (running == null) {
            var batch = waiting;
            waiting = null;
            running = batch;
            thread.execute(() -> perform(batch));
        }
    }

    private void perform(Batch batch) {
        batch.start();
        var run = run(batch);
        listeners.forEach(listener -> tell(listener, run));
        batch.end(run.outcome());
        lock.lock();
        try {
            running = null;
            startOrRefuse();
        } finally {
            lock.unlock();
        }
    }

    private BackupRun run(Batch batch) {
        var startedAt = clock.instant();
        try {
            return steps.run(new BackupSteps.Order(batch.trigger, batch.demands, batch.goodOnly), batch.progress);
        } catch (RuntimeException | Error unforeseen) {
            // whoever waits and whoever watches must hear of it, also where memory ran out
            var failure = new RunFailure(RunFailure.Code.INTERNAL, "not foreseen: " + unforeseen, Map.of(), unforeseen);
            return new BackupRun(batch.trigger, startedAt, clock.instant(), new Outcome.Failed(failure), batch.progress.end(false),
                    List.of(), Optional.empty());
        }
    }

    private static void tell(RunListener listener, BackupRun run) {
        try {
            listener.ended(run);
        } catch (RuntimeException | Error broken) {
            LOG.error("telling of a run failed", broken);
        }
    }

    /** More requests wait than anybody can mean. */
    public static final class TooManyRequests extends RuntimeException {

        TooManyRequests(int waiting) {
            super(waiting + " requests wait for the next run already");
        }
    }

    /** What one run answers. Filled under the lock until the run begins. */
    private final class Batch {

        private final Trigger trigger;
        private final boolean goodOnly;
        private final RunProgress progress = new RunProgress();
        private final List<Demand> demands = new ArrayList<>();
        private final List<Task> tasks = new ArrayList<>();

        Batch(Trigger trigger, boolean goodOnly) {
            this.trigger = trigger;
            this.goodOnly = goodOnly;
        }

        Task add(Task task) {
            tasks.add(task);
            return task;
        }

        Task add(Task task, Demand demand) {
            demands.add(demand);
            return add(task);
        }

        void start() {
            tasks.forEach(task -> task.start(clock.instant()));
        }

        void end(Outcome outcome) {
            switch (outcome) {
                case Outcome.Failed(RunFailure failure) -> fail(failure);
                case Outcome.Saved(var snapshot) -> {
                    for (int i = 0; i < tasks.size(); i++) {
                        boolean localIsEnough = demands.isEmpty() || demands.get(i).localIsEnough();
                        if (snapshot.linearizable() || localIsEnough) {
                            tasks.get(i).succeed(clock.instant(), snapshot);
                        } else {
                            tasks.get(i).fail(clock.instant(), notOfThisMoment(snapshot.name().toString()));
                        }
                    }
                }
            }
        }

        void fail(RunFailure failure) {
            tasks.forEach(task -> task.fail(clock.instant(), failure));
        }

        private RunFailure notOfThisMoment(String kept) {
            return new RunFailure(RunFailure.Code.NO_QUORUM, "the member could not confirm that it has all that the cluster has"
                    + " acknowledged; what it has was kept as " + kept, Map.of("name", kept), null);
        }
    }
}
