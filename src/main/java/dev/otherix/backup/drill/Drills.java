package dev.otherix.backup.drill;

import dev.otherix.backup.offsite.PlainCopies;
import dev.otherix.backup.snapshot.DirectoryFailure;
import dev.otherix.backup.snapshot.Snapshot;
import dev.otherix.backup.snapshot.SnapshotDirectory;
import dev.otherix.backup.snapshot.SnapshotName;
import dev.otherix.backup.task.Lane;
import dev.otherix.backup.task.Task;
import dev.otherix.backup.task.TaskFailure;
import dev.otherix.backup.task.TaskList;
import dev.otherix.backup.task.Turns;
import java.time.Duration;
import java.util.Map;
import java.util.Optional;
import java.util.stream.Stream;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Drills, one at a time: first the requested ones, then those that are due. A run ends a drill at once. Safe for use by
 * several threads.
 */
public final class Drills implements AutoCloseable {

    private static final Logger LOG = LoggerFactory.getLogger(Drills.class);
    private static final Duration LONGEST_STOP = Duration.ofSeconds(4);
    /** As long as a run may wait for the disk. */
    private static final Duration LONGEST_CALL = Duration.ofSeconds(30);

    private final SnapshotDirectory directory;
    private final DrillSchedule schedule;
    private final PlainCopies copies;
    private final Trial trial;
    private final Turns turns;
    private final TaskList tasks;
    private final Lane<DrillWork> lane = new Lane<>("drill", LONGEST_STOP, this::due);
    private boolean leftRemoved;

    Drills(
            SnapshotDirectory directory,
            DrillSchedule schedule,
            PlainCopies copies,
            Trial trial,
            Turns turns,
            TaskList tasks) {
        this.directory = directory;
        this.schedule = schedule;
        this.copies = copies;
        this.trial = trial;
        this.turns = turns;
        this.tasks = tasks;
    }

    /** Requests a drill with a snapshot. Requests for one whose drill has not ended share it. */
    public Task<Snapshot> request(SnapshotName name) {
        var task = lane.ask(waiting -> {
            var shared = Stream.concat(lane.running().stream(), waiting.stream())
                    .filter(work -> work.serves(name) && !(work.task().state() instanceof Task.Ended<?>))
                    .findFirst();
            if (shared.isPresent()) {
                return shared.get().task();
            }
            var work = work(new LocalSubject(name, false, directory, schedule));
            waiting.add(work);
            return work.task();
        });
        lane.running().ifPresent(DrillWork::giveWay);
        return task;
    }

    private DrillWork work(Subject subject) {
        var work = new DrillWork(subject, trial, lane::closed);
        tasks.add(work.task());
        return work;
    }

    /** The next drill without a request; called on the lane's thread. */
    private Optional<DrillWork> due() {
        try {
            if (!leftRemoved) {
                leftRemoved = true;
                trial.removeLeft();
            }
            return turns.aRun()
                    ? Optional.empty()
                    : schedule.next().map(this::subject).map(this::work);
        } catch (DirectoryFailure unreadable) {
            // health and the next run report it; this is tried again
            LOG.debug("the directory cannot be read", unreadable);
            return Optional.empty();
        }
    }

    private Subject subject(Snapshot newest) {
        return !copies.none() && schedule.takesCopy()
                ? new CopySubject(copies, directory, schedule, trial.clock())
                : new LocalSubject(newest.name(), true, directory, schedule);
    }

    /** The state, as last known. */
    public DrillStatus status() {
        var missingAfter = schedule.missingAfter();
        return new DrillStatus(
                schedule.on(),
                schedule.last(),
                schedule.lastSnapshot(),
                schedule.passedAt(),
                schedule.nextDueAt(),
                missingAfter,
                missingAfter.filter(trial.clock().instant()::isAfter).isPresent(),
                schedule.skipped(),
                trial.tally().counts(),
                trial.tally().took());
    }

    /** Starts the drill that is due. Called by the clock. */
    void tick() {
        directory
                .calls()
                .waitingFor(LONGEST_CALL)
                .map(call -> DirectoryFailure.hangs(directory.path(), call))
                .ifPresent(hangs -> lane.giveUp(
                        new TaskFailure(TaskFailure.Code.DIRECTORY_FAILED, hangs.problem(), Map.of(), hangs)));
        lane.wake();
    }

    /** Ends what is under way, within seconds. */
    @Override
    public void close() {
        lane.close();
    }
}
