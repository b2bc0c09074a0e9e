package dev.otherix.backup.task;

import java.time.Duration;
import java.util.concurrent.locks.Condition;
import java.util.concurrent.locks.ReentrantLock;
import org.jspecify.annotations.Nullable;

/**
 * Who may work now. A run always may: it ends a drill, and none begins meanwhile. A drill with an etcd and the uploads
 * wait for each other. Safe for use by several threads.
 */
public final class Turns {

    /** How long a run waits until an ended drill has given back its space. */
    private static final Duration LONGEST_DELAY = Duration.ofMillis(900);

    private final ReentrantLock lock = new ReentrantLock();
    private final Condition changed = lock.newCondition();
    private int runs;
    private int uploads;
    private @Nullable DrillTurn drill;

    /** The right to work, until it is closed. */
    @FunctionalInterface
    public interface Turn extends AutoCloseable {

        @Override
        void close();
    }

    /** Lets a run begin: a drill is ended, and gets a moment to end. */
    public Turn run() {
        lock.lock();
        try {
            runs++;
            if (drill != null) {
                drill.end.run();
                awaitEndOfDrill();
            }
            return () -> change(() -> runs--);
        } finally {
            lock.unlock();
        }
    }

    private void awaitEndOfDrill() {
        try {
            var left = LONGEST_DELAY.toNanos();
            while (drill != null && left > 0) {
                left = changed.awaitNanos(left);
            }
        } catch (InterruptedException cancelled) {
            Thread.currentThread().interrupt();
        }
    }

    /** Lets an upload begin, after a drill that has an etcd, also one that waits. */
    public Turn upload() throws InterruptedException {
        lock.lockInterruptibly();
        try {
            while (drill != null && drill.withEtcd) {
                changed.await();
            }
            uploads++;
            return () -> change(this::uploaded);
        } finally {
            lock.unlock();
        }
    }

    /** A drill that waits comes next: neither a long queue nor a second target keeps it waiting. */
    private void uploaded() {
        uploads--;
        if (uploads == 0 && drill != null) {
            drill.works = true;
        }
    }

    /**
     * Lets a drill begin, after the uploads that are under way if it has an etcd; meanwhile no other begins. There is
     * one drill at a time.
     *
     * @param end called, also before this returns, when the drill has to end because of a run
     */
    public Turn drill(boolean withEtcd, Runnable end) throws InterruptedException {
        lock.lockInterruptibly();
        var turn = new DrillTurn(withEtcd, end);
        try {
            drill = turn;
            turn.works = !withEtcd || uploads == 0;
            if (runs > 0) {
                end.run();
            }
            while (!turn.works) {
                changed.await();
            }
            return () -> change(() -> drill = null);
        } catch (InterruptedException ended) {
            change(() -> drill = null);
            throw ended;
        } finally {
            lock.unlock();
        }
    }

    private void change(Runnable change) {
        lock.lock();
        try {
            change.run();
            changed.signalAll();
        } finally {
            lock.unlock();
        }
    }

    /** Whether a run is under way. */
    public boolean aRun() {
        lock.lock();
        try {
            return runs > 0;
        } finally {
            lock.unlock();
        }
    }

    /** Whether a drill is under way; one that waits is not. */
    public boolean aDrill() {
        lock.lock();
        try {
            return drill != null && drill.works;
        } finally {
            lock.unlock();
        }
    }

    private static final class DrillTurn {

        private final boolean withEtcd;
        private final Runnable end;
        private boolean works;

        DrillTurn(boolean withEtcd, Runnable end) {
            this.withEtcd = withEtcd;
            this.end = end;
        }
    }
}
