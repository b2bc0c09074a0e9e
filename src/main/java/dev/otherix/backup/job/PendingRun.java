package dev.otherix.backup.job;

import dev.otherix.backup.snapshot.DiskCalls;
import dev.otherix.backup.snapshot.Snapshot;
import dev.otherix.backup.snapshot.Trigger;
import dev.otherix.backup.task.Task;
import dev.otherix.backup.task.TaskFailure;
import dev.otherix.backup.task.Work;
import java.time.Clock;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.function.Consumer;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;

/** The requests that share a run, or the tick that made it. Requests can join until the run starts. */
final class PendingRun implements Work {

    private final Trigger trigger;
    private final boolean goodOnly;
    private final Function<PendingRun, BackupRun> taker;
    private final Consumer<BackupRun> reporter;
    private final DiskCalls calls;
    private final Clock clock;
    private final RunProgress progress = new RunProgress();
    private final List<RunRequest> requests = new ArrayList<>();
    private final List<Task<Snapshot>> tasks = new ArrayList<>();
    private @Nullable Thread thread;
    private Instant startedAt = Instant.EPOCH;
    private boolean over;
    private boolean givenUp;

    /**
     * @param taker makes the run
     * @param reporter gets the run when it has ended
     * @param calls the calls to the disk; the thread of an abandoned run may not continue with them
     */
    PendingRun(
            Trigger trigger,
            boolean goodOnly,
            Function<PendingRun, BackupRun> taker,
            Consumer<BackupRun> reporter,
            DiskCalls calls,
            Clock clock) {
        this.trigger = trigger;
        this.goodOnly = goodOnly;
        this.taker = taker;
        this.reporter = reporter;
        this.calls = calls;
        this.clock = clock;
    }

    Task<Snapshot> add() {
        var task = new Task<Snapshot>(
                "snapshot.create",
                clock.instant(),
                progress.shown(),
                null,
                snapshot -> snapshot.name().toString());
        tasks.add(task);
        return task;
    }

    Task<Snapshot> add(RunRequest request) {
        requests.add(request);
        return add();
    }

    int size() {
        return tasks.size();
    }

    Task<Snapshot> first() {
        return tasks.getFirst();
    }

    RunProgress progress() {
        return progress;
    }

    BackupSteps.Purpose purpose() {
        return new BackupSteps.Purpose(trigger, requests, goodOnly);
    }

    @Override
    public void perform() {
        if (!begins()) {
            return;
        }
        tasks.forEach(task -> task.start(clock.instant()));
        var run = taker.apply(this);
        if (endsNow()) {
            reporter.accept(run);
            end(run.outcome(), clock.instant());
        }
    }

    /** Returns false if it was abandoned before. */
    private synchronized boolean begins() {
        thread = Thread.currentThread();
        startedAt = clock.instant();
        return !givenUp;
    }

    /** Ends the work of its thread; returns whether it was not abandoned. */
    private synchronized boolean endsNow() {
        over = true;
        calls.release(Thread.currentThread());
        return !givenUp;
    }

    @Override
    public void giveUp(TaskFailure why) {
        if (givenUpNow()) {
            reporter.accept(BackupRun.withoutPrune(
                    trigger, startedAt, clock.instant(), new Outcome.Failed(why), progress.abandon()));
        }
        fail(clock.instant(), why);
    }

    private synchronized boolean givenUpNow() {
        if (over || givenUp) {
            return false;
        }
        givenUp = true;
        if (thread == null) {
            // its turn has come, but its thread has not
            startedAt = clock.instant();
        } else {
            calls.giveUp(thread);
        }
        return true;
    }

    /** Is no run, because its turn has not come. */
    @Override
    public void turnAway(TaskFailure why) {
        fail(clock.instant(), why);
    }

    @Override
    public void cancel() {
        progress.cancel();
    }

    @Override
    public void refuse() {
        fail(
                clock.instant(),
                new TaskFailure(TaskFailure.Code.SHUTTING_DOWN, "the service is stopping; no snapshot was started"));
    }

    private void end(Outcome outcome, Instant at) {
        switch (outcome) {
            case Outcome.Failed(TaskFailure failure) -> fail(at, failure);
            case Outcome.Saved(Snapshot snapshot) -> {
                for (int i = 0; i < tasks.size(); i++) {
                    var localIsEnough = requests.isEmpty() || requests.get(i).localIsEnough();
                    if (snapshot.linearizable() || localIsEnough) {
                        tasks.get(i).succeed(at, snapshot);
                    } else {
                        tasks.get(i).fail(at, notOfThisMoment(snapshot.name().toString()));
                    }
                }
            }
        }
    }

    private void fail(Instant at, TaskFailure failure) {
        tasks.forEach(task -> task.fail(at, failure));
    }

    private static TaskFailure notOfThisMoment(String kept) {
        return new TaskFailure(
                TaskFailure.Code.NO_QUORUM,
                "the member could not confirm that it has all writes that the cluster has acknowledged;"
                        + " its local data was kept as " + kept,
                Map.of("name", kept),
                null);
    }
}
