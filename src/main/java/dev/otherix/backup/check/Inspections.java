package dev.otherix.backup.check;

import dev.otherix.backup.snapshot.Snapshot;
import dev.otherix.backup.snapshot.SnapshotDirectory;
import dev.otherix.backup.snapshot.SnapshotName;
import dev.otherix.backup.task.Lane;
import dev.otherix.backup.task.Task;
import dev.otherix.backup.task.TaskFailure;
import dev.otherix.backup.task.TaskList;
import java.time.Clock;
import java.time.Duration;

/**
 * Checks files outside runs, one at a time: first the requested ones, then those that are due. A check without a
 * waiting caller reads slowly, so that the disk stays free for etcd.
 */
public final class Inspections implements AutoCloseable {

    /** Bytes per second that a check in the background reads. */
    public static final long GENTLE = 50L << 20;

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
        this.lane = new Lane<>("snapshot-check", LONGEST_STOP, () -> due.next().map(this::due));
    }

    private Check due(Snapshot snapshot) {
        return new DueCheck(directory.calls(), inspection, snapshot, this::closing);
    }

    private boolean closing() {
        return lane.closed();
    }

    /** Requests a check of a snapshot's file. Requests for a check that has not started share it. */
    public Task<Snapshot> request(SnapshotName name) {
        return lane.ask(waiting -> {
            for (var check : waiting) {
                if (check instanceof RequestedCheck requested
                        && requested.name().equals(name)) {
                    return requested.task();
                }
            }
            var check = new RequestedCheck(directory, inspection, name, clock, this::closing);
            tasks.add(check.task());
            waiting.add(check);
            return check.task();
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
}
