package dev.otherix.backup.job;

import dev.otherix.backup.etcd.EtcdMember;
import dev.otherix.backup.etcd.EtcdProperties;
import dev.otherix.backup.etcd.MemberWatch;
import dev.otherix.backup.snapshot.KnownDirectory;
import dev.otherix.backup.snapshot.SnapshotDirectory;
import dev.otherix.backup.snapshot.SnapshotInterval;
import dev.otherix.backup.snapshot.StateDirectory;
import dev.otherix.backup.task.TaskList;
import dev.otherix.backup.task.Turns;
import java.time.Clock;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.springframework.beans.factory.ObjectProvider;
import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.Configuration;
import org.springframework.core.annotation.Order;
import org.springframework.scheduling.annotation.EnableScheduling;

/** The parts that exist with and without a directory: the clock, the member, and the status. */
@Configuration(proxyBeanMethods = false)
@EnableScheduling
class JobConfiguration {

    private static final Logger LOG = LoggerFactory.getLogger(JobConfiguration.class);

    JobConfiguration(BackupProperties backup) {
        if (!backup.enabled()) {
            LOG.warn(
                    "periodic backups are off (workers.backup.enabled is false){}",
                    backup.dir() == null ? "; without workers.backup.dir there are no snapshots on demand either" : "");
        }
    }

    @Bean
    Clock clock() {
        return Clock.systemUTC();
    }

    @Bean
    SnapshotInterval snapshotInterval(BackupProperties backup) {
        return new SnapshotInterval(backup.interval());
    }

    @Bean
    EtcdMember etcdMember(EtcdProperties etcd) {
        return new EtcdMember(etcd);
    }

    @Bean
    MemberWatch memberWatch(EtcdMember member) {
        return new MemberWatch(member);
    }

    @Bean
    MemberTicks memberTicks(MemberWatch watch) {
        return new MemberTicks(watch);
    }

    @Bean
    TaskList taskList() {
        return new TaskList();
    }

    @Bean
    Turns turns() {
        return new Turns();
    }

    @Bean
    SharedDirectory sharedDirectory(BuiltInWorker builtInWorker, ObjectProvider<SnapshotDirectory> directory) {
        return new SharedDirectory(builtInWorker, directory.getIfAvailable());
    }

    @Bean
    StatusReader statusReader(
            BackupProperties backup,
            SharedDirectory sharedDirectory,
            MemberWatch watch,
            ObjectProvider<StatusReader.Parts> parts,
            ObjectProvider<DirectoryAtStart> atStart,
            Clock clock) {
        return new StatusReader(backup, sharedDirectory, watch, parts, atStart, clock);
    }

    @Bean
    @Order(3)
    DirectoryWatch directoryWatch(ObjectProvider<SnapshotDirectory> directory, StateDirectory state) {
        var there = directory.getIfAvailable();
        return new DirectoryWatch(there == null ? null : KnownDirectory.of(there, state));
    }
}
