package dev.otherix.backup.check;

import dev.otherix.backup.snapshot.DirectoryFailure;
import dev.otherix.backup.snapshot.Snapshot;
import dev.otherix.backup.snapshot.SnapshotDirectory;
import dev.otherix.backup.snapshot.SnapshotName;
import dev.otherix.backup.task.Progress;
import dev.otherix.backup.task.Task;
import dev.otherix.backup.task.TaskFailure;
import dev.otherix.backup.verify.VerificationCancelled;
import java.io.IOException;
import java.time.Clock;
import java.util.Map;
import java.util.function.BooleanSupplier;

/** A requested check, at full speed. Its callers share its task. */
final class RequestedCheck extends Check {

    private static final long AT_FULL_SPEED = 0;

    private final SnapshotDirectory directory;
    private final Inspection inspection;
    private final SnapshotName name;
    private final Clock clock;
    private final BooleanSupplier closing;
    private final Progress progress = new Progress();
    private final Task<Snapshot> task;

    /** @param closing whether checks are cancelled because the service stops */
    RequestedCheck(
            SnapshotDirectory directory,
            Inspection inspection,
            SnapshotName name,
            Clock clock,
            BooleanSupplier closing) {
        super(directory.calls());
        this.directory = directory;
        this.inspection = inspection;
        this.name = name;
        this.clock = clock;
        this.closing = closing;
        this.task = new Task<>(
                "snapshot.verify",
                clock.instant(),
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
            fail(closing.getAsBoolean() ? stopping() : unreadable(broken));
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
                TaskFailure.Code.DIRECTORY_FAILED, name + " cannot be checked: " + why(broken), Map.of(), broken);
    }

    /** Without the path of the file, which Java's own messages hold. */
    private static String why(Exception broken) {
        return switch (broken) {
            case DirectoryFailure failure -> failure.problem();
            case IOException refused -> DirectoryFailure.words(refused);
            default -> String.valueOf(broken.getMessage());
        };
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
