package dev.otherix.backup.job;

import dev.otherix.backup.etcd.MemberWatch;
import dev.otherix.backup.snapshot.SnapshotDirectory;
import java.util.Optional;
import org.springframework.beans.factory.ObjectProvider;

/** Reports whether backups run. Answers from what is known, also when etcd or the directory is gone. */
public final class StatusReader {

    private final BackupProperties settings;
    private final SharedDirectory sharedDirectory;
    private final MemberWatch watch;
    private final ObjectProvider<Parts> parts;

    StatusReader(
            BackupProperties settings,
            SharedDirectory sharedDirectory,
            MemberWatch watch,
            ObjectProvider<Parts> parts) {
        this.settings = settings;
        this.sharedDirectory = sharedDirectory;
        this.watch = watch;
        this.parts = parts;
    }

    /** The parts that the status is read from where there is a directory. */
    record Parts(SnapshotDirectory directory, RunHistory history, BackupSchedule schedule, BackupJob job) {}

    /** Looks now. */
    public BackupStatus now() {
        return read(settings, sharedDirectory, watch, Optional.ofNullable(parts.getIfAvailable()));
    }

    static BackupStatus read(
            BackupProperties settings, SharedDirectory sharedDirectory, MemberWatch watch, Optional<Parts> some) {
        return new BackupStatus(
                settings,
                some.map(Parts::directory).map(DirectoryStatus::read).orElse(DirectoryStatus.NONE),
                some.flatMap(known -> known.history().last()).filter(run -> !BackupStatus.cutShort(run)),
                some.map(known -> plan(known.schedule())).orElse(BackupStatus.Plan.NONE),
                some.flatMap(known -> known.job().running()).map(task -> task.id()),
                sharedDirectory.reason(),
                watch.last());
    }

    private static BackupStatus.Plan plan(BackupSchedule schedule) {
        return new BackupStatus.Plan(
                schedule.nextDueAt(), schedule.nextAttemptAt(), schedule.overdue(), schedule.beforeFirstRun());
    }
}
