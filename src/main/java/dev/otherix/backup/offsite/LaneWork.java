package dev.otherix.backup.offsite;

import dev.otherix.backup.snapshot.DiskCalls;
import dev.otherix.backup.task.TaskFailure;
import dev.otherix.backup.task.Work;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/** A piece of work with one target. Its thread is interrupted to end it early. */
final class LaneWork implements Work {

    private final DiskCalls calls;
    private final Runnable work;
    private final Consumer<TaskFailure> notDone;
    private volatile @Nullable Thread thread;

    /** @param notDone gets the reason if it is not done, or if its thread does not return */
    LaneWork(DiskCalls calls, Runnable work, Consumer<TaskFailure> notDone) {
        this.calls = calls;
        this.work = work;
        this.notDone = notDone;
    }

    @Override
    public void perform() {
        thread = Thread.currentThread();
        try {
            work.run();
        } finally {
            end();
        }
    }

    private synchronized void end() {
        thread = null;
        calls.release(Thread.currentThread());
        // of this work alone
        var _ = Thread.interrupted();
    }

    @Override
    public void cancel() {
        synchronized (this) {
            if (thread != null) {
                thread.interrupt();
            }
        }
    }

    @Override
    public void refuse() {
        notDone.accept(new TaskFailure(TaskFailure.Code.SHUTTING_DOWN, "the service is stopping; nothing was copied"));
    }

    @Override
    public void giveUp(TaskFailure why) {
        synchronized (this) {
            if (thread != null) {
                calls.giveUp(thread);
            }
        }
        notDone.accept(why);
    }
}
