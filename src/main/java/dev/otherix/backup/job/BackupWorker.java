package dev.otherix.backup.job;

import dev.otherix.backup.config.BuiltInWorker;
import dev.otherix.backup.config.SizeOrShare;
import dev.otherix.backup.etcd.EtcdMember;
import dev.otherix.backup.etcd.StreamProperties;
import dev.otherix.backup.snapshot.RetentionPolicy;
import dev.otherix.backup.snapshot.SnapshotDirectory;
import dev.otherix.backup.snapshot.SnapshotName;
import java.nio.file.Path;
import java.time.Clock;
import java.util.Optional;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.springframework.context.SmartLifecycle;
import org.springframework.scheduling.annotation.Scheduled;

/**
 * Owns the parts that make backups and drives them by the clock. Without {@code workers.backup.dir} there are none, and nothing is
 * driven. Stops before the web server does, so that whoever waits for a snapshot gets an answer.
 */
public final class BackupWorker implements SmartLifecycle, AutoCloseable {

    private static final Logger LOG = LoggerFactory.getLogger(BackupWorker.class);

    private final @Nullable Backups backups;
    private final MemberWatch watch;
    private final TaskList tasks = new TaskList();
    private final BuiltInWorker builtInWorker;
    private volatile boolean running;
    private boolean arrivalTold;

    /** Opens the directory, which fails where it cannot be made, is not writable or belongs to another instance. */
    BackupWorker(BackupProperties backup, RetentionProperties retention, DirectoryProperties directory, ScheduleProperties schedule,
            StreamProperties stream, VerificationProperties verification, ClusterCaProperties ca, BuiltInWorker builtInWorker,
            EtcdMember member, Clock clock) {
        this(backup, retention, backup.dir() == null ? null : open(backup.dir(), directory.reserve()), schedule,
                stream, verification, ca, builtInWorker, member, clock);
    }

    /** Works on a directory that is open; null for none. */
    BackupWorker(BackupProperties backup, RetentionProperties retention, @Nullable SnapshotDirectory directory, ScheduleProperties schedule,
            StreamProperties stream, VerificationProperties verification, ClusterCaProperties ca, BuiltInWorker builtInWorker,
            EtcdMember member, Clock clock) {
        this.watch = new MemberWatch(member);
        this.builtInWorker = builtInWorker;
        this.backups = directory == null ? null
                : assemble(backup, new RetentionPolicy(backup.retention(), retention.onDemand()), directory, schedule,
                        stream, verification, new FileCheck(new CaCheck(ca), clock), member, clock);
        if (directory != null) {
            directory.remarks().forEach(LOG::warn);
        }
        if (!backup.enabled()) {
            LOG.warn("periodic backups are off (workers.backup.enabled is false){}",
                    backup.dir() == null ? "; without workers.backup.dir there are none on demand either" : "");
        }
    }

    private Backups assemble(BackupProperties backup, RetentionPolicy retention, SnapshotDirectory directory,
            ScheduleProperties schedule, StreamProperties stream, VerificationProperties verification, FileCheck files,
            EtcdMember member, Clock clock) {
        var pruning = new Retention(retention, directory);
        var hash = new HashComparison(verification.hashKv());
        var job = new BackupJob(new BackupSteps(member, stream, directory, files, hash, pruning, clock), tasks, clock);
        var inspection = new Inspection(directory, pruning, files, clock);
        var due = new DueInspection(directory, inspection, verification.againEvery(), () -> job.running().isPresent(), clock);
        var inspections = new Inspections(directory, inspection, due, tasks, clock);
        var history = new RunHistory();
        var plan = new BackupSchedule(backup, schedule, directory, clock);
        job.listen(history);
        job.listen(plan);
        job.listen(new RunLog(plan));
        return new Backups(directory, pruning, job, plan, files, inspections, history);
    }

    private static SnapshotDirectory open(Path dir, @Nullable SizeOrShare reserve) {
        return reserve == null ? SnapshotDirectory.open(dir, null) : SnapshotDirectory.openReserving(dir, reserve::of);
    }

    /** The working parts; empty where no directory is configured. */
    public Optional<Backups> backups() {
        return Optional.ofNullable(backups);
    }

    /** What is known of the member. */
    public MemberWatch watch() {
        return watch;
    }

    public TaskList tasks() {
        return tasks;
    }

    /** Why otherix-api's built-in worker is believed to use the directory too; empty where nothing says so. */
    public Optional<String> sharedDirectory() {
        return builtInWorker.reason().or(() -> backups().flatMap(parts -> parts.directory().foreignArrival())
                .map(name -> name + " appeared in the directory, and this service did not write it"));
    }

    @Scheduled(fixedDelayString = "PT1S")
    void tick() {
        if (backups != null && running) {
            backups.schedule().next().ifPresent(due -> backups.job().tick(due.trigger(), due.goodOnly()));
        }
    }

    @Scheduled(fixedDelayString = "PT5S")
    void watchMember() {
        watch.look();
    }

    @Scheduled(fixedDelayString = "PT10S")
    void inspect() {
        if (backups != null && running) {
            backups.inspections().look();
            backups.directory().foreignArrival().ifPresent(this::tellOnce);
        }
    }

    private void tellOnce(SnapshotName arrival) {
        if (!arrivalTold) {
            arrivalTold = true;
            LOG.warn("{} appeared in the directory, and this service did not write it: if otherix-api's own backup worker did, each"
                    + " removes the other's files; set workers.backup.enabled to false in api.yaml", arrival);
        }
    }

    @Override
    public void start() {
        if (backups != null) {
            backups.inspections().first(new EarlyPrune(backups.directory(), backups.retention(), backups.files())::atStart);
        }
        running = true;
    }

    @Override
    public void stop() {
        running = false;
        if (backups != null) {
            backups.inspections().close();
            backups.job().close();
        }
        watch.close();
    }

    @Override
    public boolean isRunning() {
        return running;
    }

    @Override
    public int getPhase() {
        return Integer.MAX_VALUE;
    }

    /** Lets go of the directory. */
    @Override
    public void close() {
        if (backups != null) {
            backups.inspections().close();
            backups.job().close();
            backups.directory().close();
        }
        watch.close();
    }
}
