package dev.otherix.backup;

import dev.otherix.backup.access.AccessProperties;
import dev.otherix.backup.access.AuditProperties;
import dev.otherix.backup.access.TlsProperties;
import dev.otherix.backup.api.ApiProperties;
import dev.otherix.backup.config.BuiltInWorker;
import dev.otherix.backup.config.Settings;
import dev.otherix.backup.etcd.EtcdProperties;
import dev.otherix.backup.etcd.StreamProperties;
import dev.otherix.backup.job.BackupProperties;
import dev.otherix.backup.job.ClusterCaProperties;
import dev.otherix.backup.job.DirectoryProperties;
import dev.otherix.backup.job.RetentionProperties;
import dev.otherix.backup.job.ScheduleProperties;
import dev.otherix.backup.job.VerificationProperties;
import dev.otherix.backup.monitoring.MonitoringProperties;
import dev.otherix.backup.snapshot.StateDirectory;
import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.Configuration;
import org.springframework.core.env.ConfigurableEnvironment;

/** Makes a bean of each block, from the settings that {@link SettingsListener} has read. */
@Configuration(proxyBeanMethods = false)
class SettingsConfiguration {

    @Bean
    Settings settings(ConfigurableEnvironment environment) {
        return SettingsPropertySource.of(environment).getSource();
    }

    @Bean
    BuiltInWorker builtInWorker(Settings settings) {
        return settings.builtInWorker();
    }

    @Bean
    BackupProperties backupProperties(Settings settings) {
        return settings.bind(BackupProperties.class);
    }

    @Bean
    EtcdProperties etcdProperties(Settings settings) {
        return settings.bind(EtcdProperties.class);
    }

    @Bean
    ClusterCaProperties clusterCaProperties(Settings settings) {
        return settings.bind(ClusterCaProperties.class);
    }

    @Bean
    ApiProperties apiProperties(Settings settings) {
        return settings.bind(ApiProperties.class);
    }

    @Bean
    AccessProperties accessProperties(Settings settings) {
        return settings.bind(AccessProperties.class);
    }

    /** Beside the first token. */
    @Bean
    StateDirectory stateDirectory(AccessProperties access) {
        return new StateDirectory(access.tokenFile().toAbsolutePath().getParent());
    }

    @Bean
    TlsProperties tlsProperties(Settings settings) {
        return settings.bind(TlsProperties.class);
    }

    @Bean
    AuditProperties auditProperties(Settings settings) {
        return settings.bind(AuditProperties.class);
    }

    @Bean
    MonitoringProperties monitoringProperties(Settings settings) {
        return settings.bind(MonitoringProperties.class);
    }

    @Bean
    RetentionProperties retentionProperties(Settings settings) {
        return settings.bind(RetentionProperties.class);
    }

    @Bean
    DirectoryProperties directoryProperties(Settings settings) {
        return settings.bind(DirectoryProperties.class);
    }

    @Bean
    StreamProperties streamProperties(Settings settings) {
        return settings.bind(StreamProperties.class);
    }

    @Bean
    ScheduleProperties scheduleProperties(Settings settings) {
        return settings.bind(ScheduleProperties.class);
    }

    @Bean
    VerificationProperties verificationProperties(Settings settings) {
        return settings.bind(VerificationProperties.class);
    }
}
