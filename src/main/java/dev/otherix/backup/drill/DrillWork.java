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

    private final SnapshotName name;
    private final boolean scheduled;
    private final Trial trial;
    private final BooleanSupplier closing;
    private final Progress progress = new Progress();
    private final Task<Snapshot> task;
    private final Ending ending = new Ending();
    private @Nullable Thread thread;

    /** @param closing whether the service stops */
    DrillWork(SnapshotName name, boolean scheduled, Trial trial, BooleanSupplier closing) {
        this.name = name;
        this.scheduled = scheduled;
        this.trial = trial;
        this.closing = closing;
        this.task = new Task<>(
                "snapshot.drill",
                trial.clock().instant(),
                progress,
                name.toString(),
                record -> record.name().toString());
    }

    SnapshotName name() {
        return name;
    }

    Task<Snapshot> task() {
        return task;
    }

    @Override
    public void perform() {
        begin();
        task.start(trial.clock().instant());
        try {
            task.succeed(trial.clock().instant(), trial.of(name, scheduled, progress, ending));
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
