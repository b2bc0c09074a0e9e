package dev.otherix.backup.offsite;

import dev.otherix.backup.offsite.NotCopied.Why;
import dev.otherix.backup.offsite.store.StoreFailure;
import dev.otherix.backup.snapshot.DirectoryFailure;
import dev.otherix.backup.snapshot.DiskCalls;
import dev.otherix.backup.snapshot.Snapshot;
import dev.otherix.backup.snapshot.SnapshotName;
import dev.otherix.backup.snapshot.StateNotes;
import dev.otherix.backup.snapshot.Target;
import dev.otherix.backup.task.Lane;
import dev.otherix.backup.task.Progress;
import dev.otherix.backup.task.TaskFailure;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.function.Consumer;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The queue of one target, with its own thread: a target that hangs holds up no other one. The queue is the directory:
 * each look derives from it what is to be done, so a crash loses nothing. Newest first.
 */
final class CopyQueue implements AutoCloseable {

    private static final Logger LOG = LoggerFactory.getLogger(CopyQueue.class);
    private static final Duration LONGEST_STOP = Duration.ofSeconds(2);

    private final TargetParts parts;
    private final CopyJob copies;
    private final Upkeep upkeep;
    private final DirectoryView view;
    private final StateNotes notes;
    private final DiskCalls calls;
    private final Trouble trouble;
    private final Lane<LaneWork> lane;
    private boolean looked;

    CopyQueue(
            TargetParts parts,
            CopyJob copies,
            Upkeep upkeep,
            DirectoryView view,
            StateNotes notes,
            DiskCalls calls,
            Trouble trouble) {
        this.parts = parts;
        this.copies = copies;
        this.upkeep = upkeep;
        this.view = view;
        this.notes = notes;
        this.calls = calls;
        this.trouble = trouble;
        this.lane = new Lane<>("offsite-" + parts.target().word(), LONGEST_STOP, this::due);
    }

    Target target() {
        return parts.target();
    }

    TargetParts parts() {
        return parts;
    }

    Trouble trouble() {
        return trouble;
    }

    Upkeep upkeep() {
        return upkeep;
    }

    /** Starts what is due, unless something is under way. */
    void wake() {
        lane.wake();
    }

    /** Whether nothing is under way, or waits to be. */
    boolean idle() {
        return lane.idle();
    }

    /** Abandons the current work because the local disk does not answer; see {@link Lane#giveUp}. */
    void giveUp(TaskFailure why) {
        lane.giveUp(why);
    }

    /** Adds a copy that is tried at once, whatever the retry clock says. */
    void ask(CopyRequest request) {
        lane.ask(waiting -> waiting.add(work(() -> answer(request), why -> request.failed(target(), why))));
    }

    /** Removes the copy of a snapshot after the work that is under way, unless its caller has gone by then. */
    CompletableFuture<RemovedCopy> remove(SnapshotName name, boolean includeLast) {
        var answer = new CompletableFuture<RemovedCopy>();
        lane.ask(waiting -> waiting.add(work(
                () -> upkeep.requested().answer(answer, name, includeLast),
                why -> answer.complete(new RemovedCopy.Failed(why)))));
        return answer;
    }

    private LaneWork work(Runnable work, Consumer<TaskFailure> notDone) {
        return new LaneWork(calls, work, notDone);
    }

    /** The next piece of work; called on the lane's thread. */
    private Optional<LaneWork> due() {
        if (!trouble.retryIsDue()) {
            return Optional.empty();
        }
        try {
            var snapshots = view.look();
            trouble.forgetAllBut(snapshots.stream().map(Snapshot::name).toList());
            return cleaning()
                    .or(() -> first(snapshots))
                    .or(() -> next(snapshots))
                    .or(() -> upkeep.knowsAll(snapshots) ? Optional.empty() : job(upkeep::readSome))
                    .or(() -> check(snapshots))
                    .or(() -> pruning(snapshots));
        } catch (DirectoryFailure unreadable) {
            // health and the next run report it; this is tried again
            LOG.debug("the directory cannot be read", unreadable);
            return Optional.empty();
        }
    }

    private Optional<LaneWork> job(Runnable job) {
        return Optional.of(work(() -> attempt(job), _ -> {}));
    }

    /** An upload that is noted while none is under way was left by a crash, or could not be aborted. */
    private Optional<LaneWork> cleaning() {
        return notes.now().uploads().stream()
                .filter(upload -> upload.target() == target())
                .findFirst()
                .flatMap(upload -> job(() -> {
                    parts.store().abort(upload.key(), upload.id());
                    notes.note(before -> before.without(upload));
                    LOG.info(
                            "removed what an interrupted upload of {} left in {}",
                            upload.key(),
                            parts.store().place());
                }));
    }

    /** What lies there is looked at after each start, also if nothing is to be copied. */
    private Optional<LaneWork> first(List<Snapshot> snapshots) {
        return looked || snapshots.isEmpty() ? Optional.empty() : job(() -> look(snapshots));
    }

    private void look(List<Snapshot> snapshots) {
        upkeep.look(snapshots);
        copies.lookAtFiles();
        looked = true;
    }

    /** The newest at once, others when it is known what lies there. */
    private Optional<LaneWork> next(List<Snapshot> snapshots) {
        return parts.choice().waiting(snapshots, trouble.failing()).stream()
                .filter(snapshot -> snapshot.equals(snapshots.getFirst()) || upkeep.knowsAll(snapshots))
                .filter(snapshot -> !trouble.passesOver(snapshot.name()))
                .findFirst()
                .map(Snapshot::name)
                .flatMap(name -> job(() -> copy(name, false, new Progress())));
    }

    private Optional<LaneWork> check(List<Snapshot> snapshots) {
        return parts.recheck().due(snapshots).isEmpty()
                ? Optional.empty()
                : job(() -> {
                    look(snapshots);
                    parts.recheck()
                            .due(view.look())
                            .forEach(snapshot -> parts.recheck().check(snapshot, new Progress()));
                });
    }

    private Optional<LaneWork> pruning(List<Snapshot> snapshots) {
        return upkeep.isDue(snapshots) ? job(() -> upkeep.prune(snapshots)) : Optional.empty();
    }

    private void copy(SnapshotName name, boolean requested, Progress progress) {
        try {
            copies.copy(name, requested, progress);
            trouble.settle(name);
        } catch (NotCopied because) {
            if (because.why() == Why.NO_SNAPSHOT) {
                trouble.settle(name);
            } else {
                trouble.passOver(name, because);
            }
            throw because;
        }
    }

    /** Does a job, and notes whether the store answers. */
    private void attempt(Runnable job) {
        try {
            job.run();
            trouble.worksAgain();
        } catch (NotCopied one) {
            // is noted by its name; the store answered, and the next snapshot may be copied
            trouble.worksAgain();
        } catch (RuntimeException | Error failure) {
            report(failure);
        }
    }

    private void answer(CopyRequest request) {
        request.begins();
        try {
            copy(request.name(), true, request.progress());
            trouble.worksAgain();
            request.ended(target());
        } catch (NotCopied because) {
            trouble.worksAgain();
            request.failed(target(), failure(because));
        } catch (RuntimeException | Error failure) {
            report(failure);
            request.failed(target(), failure(failure));
        }
    }

    private void report(Throwable failure) {
        if (lane.closed()) {
            return;
        }
        if (!(failure instanceof StoreFailure || failure instanceof DirectoryFailure)) {
            LOG.error("copying to {} failed unexpectedly", parts.store().place(), failure);
        }
        trouble.failed(failure);
    }

    private TaskFailure failure(Throwable cause) {
        return lane.closed() ? CopyFailures.STOPPING : CopyFailures.at(target(), cause);
    }

    @Override
    public void close() {
        lane.close();
    }
}
