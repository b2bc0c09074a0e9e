package dev.otherix.backup.offsite;

import dev.otherix.backup.snapshot.Snapshot;
import dev.otherix.backup.snapshot.SnapshotName;
import dev.otherix.backup.snapshot.Target;
import dev.otherix.backup.task.Progress;
import dev.otherix.backup.task.Task;
import dev.otherix.backup.task.TaskFailure;
import java.time.Clock;
import java.util.EnumSet;
import java.util.Optional;
import java.util.Set;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/** A request for copies of one snapshot at all targets. Ends when each target has ended. */
final class CopyRequest {

    private final SnapshotName name;
    private final Set<Target> open;
    private final Supplier<Optional<Snapshot>> record;
    private final Clock clock;
    private final Progress progress = new Progress();
    private final Task<Snapshot> task;
    private @Nullable TaskFailure failure;

    /** @param record reads the snapshot's record when it has ended */
    CopyRequest(SnapshotName name, Set<Target> targets, Supplier<Optional<Snapshot>> record, Clock clock) {
        this.name = name;
        this.open = EnumSet.copyOf(targets);
        this.record = record;
        this.clock = clock;
        this.task = new Task<>(
                "snapshot.copy",
                clock.instant(),
                progress,
                name.toString(),
                snapshot -> snapshot.name().toString());
    }

    SnapshotName name() {
        return name;
    }

    Task<Snapshot> task() {
        return task;
    }

    Progress progress() {
        return progress;
    }

    void begins() {
        task.start(clock.instant());
    }

    /** The copy at {@code target} is there. */
    void ended(Target target) {
        ended(target, null);
    }

    /** There is no copy at {@code target}; of several failures the first counts. */
    void failed(Target target, TaskFailure why) {
        ended(target, why);
    }

    private synchronized void ended(Target target, @Nullable TaskFailure why) {
        if (failure == null) {
            failure = why;
        }
        if (!open.remove(target) || !open.isEmpty()) {
            return;
        }
        if (failure != null) {
            task.fail(clock.instant(), failure);
            return;
        }
        try {
            record.get()
                    .ifPresentOrElse(
                            snapshot -> task.succeed(clock.instant(), snapshot),
                            () -> task.fail(
                                    clock.instant(),
                                    new TaskFailure(TaskFailure.Code.NOT_FOUND, name + " was removed meanwhile")));
        } catch (RuntimeException unreadable) {
            task.fail(clock.instant(), TaskFailure.unforeseen(unreadable));
        }
    }
}
