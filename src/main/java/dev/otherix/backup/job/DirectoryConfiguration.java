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
import dev.otherix.backup.etcd.MemberWatch;
import dev.otherix.backup.etcd.StreamProperties;
import dev.otherix.backup.snapshot.RetentionPolicy;
import dev.otherix.backup.snapshot.SnapshotDirectory;
import dev.otherix.backup.snapshot.StateNotes;
import dev.otherix.backup.snapshot.Uncopied;
import dev.otherix.backup.task.TaskList;
import dev.otherix.backup.task.Turns;
import java.time.Clock;
import java.util.Objects;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.springframework.beans.factory.ObjectProvider;
import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.Configuration;
import org.springframework.core.annotation.Order;

/** Puts together the parts that make backups. */
@Configuration(proxyBeanMethods = false)
@WithDirectory
class DirectoryConfiguration {

    private static final Logger LOG = LoggerFactory.getLogger(DirectoryConfiguration.class);

    /** Fails if the directory cannot be made, is not writable or belongs to another instance. */
    @Bean
    SnapshotDirectory snapshotDirectory(BackupProperties backup, DirectoryProperties directory) {
        var dir = Objects.requireNonNull(backup.dir(), WithDirectory.PROPERTY);
        var reserve = directory.reserve();
        var opened =
                reserve == null ? SnapshotDirectory.open(dir, null) : SnapshotDirectory.openReserving(dir, reserve::of);
        opened.remarks().forEach(LOG::warn);
        return opened;
    }

    @Bean
    DirectoryGate directoryGate(SnapshotDirectory directory, Clock clock) {
        return new DirectoryGate(directory, clock);
    }

    /** What outlives the process and belongs to no snapshot. */
    @Bean
    StateNotes stateNotes(SnapshotDirectory directory, DirectoryWatch watch) {
        return RunHistory.notes(directory, watch.gone().isEmpty());
    }

    @Bean
    Retention retention(
            BackupProperties backup,
            RetentionProperties retention,
            SnapshotDirectory directory,
            DirectoryWatch watch,
            ObjectProvider<Uncopied> uncopied) {
        return new Retention(
                new RetentionPolicy(
                        backup.retention(),
                        retention.onDemand(),
                        retention.within(),
                        uncopied.getIfAvailable(() -> Uncopied.NONE)),
                directory,
                watch::maybeOthers);
    }

    @Bean
    FileCheck fileCheck(ClusterCaProperties ca, Clock clock) {
        return new FileCheck(new CaCheck(ca), clock);
    }

    @Bean
    BackupSteps backupSteps(
            EtcdMember member,
            StreamProperties stream,
            SnapshotDirectory directory,
            FileCheck files,
            VerificationProperties verification,
            Retention retention,
            Timeline timeline) {
        var hash = new HashComparison(verification.hashKv());
        return new BackupSteps(member, stream, directory, files, hash, retention, timeline);
    }

    @Bean
    BackupJob backupJob(
            BackupSteps steps,
            TaskList tasks,
            Turns turns,
            ObjectProvider<RunListener> listeners,
            SnapshotDirectory directory,
            Clock clock) {
        return new BackupJob(steps, tasks, turns, listeners::orderedStream, directory.calls(), clock);
    }

    @Bean
    Inspections inspections(
            SnapshotDirectory directory,
            FileCheck files,
            VerificationProperties verification,
            Retention retention,
            TaskList tasks,
            Turns turns,
            Clock clock) {
        var inspection = new Inspection(directory, files, retention::explain, clock);
        var due = new DueInspection(
                directory, inspection, verification.againEvery(), () -> turns.aRun() || turns.aDrill(), clock);
        return new Inspections(directory, inspection, due, tasks, clock);
    }

    @Bean
    EarlyPrune earlyPrune(SnapshotDirectory directory, Retention retention, FileCheck files) {
        return new EarlyPrune(directory, retention, files);
    }

    @Bean
    HangWatch hangWatch(SnapshotDirectory directory, StreamProperties stream, BackupJob job, Inspections inspections) {
        return new HangWatch(directory, stream.stallTimeout(), job, inspections);
    }

    @Bean
    BackupTicks backupTicks(
            BackupSchedule schedule,
            BackupJob job,
            Inspections inspections,
            EarlyPrune early,
            SharedDirectory sharedDirectory,
            HangWatch hangs,
            ObjectProvider<TickListener> listeners) {
        return new BackupTicks(schedule, job, inspections, early, sharedDirectory, hangs, listeners::orderedStream);
    }

    /**
     * The listeners of a run, in the order of their calls: the log comes after the schedule, because it logs the next
     * run.
     */
    @Bean
    @Order(0)
    RunHistory runHistory(StateNotes notes) {
        return new RunHistory(notes);
    }

    /** Its marks of time, of which the next record gets those that matter to it. */
    @Bean
    @Order(0)
    Timeline timeline(RunHistory history, MemberWatch watch, Clock clock) {
        var timeline = history.timeline(clock);
        watch.listen(timeline::heard);
        return timeline;
    }

    @Bean
    @Order(1)
    BackupSchedule backupSchedule(
            BackupProperties backup, ScheduleProperties schedule, SnapshotDirectory directory, Clock clock) {
        return new BackupSchedule(backup, schedule, directory, clock);
    }

    @Bean
    @Order(2)
    RunLog runLog(BackupSchedule schedule) {
        return new RunLog(schedule);
    }

    @Bean
    StatusReader.Parts statusParts(
            SnapshotDirectory directory, RunHistory history, BackupSchedule schedule, BackupJob job) {
        return new StatusReader.Parts(directory, history, schedule, job);
    }
}
