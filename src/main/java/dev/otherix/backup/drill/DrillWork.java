package dev.otherix.backup.drill;

import dev.otherix.backup.snapshot.Snapshot;
import dev.otherix.backup.snapshot.SnapshotName;
import dev.otherix.backup.task.Progress;
import dev.otherix.backup.task.Task;
import dev.otherix.backup.task.TaskFailure;
import dev.otherix.backup.task.Work;
import java.util.function.BooleanSupplier;
import org.jspecify.annotations.Nullable;

/** One drill on its lane. Its callers share its task. */
final class DrillWork implements Work {

    private final Subject subject;
    private final Trial trial;
    private final BooleanSupplier closing;
    private final Progress progress = new Progress();
    private final Task<Snapshot> task;
    private final Ending ending = new Ending();
    private @Nullable Thread thread;

    /** @param closing whether the service stops */
    DrillWork(Subject subject, Trial trial, BooleanSupplier closing) {
        this.subject = subject;
        this.trial = trial;
        this.closing = closing;
        this.task = new Task<>(
                "snapshot.drill",
                trial.clock().instant(),
                progress,
                subject.name().map(SnapshotName::toString).orElse(null),
                record -> record.name().toString());
    }

    /** Whether it is the drill that somebody asks for who names this snapshot. */
    boolean serves(SnapshotName name) {
        return subject.name().filter(name::equals).isPresent();
    }

    /** A request does not wait for what a store sends. */
    void giveWay() {
        if (subject.name().isEmpty()) {
            ending.end("a request for a drill");
        }
    }

    Task<Snapshot> task() {
        return task;
    }

    @Override
    public void perform() {
        begin();
        task.start(trial.clock().instant());
        try {
            task.succeed(trial.clock().instant(), trial.of(subject, progress, ending));
        } catch (NoResult none) {
            fail(closing.getAsBoolean() ? stopping() : none.failure());
        } catch (RuntimeException | Error unforeseen) {
            fail(TaskFailure.unforeseen(unforeseen));
            throw unforeseen;
        } finally {
            end();
        }
    }

    private synchronized void begin() {
        thread = Thread.currentThread();
    }

    private synchronized void end() {
        thread = null;
        trial.calls().release(Thread.currentThread());
        // of this drill alone
        var _ = Thread.interrupted();
    }

    @Override
    public void cancel() {
        ending.end("a stop of the service");
    }

    @Override
    public void refuse() {
        fail(stopping());
    }

    @Override
    public void giveUp(TaskFailure why) {
        synchronized (this) {
            if (thread != null) {
                trial.calls().giveUp(thread);
            }
        }
        fail(why);
    }

    private void fail(TaskFailure failure) {
        task.fail(trial.clock().instant(), failure);
    }

    private static TaskFailure stopping() {
        return new TaskFailure(TaskFailure.Code.SHUTTING_DOWN, "the service is stopping; the drill did not end");
    }
}
