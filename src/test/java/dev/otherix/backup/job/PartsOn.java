package dev.otherix.backup.job;

import dev.otherix.backup.check.CaCheck;
import dev.otherix.backup.check.ClusterCaProperties;
import dev.otherix.backup.check.DueInspection;
import dev.otherix.backup.check.FileCheck;
import dev.otherix.backup.check.HashComparison;
import dev.otherix.backup.check.Inspection;
import dev.otherix.backup.check.Inspections;
import dev.otherix.backup.check.VerificationProperties;
import dev.otherix.backup.etcd.EtcdMember;
import dev.otherix.backup.etcd.EtcdProperties;
import dev.otherix.backup.etcd.MemberWatch;
import dev.otherix.backup.etcd.StreamProperties;
import dev.otherix.backup.snapshot.RetentionPolicy;
import dev.otherix.backup.snapshot.SnapshotDirectory;
import dev.otherix.backup.snapshot.StateNotes;
import dev.otherix.backup.task.TaskList;
import dev.otherix.backup.task.Turns;
import java.net.URI;
import java.nio.file.Path;
import java.time.Clock;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.stream.Stream;
import org.springframework.beans.factory.support.DefaultListableBeanFactory;

/**
 * The parts that make backups, on a directory that a test has opened, put together as the service does. One requested
 * snapshot is kept.
 */
public final class PartsOn implements AutoCloseable {

    private final List<RunListener> listeners = new CopyOnWriteArrayList<>();
    private final BackupProperties settings;
    private final SnapshotDirectory directory;
    private final MemberWatch watch;
    private final SharedDirectory sharedDirectory;
    private final StateNotes notes;
    private final RunHistory history;
    private final Timeline timeline;
    private final BackupSchedule schedule;
    private final BackupJob job;
    private final FileCheck files;
    private final HangWatch hangs;
    private final BackupTicks ticks;

    private PartsOn(
            SnapshotDirectory directory,
            BackupProperties settings,
            String clientUrl,
            Clock clock,
            Duration longestCall) {
        this.settings = settings;
        this.notes = RunHistory.notes(directory, true);
        this.history = new RunHistory(notes);
        this.timeline = history.timeline(clock);
        this.directory = directory;
        var member = new EtcdMember(new EtcdProperties(URI.create(clientUrl), null, null, null, null, null));
        var retention = new Retention(new RetentionPolicy(settings.retention(), 1), directory);
        var tasks = new TaskList();
        this.watch = new MemberWatch(member);
        watch.listen(timeline::heard);
        this.files = new FileCheck(new CaCheck(new ClusterCaProperties(Path.of("/nonexistent/cluster-ca.crt"))), clock);
        this.schedule = new BackupSchedule(settings, new ScheduleProperties(Duration.ofMinutes(1)), directory, clock);
        this.sharedDirectory = new SharedDirectory(new BuiltInWorker(Optional.empty()), directory);
        var steps = new BackupSteps(
                member,
                new StreamProperties(Duration.ofSeconds(30), null, null),
                directory,
                files,
                new HashComparison(VerificationProperties.HashKv.AUTO),
                retention,
                timeline);
        this.job = new BackupJob(
                steps,
                tasks,
                new Turns(),
                () -> Stream.concat(Stream.of(history, timeline, schedule, new RunLog(schedule)), listeners.stream()),
                directory.calls(),
                clock);
        var inspection = new Inspection(directory, files, retention::explain, clock);
        var due = new DueInspection(
                directory, inspection, Duration.ZERO, () -> job.running().isPresent(), clock);
        var inspections = new Inspections(directory, inspection, due, tasks, clock);
        this.hangs = new HangWatch(directory, longestCall, job, inspections);
        this.ticks = new BackupTicks(
                schedule,
                job,
                inspections,
                new EarlyPrune(directory, retention, files),
                sharedDirectory,
                hangs,
                Stream::empty);
    }

    public static PartsOn directory(
            SnapshotDirectory directory, BackupProperties settings, String clientUrl, Clock clock) {
        return new PartsOn(directory, settings, clientUrl, clock, Duration.ofSeconds(30));
    }

    /** The same, on a disk of which no call may wait longer than {@code longestCall}, which is watched from now on. */
    static PartsOn watchedDirectory(
            SnapshotDirectory directory,
            BackupProperties settings,
            String clientUrl,
            Clock clock,
            Duration longestCall) {
        var parts = new PartsOn(directory, settings, clientUrl, clock, longestCall);
        parts.hangs.start();
        return parts;
    }

    public void listen(RunListener listener) {
        listeners.add(listener);
    }

    public BackupJob job() {
        return job;
    }

    public SnapshotDirectory directory() {
        return directory;
    }

    public FileCheck files() {
        return files;
    }

    public MemberWatch watch() {
        return watch;
    }

    public BackupTicks ticks() {
        return ticks;
    }

    /** What health, metrics and the API ask. */
    StatusReader reader(Clock clock) {
        var beans = new DefaultListableBeanFactory();
        beans.registerSingleton("parts", new StatusReader.Parts(directory, history, schedule, job));
        return new StatusReader(
                settings,
                sharedDirectory,
                watch,
                beans.getBeanProvider(StatusReader.Parts.class),
                beans.getBeanProvider(DirectoryAtStart.class),
                clock);
    }

    public BackupStatus status() {
        return StatusReader.read(
                settings,
                sharedDirectory,
                watch,
                Optional.of(new StatusReader.Parts(directory, history, schedule, job)));
    }

    @Override
    public void close() {
        ticks.stop();
        hangs.close();
        watch.close();
        notes.close();
        directory.close();
    }
}
