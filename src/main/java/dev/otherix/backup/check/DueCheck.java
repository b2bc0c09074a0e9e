package dev.otherix.backup.check;

import dev.otherix.backup.snapshot.DirectoryFailure;
import dev.otherix.backup.snapshot.DiskCalls;
import dev.otherix.backup.snapshot.Snapshot;
import dev.otherix.backup.task.TaskFailure;
import dev.otherix.backup.verify.VerificationCancelled;
import java.io.IOException;
import java.util.function.BooleanSupplier;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** A check that is due, without a waiting caller. */
final class DueCheck extends Check {

    private static final Logger LOG = LoggerFactory.getLogger(DueCheck.class);

    private final Inspection inspection;
    private final Snapshot snapshot;
    private final BooleanSupplier closing;

    /** @param closing whether checks are cancelled because the service stops */
    DueCheck(DiskCalls calls, Inspection inspection, Snapshot snapshot, BooleanSupplier closing) {
        super(calls);
        this.inspection = inspection;
        this.snapshot = snapshot;
        this.closing = closing;
    }

    @Override
    void check() {
        try {
            inspection.look(snapshot, Inspections.GENTLE, _ -> {});
        } catch (IOException | DirectoryFailure | VerificationCancelled broken) {
            if (!closing.getAsBoolean()) {
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
