package dev.otherix.backup.job;

import dev.otherix.backup.etcd.MemberWatch;
import dev.otherix.backup.snapshot.SnapshotDirectory;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.Optional;
import org.jspecify.annotations.Nullable;
import org.springframework.beans.factory.ObjectProvider;

/** Reports whether backups run. Answers from the last known state, even if etcd or the directory is gone. */
public final class StatusReader {

    /** A single call to the disk that takes longer makes a late look one at a disk that does not answer. */
    private static final Duration LONGEST_CALL = Duration.ofSeconds(1);

    /** Shorter than the two seconds within which health and metrics answer. */
    private static final Duration LONGEST_LOOK = Duration.ofMillis(1500);

    private final BackupProperties settings;
    private final SharedDirectory sharedDirectory;
    private final MemberWatch watch;
    private final ObjectProvider<Parts> parts;
    private final ObjectProvider<DirectoryAtStart> atStart;
    private final BoundedLook<BackupStatus> look;

    StatusReader(
            BackupProperties settings,
            SharedDirectory sharedDirectory,
            MemberWatch watch,
            ObjectProvider<Parts> parts,
            ObjectProvider<DirectoryAtStart> atStart,
            Clock clock) {
        this.atStart = atStart;
        this.look = new BoundedLook<>(this::look, LONGEST_LOOK, clock);
        this.settings = settings;
        this.sharedDirectory = sharedDirectory;
        this.watch = watch;
        this.parts = parts;
    }

    /** The sources of the status if there is a directory. */
    record Parts(SnapshotDirectory directory, RunHistory history, BackupSchedule schedule, BackupJob job) {}

    /**
     * Returns the status within two seconds. If the directory does not answer, the status has its last known state, and
     * names this as the reason why it cannot be used. On a machine that is only slow it is the last known state.
     */
    public BackupStatus now() {
        return look.now(this::late);
    }

    private BackupStatus late(@Nullable BackupStatus last, Instant since) {
        var some = Optional.ofNullable(parts.getIfAvailable());
        var answers = some.map(known ->
                        known.directory().calls().waitingFor(LONGEST_CALL).isEmpty())
                .orElse(false);
        return last != null && answers
                ? new BackupStatus(
                        settings,
                        last.directory(),
                        some.flatMap(known -> known.history().last()),
                        last.plan(),
                        some.flatMap(StatusReader::runningTask),
                        last.sharedDirectory(),
                        watch.last())
                : hanging(last, since);
    }

    private BackupStatus hanging(@Nullable BackupStatus last, Instant since) {
        var hangs = new Reason(
                Reason.Code.DIRECTORY_HANGS,
                settings.dir() + " has not answered since " + since.truncatedTo(ChronoUnit.SECONDS)
                        + "; check the disk, or the server of the file system");
        var some = Optional.ofNullable(parts.getIfAvailable());
        return new BackupStatus(
                settings,
                (last == null ? DirectoryStatus.NONE : last.directory()).hanging(hangs),
                some.flatMap(known -> known.history().last()),
                last == null ? BackupStatus.Plan.NONE : last.plan(),
                some.flatMap(StatusReader::runningTask),
                last == null ? Optional.empty() : last.sharedDirectory(),
                watch.last());
    }

    private BackupStatus look() {
        var seen = read(settings, sharedDirectory, watch, Optional.ofNullable(parts.getIfAvailable()));
        return Optional.ofNullable(atStart.getIfAvailable())
                .map(waiting -> seen.hanging(new Reason(Reason.Code.DIRECTORY_HANGS, waiting.message())))
                .orElse(seen);
    }

    static BackupStatus read(
            BackupProperties settings, SharedDirectory sharedDirectory, MemberWatch watch, Optional<Parts> some) {
        return new BackupStatus(
                settings,
                some.map(Parts::directory).map(DirectoryStatus::read).orElse(DirectoryStatus.NONE),
                some.flatMap(known -> known.history().last()),
                some.map(known -> plan(known.schedule())).orElse(BackupStatus.Plan.NONE),
                some.flatMap(StatusReader::runningTask),
                sharedDirectory.reason(),
                watch.last());
    }

    private static Optional<String> runningTask(Parts parts) {
        return parts.job().running().map(task -> task.id());
    }

    private static BackupStatus.Plan plan(BackupSchedule schedule) {
        return new BackupStatus.Plan(
                schedule.nextDueAt(), schedule.nextAttemptAt(), schedule.overdue(), schedule.beforeFirstRun());
    }
}
