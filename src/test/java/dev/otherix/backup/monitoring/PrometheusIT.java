package dev.otherix.backup.monitoring;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import dev.otherix.backup.RunningService;
import dev.otherix.backup.realetcd.AnyEtcd;
import dev.otherix.backup.realetcd.EtcdHomes;
import dev.otherix.backup.realetcd.EtcdProcess;
import dev.otherix.backup.realetcd.NeedsEtcd;
import dev.otherix.backup.realprometheus.NeedsPrometheus;
import dev.otherix.backup.realprometheus.PrometheusHomes;
import dev.otherix.backup.realprometheus.PrometheusProcess;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import org.assertj.core.api.SoftAssertions;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/**
 * A real Prometheus scrapes the service beside a real etcd: what alerts and the dashboard ask for is there, and all is
 * quiet.
 */
@NeedsPrometheus
@NeedsEtcd
@AnyEtcd
class PrometheusIT {

    private static final Pattern SELECTOR =
            Pattern.compile("\\b(otherix_backup[a-z_:]+|up|process_start_time_seconds)\\b(\\{[^}]*})?");
    private static final String CONFIGURATION = """
            global: {scrape_interval: 1s, evaluation_interval: 1s}
            rule_files: ['%s']
            scrape_configs:
              - job_name: otherix-etcd-backup
                metrics_path: /actuator/prometheus
                static_configs: [{targets: ['127.0.0.1:%d'], labels: {pod: otherix-0}}]
            """;

    @TempDir
    private static Path dir;

    private static EtcdProcess etcd;
    private static RunningService service;
    private static PrometheusProcess prometheus;

    @BeforeAll
    static void start() throws IOException {
        etcd = EtcdProcess.start(EtcdHomes.first());
        etcd.etcdctl("put", "/otherix/some", "value");
        service = RunningService.start(
                etcd.clientUrl(),
                dir.resolve("snapshots"),
                "--workers.backup.enabled=true",
                "--monitoring.listen=127.0.0.1:0",
                "--offsite.filesystem.path=" + target(),
                "--offsite.encryption=none");
        var port = MonitoringPort.of(service).orElseThrow();
        prometheus = PrometheusProcess.start(
                PrometheusHomes.first(), CONFIGURATION.formatted(AlertRules.FILE.toAbsolutePath(), port));
        // rate and increase need two scrapes
        await().until(() -> !prometheus
                .query("otherix_backup_snapshots == 1" + " and count_over_time(otherix_backup_snapshots[1m]) > 2")
                .isEmpty());
    }

    private static Path target() throws IOException {
        var target = Files.createDirectory(dir.resolve("target"));
        Files.createFile(target.resolve(".otherix-etcd-backup-target"));
        return target;
    }

    @AfterAll
    static void stop() {
        for (var part : new AutoCloseable[] {prometheus, service, etcd}) {
            close(part);
        }
    }

    private static void close(AutoCloseable part) {
        try {
            if (part != null) {
                part.close();
            }
        } catch (Exception broken) {
            throw new IllegalStateException(broken);
        }
    }

    @Test
    void everyQueryOfTheDashboardHasData() {
        var softly = new SoftAssertions();
        Dashboard.read()
                .queried()
                .forEach(panel -> Dashboard.expressions(panel)
                        .forEach(expression -> softly.assertThat(prometheus.query(expression))
                                .as("%s: %s", panel.at("/title").asString(), expression)
                                .isNotEmpty()));
        softly.assertAll();
    }

    @Test
    void everySeriesThatARuleLooksAtIsThere() {
        var selectors = AlertRules.all().stream()
                .flatMap(rule -> SELECTOR.matcher(rule.expression()).results().map(found -> found.group()))
                .collect(Collectors.toSet());
        assertThat(selectors).hasSizeGreaterThan(15);

        var softly = new SoftAssertions();
        selectors.forEach(selector ->
                softly.assertThat(prometheus.query(selector)).as(selector).isNotEmpty());
        softly.assertAll();
    }

    @Test
    void everyRuleIsEvaluatedWithoutErrorAndNoAlertIsRaisedWhereAllIsWell() {
        await().untilAsserted(() -> assertThat(prometheus.rules())
                .hasSameSizeAs(AlertRules.all())
                .allSatisfy(rule -> assertThat(rule.at("/health").asString())
                        .as(rule.toString())
                        .isEqualTo("ok")));

        assertThat(prometheus.rules())
                .filteredOn(rule -> rule.at("/type").asString().equals("alerting"))
                .hasSameSizeAs(AlertRules.alerts())
                .allSatisfy(rule -> assertThat(rule.at("/state").asString())
                        .as(rule.toString())
                        .isEqualTo("inactive"));
    }
}
