package dev.otherix.backup.monitoring;

import dev.otherix.backup.job.BackupProperties;
import dev.otherix.backup.job.BackupWorker;
import io.micrometer.core.instrument.MeterRegistry;
import java.time.Clock;
import org.springframework.boot.health.contributor.HealthIndicator;
import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.Configuration;

/** Puts health, metrics and their listener beside the job. */
@Configuration(proxyBeanMethods = false)
class MonitoringConfiguration {

    @Bean
    BackupMetrics backupMetrics(MeterRegistry registry, BackupProperties settings, BackupWorker worker, Clock clock) {
        var metrics = new BackupMetrics(registry, new Readings(() -> BackupState.of(settings, worker), clock));
        worker.backups().ifPresent(parts -> {
            parts.job().listen(metrics);
            parts.files().listen(metrics::checked);
        });
        worker.watch().listen(metrics::seen);
        return metrics;
    }

    /** Named {@code backup}: Boot takes the name of the bean without its ending. */
    @Bean
    HealthIndicator backupHealthIndicator(BackupProperties settings, BackupWorker worker) {
        return new BackupHealthIndicator(() -> BackupState.of(settings, worker));
    }

    @Bean
    HealthDetails healthDetails() {
        return new HealthDetails();
    }

    @Bean
    MonitoringListener monitoringListener(MonitoringProperties settings) {
        return new MonitoringListener(settings);
    }
}
