package dev.otherix.backup.check;

import dev.otherix.backup.snapshot.DirectoryFailure;
import dev.otherix.backup.snapshot.DiskCalls;
import dev.otherix.backup.snapshot.Snapshot;
import dev.otherix.backup.snapshot.SnapshotDirectory;
import dev.otherix.backup.snapshot.SnapshotName;
import dev.otherix.backup.task.Lane;
import dev.otherix.backup.task.Progress;
import dev.otherix.backup.task.Task;
import dev.otherix.backup.task.TaskFailure;
import dev.otherix.backup.task.TaskList;
import dev.otherix.backup.verify.VerificationCancelled;
import java.io.IOException;
import java.time.Clock;
import java.time.Duration;
import java.util.Map;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Checks files outside runs, one at a time: first the requested ones, then those that are due. A check without a
 * waiting caller reads slowly, so that the disk stays free for etcd.
 */
public final class Inspections implements AutoCloseable {

    /** Bytes per second that a check in the background reads. */
    public static final long GENTLE = 50L << 20;

    private static final Logger LOG = LoggerFactory.getLogger(Inspections.class);
    private static final long AT_FULL_SPEED = 0;
    private static final Duration LONGEST_STOP = Duration.ofSeconds(2);

    private final SnapshotDirectory directory;
    private final Inspection inspection;
    private final TaskList tasks;
    private final Clock clock;
    private final Lane<Check> lane;

    public Inspections(
            SnapshotDirectory directory, Inspection inspection, DueInspection due, TaskList tasks, Clock clock) {
        this.directory = directory;
        this.inspection = inspection;
        this.tasks = tasks;
        this.clock = clock;
        this.lane = new Lane<>("snapshot-check", LONGEST_STOP, () -> due.next().map(Due::new));
    }

    /** Requests a check of a snapshot's file. Requests for a check that has not started share it. */
    public Task<Snapshot> request(SnapshotName name) {
        return lane.ask(waiting -> {
            for (var check : waiting) {
                if (check instanceof Requested requested && requested.name.equals(name)) {
                    return requested.task;
                }
            }
            var check = new Requested(name);
            tasks.add(check.task);
            waiting.add(check);
            return check.task;
        });
    }

    /** Does {@code work} on the thread that checks files, before all later checks. */
    public void first(Runnable work) {
        lane.ask(waiting -> {
            waiting.addFirst(new Errand(directory.calls(), work));
            return work;
        });
    }

    /** Starts the check that is due, unless one is running. */
    public void look() {
        lane.wake();
    }

    /** Whether no check is running or waiting. */
    boolean idle() {
        return lane.idle();
    }

    /** Abandons the current check, because the disk does not answer; see {@link Lane#giveUp}. */
    public void giveUp(TaskFailure why) {
        lane.giveUp(why);
    }

    /** Ends the current check and fails all waiting ones. */
    @Override
    public void close() {
        lane.close();
    }

    /** One check of one file. Its thread is interrupted to end it early. */
    private abstract static sealed class Check implements Lane.Work {

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
        public void giveUp(TaskFailure why) {
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

    /** Other work that reads files, without a waiting caller. */
    private static final class Errand extends Check {

        private final Runnable work;

        Errand(DiskCalls calls, Runnable work) {
            super(calls);
            this.work = work;
        }

        @Override
        void check() {
            work.run();
        }

        @Override
        public void refuse() {
            // the next start requests it again
        }

        @Override
        void givenUp(TaskFailure why) {
            LOG.warn("retention at the start was abandoned: {}", why.message());
        }
    }

    /** A check that is due, without a waiting caller. */
    private final class Due extends Check {

        private final Snapshot snapshot;

        Due(Snapshot snapshot) {
            super(directory.calls());
            this.snapshot = snapshot;
        }

        @Override
        void check() {
            try {
                inspection.look(snapshot, GENTLE, _ -> {});
            } catch (IOException | DirectoryFailure | VerificationCancelled broken) {
                if (!lane.closed()) {
                    LOG.warn(
                            "{} could not be checked and recorded: {}; the next try is in a minute",
                            snapshot.name(),
                            broken.getMessage());
                }
            }
        }

        @Override
        public void refuse() {
            // it is due at the next start too
        }

        @Override
        void givenUp(TaskFailure why) {
            LOG.warn("the check of {} was abandoned: {}", snapshot.name(), why.message());
        }
    }

    /** A requested check. */
    private final class Requested extends Check {

        private final SnapshotName name;
        private final Progress progress = new Progress();
        private final Task<Snapshot> task;

        Requested(SnapshotName name) {
            super(directory.calls());
            this.name = name;
            this.task = new Task<>(
                    "snapshot.verify",
                    clock.instant(),
                    progress,
                    name.toString(),
                    record -> record.name().toString());
        }

        @Override
        void check() {
            task.start(clock.instant());
            try {
                var snapshot = directory.find(name);
                if (snapshot.isEmpty()) {
                    fail(new TaskFailure(TaskFailure.Code.NOT_FOUND, name + " was removed meanwhile"));
                    return;
                }
                var unreadable = directory.unreadable(name);
                if (unreadable.isPresent()) {
                    fail(new TaskFailure(TaskFailure.Code.DIRECTORY_FAILED, unreadable.get()));
                    return;
                }
                check(snapshot.get());
            } catch (IOException | DirectoryFailure | VerificationCancelled broken) {
                fail(lane.closed() ? stopping() : unreadable(broken));
            } catch (RuntimeException | Error unforeseen) {
                fail(TaskFailure.unforeseen(unforeseen));
                throw unforeseen;
            }
        }

        private void check(Snapshot snapshot) throws IOException {
            progress.enter("verify");
            progress.expect(snapshot.sizeBytes());
            var look = inspection.look(snapshot, AT_FULL_SPEED, progress::reached);
            progress.reached(snapshot.sizeBytes());
            if (look.found().good()) {
                task.succeed(clock.instant(), look.record());
            } else {
                fail(bad(look));
            }
        }

        @Override
        public void refuse() {
            fail(stopping());
        }

        @Override
        void givenUp(TaskFailure why) {
            fail(why);
        }

        private void fail(TaskFailure failure) {
            task.fail(clock.instant(), failure);
        }

        private TaskFailure unreadable(Exception broken) {
            return new TaskFailure(
                    TaskFailure.Code.DIRECTORY_FAILED,
                    name + " cannot be checked: " + broken.getMessage(),
                    Map.of(),
                    broken);
        }

        private TaskFailure bad(Inspection.Look look) {
            return new TaskFailure(
                    TaskFailure.Code.VERIFICATION_FAILED,
                    name + " is not a good snapshot: " + look.found().summary()
                            + (look.corrupt()
                                    ? "; it was renamed to " + name + ".corrupt"
                                    : "; if it is still bad in a minute, it is renamed"),
                    look.found().details(),
                    null);
        }

        private static TaskFailure stopping() {
            return new TaskFailure(TaskFailure.Code.SHUTTING_DOWN, "the service is stopping; the check did not end");
        }
    }
}
