package dev.otherix.backup.job;

import dev.otherix.backup.snapshot.DiskCalls;
import dev.otherix.backup.snapshot.Pruned;
import dev.otherix.backup.snapshot.Snapshot;
import dev.otherix.backup.snapshot.Trigger;
import dev.otherix.backup.task.Lane;
import dev.otherix.backup.task.Task;
import dev.otherix.backup.task.TaskFailure;
import dev.otherix.backup.task.TaskList;
import dev.otherix.backup.task.Turns;
import java.time.Clock;
import java.time.Duration;
import java.util.Optional;
import java.util.function.Consumer;
import java.util.function.Supplier;
import java.util.stream.Stream;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Takes snapshots, never two at a time. Requests that arrive during a run share one next run, which starts when this
 * one ends. So the snapshot for a request always starts after the request arrived.
 */
public final class BackupJob implements AutoCloseable {

    private static final Logger LOG = LoggerFactory.getLogger(BackupJob.class);
    private static final Duration LONGEST_STOP = Duration.ofSeconds(4);
    private static final int MOST_WAITING = 1000;

    private final Lane<PendingRun> lane = new Lane<>("backup-run", LONGEST_STOP, Optional::empty);
    private final BackupSteps steps;
    private final TaskList tasks;
    private final Supplier<Stream<RunListener>> listeners;
    private final Turns turns;
    private final DiskCalls calls;
    private final Clock clock;

    /** @param listeners each gets every ended run, in this order */
    BackupJob(
            BackupSteps steps,
            TaskList tasks,
            Turns turns,
            Supplier<Stream<RunListener>> listeners,
            DiskCalls calls,
            Clock clock) {
        this.turns = turns;
        this.calls = calls;
        this.steps = steps;
        this.tasks = tasks;
        this.listeners = listeners;
        this.clock = clock;
    }

    /**
     * Requests a snapshot of this moment. The task ends with the run that starts next. @throws TooManyRequests if
     * {@value #MOST_WAITING} requests already wait
     */
    public Task<Snapshot> request(RunRequest request) {
        return lane.ask(waiting -> {
            if (waiting.isEmpty()) {
                waiting.add(pending(Trigger.REQUEST, false));
            }
            var next = waiting.getFirst();
            if (next.size() >= MOST_WAITING) {
                throw new TooManyRequests(MOST_WAITING);
            }
            return listed(next.add(request));
        });
    }

    /**
     * Starts a run without a request, unless one is running or about to start. @param goodOnly whether a local snapshot
     * is not wanted
     */
    Optional<Task<Snapshot>> tick(Trigger trigger, boolean goodOnly) {
        return lane.askWhenIdle(waiting -> {
            var pending = pending(trigger, goodOnly);
            waiting.add(pending);
            return listed(pending.add());
        });
    }

    private Task<Snapshot> listed(Task<Snapshot> task) {
        tasks.add(task);
        return task;
    }

    /** The task of the current run; the first one if it has several. */
    public Optional<Task<Snapshot>> running() {
        return lane.running().map(PendingRun::first);
    }

    private PendingRun pending(Trigger trigger, boolean goodOnly) {
        return new PendingRun(
                trigger, goodOnly, this::take, run -> report(listener -> listener.ended(run)), calls, clock);
    }

    /**
     * Abandons the current run, because the disk does not answer: it fails for all callers, and no other run starts
     * until its thread has returned. That thread removes its incomplete files, and nothing else.
     */
    void giveUp(TaskFailure why) {
        lane.giveUp(why);
    }

    /** Reports the result of retention at the start of the service to the listeners. */
    void prunedAtStart(Pruned pruned) {
        if (!pruned.equals(Pruned.NOTHING)) {
            report(listener -> listener.prunedAtStart(pruned));
        }
    }

    private BackupRun take(PendingRun pending) {
        var startedAt = clock.instant();
        try (var _ = turns.run()) {
            return steps.run(pending.purpose(), pending.progress());
        } catch (RuntimeException | Error unforeseen) {
            // callers and listeners must get the result, even if memory ran out
            var failed = new Outcome.Failed(TaskFailure.unforeseen(unforeseen));
            return BackupRun.withoutPrune(
                    pending.purpose().trigger(),
                    startedAt,
                    clock.instant(),
                    failed,
                    pending.progress().end(false));
        }
    }

    private void report(Consumer<RunListener> what) {
        listeners.get().forEach(listener -> {
            try {
                what.accept(listener);
            } catch (RuntimeException | Error broken) {
                LOG.error("reporting a run failed", broken);
            }
        });
    }

    /**
     * Cancels the current run unless it is already giving the file its name, fails all waiting requests, and returns
     * when both have been reported, within seconds. No run starts afterwards.
     */
    @Override
    public void close() {
        lane.close();
    }

    /** Too many requests wait. */
    public static final class TooManyRequests extends RuntimeException {

        TooManyRequests(int waiting) {
            super(waiting + " requests already wait for the next run");
        }
    }
}
