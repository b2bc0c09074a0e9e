package dev.otherix.backup.job;

import dev.otherix.backup.snapshot.Pruned;

/** Gets each run when it has ended, on the run's thread, and the result of retention at the start of the service. */
@FunctionalInterface
public interface RunListener {

    void ended(BackupRun run);

    /** Called if there was something to remove, before or between runs. */
    default void prunedAtStart(Pruned pruned) {}
}
