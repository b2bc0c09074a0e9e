package dev.otherix.backup.job;

/** Is told of each run when it has ended, on the run's thread. */
@FunctionalInterface
public interface RunListener {

    void ended(BackupRun run);
}
