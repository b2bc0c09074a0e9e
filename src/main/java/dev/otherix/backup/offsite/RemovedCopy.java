package dev.otherix.backup.offsite;

import dev.otherix.backup.snapshot.Snapshot;
import dev.otherix.backup.task.TaskFailure;
import java.time.Instant;
import org.jspecify.annotations.Nullable;

/** How a request to remove the copy of a snapshot at one target ended. */
public sealed interface RemovedCopy {

    /** It is no copy any more, and is noted as removed. @param record of the snapshot */
    record Done(Snapshot record) implements RemovedCopy {}

    /** None was made there. */
    record NoCopy() implements RemovedCopy {}

    /**
     * It is kept unless the caller insists, and nothing was touched.
     *
     * @param why the rest of a sentence that begins with the snapshot's name
     */
    record Needed(String why) implements RemovedCopy {}

    /**
     * The store does not let it go, and nothing was touched.
     *
     * @param until when that ends; null if nobody knows
     */
    record Held(String why, @Nullable Instant until) implements RemovedCopy {}

    /** It could not be removed. */
    record Failed(TaskFailure why) implements RemovedCopy {}
}
