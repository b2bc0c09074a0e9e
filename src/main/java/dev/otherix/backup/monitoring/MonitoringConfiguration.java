package dev.otherix.backup.monitoring;

import dev.otherix.backup.access.Tokens;
import dev.otherix.backup.check.FileCheck;
import dev.otherix.backup.drill.DrillStatus;
import dev.otherix.backup.drill.Drills;
import dev.otherix.backup.etcd.MemberWatch;
import dev.otherix.backup.job.BackupProperties;
import dev.otherix.backup.job.DirectoryWatch;
import dev.otherix.backup.job.StatusReader;
import dev.otherix.backup.job.WithDirectory;
import dev.otherix.backup.log.DroppedLines;
import dev.otherix.backup.offsite.Offsite;
import dev.otherix.backup.offsite.WithTarget;
import dev.otherix.backup.snapshot.SnapshotDirectory;
import dev.otherix.backup.snapshot.SnapshotInterval;
import dev.otherix.backup.snapshot.StateNotes;
import dev.otherix.backup.snapshot.Uncopied;
import io.micrometer.core.instrument.FunctionCounter;
import io.micrometer.core.instrument.Gauge;
import io.micrometer.core.instrument.MeterRegistry;
import io.micrometer.core.instrument.binder.MeterBinder;
import java.time.Clock;
import java.util.Optional;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.springframework.beans.factory.ObjectProvider;
import org.springframework.boot.health.contributor.HealthIndicator;
import org.springframework.boot.web.servlet.FilterRegistrationBean;
import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.Configuration;
import org.springframework.core.annotation.Order;

/** Adds health, metrics and their listener to the job. */
@Configuration(proxyBeanMethods = false)
class MonitoringConfiguration {

    private static final Logger LOG = LoggerFactory.getLogger(MonitoringConfiguration.class);

    @Bean
    BackupMetrics backupMetrics(
            MeterRegistry registry,
            StatusReader status,
            ObjectProvider<FileCheck> files,
            MemberWatch watch,
            Clock clock) {
        var metrics = new BackupMetrics(registry, new Readings(status::now, clock));
        files.ifAvailable(check -> check.listen(metrics::checked));
        watch.listen(metrics::seen);
        return metrics;
    }

    @Bean
    MeterBinder tokenGauges(Tokens tokens) {
        return registry -> {
            Gauge.builder(BackupMetrics.PREFIX + "tokens", tokens, Tokens::inForce)
                    .description("Tokens that are accepted now")
                    .register(registry);
            Gauge.builder(
                            BackupMetrics.PREFIX + "tokens.stale",
                            tokens,
                            some -> some.problem().isPresent() ? 1 : 0)
                    .description("Whether the tokens' file is wrong or gone, so that the last good ones are in force")
                    .register(registry);
        };
    }

    @Bean
    MeterBinder droppedLinesCounter(ObjectProvider<DroppedLines> logs) {
        return registry -> FunctionCounter.builder(
                        BackupMetrics.PREFIX + "log.lines.dropped",
                        logs,
                        all -> all.stream().mapToLong(DroppedLines::count).sum())
                .description("Lines of the log and of the audit log that were dropped because their output was blocked")
                .register(registry);
    }

    /** Named {@code backup}: Boot uses the name of the bean without its suffix. */
    @Bean
    HealthIndicator backupHealthIndicator(
            StatusReader status, DirectoryWatch watch, ObjectProvider<Offsite> offsite, ObjectProvider<Drills> drills) {
        return new BackupHealthIndicator(
                status::now,
                watch::gone,
                () -> Optional.ofNullable(offsite.getIfAvailable()).map(Offsite::status),
                () -> status(drills));
    }

    @Bean
    MeterBinder drillMetrics(ObjectProvider<Drills> drills) {
        return new DrillMetrics(() -> status(drills));
    }

    private static DrillStatus status(ObjectProvider<Drills> drills) {
        var all = drills.getIfAvailable();
        return all == null ? DrillStatus.NONE : all.status();
    }

    @Bean
    @WithTarget
    MeterBinder offsiteMetrics(Offsite offsite) {
        return new OffsiteMetrics(offsite);
    }

    /** After the directory's own listeners. Does nothing without a URL. */
    @Bean
    @WithDirectory
    @Order(4)
    Heartbeat heartbeat(
            HeartbeatProperties settings,
            SignsOfLife signs,
            StateNotes notes,
            MeterRegistry registry,
            StatusReader status,
            BackupProperties backup) {
        if (settings.isOn() && !backup.enabled()) {
            LOG.warn("the heartbeat is set, and never comes: workers.backup.enabled is false");
        }
        return new Heartbeat(settings, new HeartbeatCall(settings), signs, status::now, notes, registry);
    }

    @Bean
    @WithDirectory
    SignsOfLife signsOfLife(
            SnapshotDirectory directory, ObjectProvider<Uncopied> copies, SnapshotInterval interval, Clock clock) {
        return new SignsOfLife(
                directory, copies.getIfAvailable(() -> Uncopied.NONE).targets(), interval, clock);
    }

    @Bean
    HealthDetails healthDetails() {
        return new HealthDetails();
    }

    @Bean
    FilterRegistrationBean<ScrapeAccept> scrapeAccept() {
        var registration = new FilterRegistrationBean<>(new ScrapeAccept());
        registration.addUrlPatterns(ScrapeAccept.PATH);
        return registration;
    }

    @Bean
    MonitoringListener monitoringListener(MonitoringProperties settings) {
        return new MonitoringListener(settings);
    }
}
