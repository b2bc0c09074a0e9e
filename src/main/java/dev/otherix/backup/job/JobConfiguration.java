package dev.otherix.backup.job;

import dev.otherix.backup.config.BuiltInWorker;
import dev.otherix.backup.etcd.EtcdMember;
import dev.otherix.backup.etcd.EtcdProperties;
import dev.otherix.backup.etcd.StreamProperties;
import dev.otherix.backup.snapshot.KnownDirectory;
import dev.otherix.backup.snapshot.StateDirectory;
import java.time.Clock;
import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.Configuration;
import org.springframework.scheduling.annotation.EnableScheduling;

/** Puts the parts together. */
@Configuration(proxyBeanMethods = false)
@EnableScheduling
class JobConfiguration {

    @Bean
    Clock clock() {
        return Clock.systemUTC();
    }

    @Bean
    EtcdMember etcdMember(EtcdProperties etcd) {
        return new EtcdMember(etcd);
    }

    @Bean
    BackupWorker backupWorker(BackupProperties backup, RetentionProperties retention, DirectoryProperties directory,
            ScheduleProperties schedule, StreamProperties stream, VerificationProperties verification, ClusterCaProperties ca,
            BuiltInWorker builtInWorker, EtcdMember member, Clock clock) {
        return new BackupWorker(backup, retention, directory, schedule, stream, verification, ca, builtInWorker, member, clock);
    }

    @Bean
    DirectoryWatch directoryWatch(BackupWorker worker, StateDirectory state) {
        var watch = new DirectoryWatch(worker.backups().map(parts -> KnownDirectory.of(parts.directory(), state)).orElse(null));
        worker.backups().ifPresent(parts -> parts.job().listen(watch));
        return watch;
    }
}
