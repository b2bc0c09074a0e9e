package dev.otherix.backup.job;

import dev.otherix.backup.snapshot.SnapshotDirectory;

/**
 * The parts that work on one directory of snapshots.
 *
 * @param directory where the snapshots are
 * @param retention which of them stay
 * @param job takes them
 * @param schedule says when
 * @param files checks what they hold
 * @param inspections looks at them again, and at files that came another way
 * @param history what became of the last run
 */
public record Backups(
        SnapshotDirectory directory,
        Retention retention,
        BackupJob job,
        BackupSchedule schedule,
        FileCheck files,
        Inspections inspections,
        RunHistory history) {}
