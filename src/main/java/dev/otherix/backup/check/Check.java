package dev.otherix.backup.check;

import dev.otherix.backup.snapshot.DiskCalls;
import dev.otherix.backup.task.TaskFailure;
import dev.otherix.backup.task.Work;
import org.jspecify.annotations.Nullable;

/** Work of {@link Inspections} that reads files. Its thread is interrupted to end it early. */
abstract sealed class Check implements Work permits Errand, DueCheck, RequestedCheck {

    private final DiskCalls calls;
    private volatile @Nullable Thread thread;

    Check(DiskCalls calls) {
        this.calls = calls;
    }

    abstract void check();

    @Override
    public final void perform() {
        thread = Thread.currentThread();
        try {
            check();
        } finally {
            end();
        }
    }

    private synchronized void end() {
        thread = null;
        calls.release(Thread.currentThread());
    }

    @Override
    public final void giveUp(TaskFailure why) {
        synchronized (this) {
            if (thread != null) {
                calls.giveUp(thread);
            }
        }
        givenUp(why);
    }

    /** Reports this to its callers. */
    abstract void givenUp(TaskFailure why);

    @Override
    public final void cancel() {
        var working = thread;
        if (working != null) {
            working.interrupt();
        }
    }
}
