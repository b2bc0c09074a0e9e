package dev.otherix.backup.monitoring;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import dev.otherix.backup.RunningService;
import dev.otherix.backup.job.BackupJob;
import dev.otherix.backup.job.RunRequest;
import dev.otherix.backup.realetcd.EtcdCluster;
import dev.otherix.backup.realetcd.EtcdHomes;
import dev.otherix.backup.snapshot.Snapshot;
import dev.otherix.backup.snapshot.SnapshotRequest;
import dev.otherix.backup.task.End;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Instant;
import java.util.Map;
import java.util.TreeMap;
import java.util.regex.Pattern;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class BackupMetricsIT {

    private static final Pattern ROW = Pattern.compile("\\| `(otherix_backup_\\w+)` \\| (\\w+) \\|.*");

    @TempDir
    private static Path parent;

    private static EtcdCluster cluster;

    @BeforeAll
    static void startCluster() {
        cluster = EtcdCluster.start(EtcdHomes.first(), 1);
    }

    @AfterAll
    static void stopCluster() {
        cluster.close();
    }

    @Test
    void theMetricsAreThoseOfTheDocumentAndFollowTheRuns() throws IOException {
        var member = cluster.member(0);
        var target = Files.createDirectory(parent.resolve("target"));
        try (var service = RunningService.start(
                member.clientUrl(),
                parent.resolve("of-the-voter"),
                "--offsite.filesystem.path=" + target,
                "--offsite.encryption=none")) {
            assertThat(ours(scrape(service).types())).as("before any run").isEqualTo(documented());
            assertThat(scrape(service).values().entrySet())
                    .filteredOn(series -> series.getKey().startsWith("otherix_backup_runs_total"))
                    .hasSize(9)
                    .allMatch(series -> series.getValue() == 0);

            var before = Instant.now();
            assertThat(snapshot(service).succeeded()).isTrue();
            await().untilAsserted(() -> assertThat(scrape(service).series("otherix_backup_member_info"))
                    .singleElement()
                    .asString()
                    .contains("version=\"" + member.home().version() + "\"")
                    .contains("cluster_id=\"" + Long.toHexString(member.status().clusterId()) + "\""));

            var after = scrape(service);
            assertThat(value(after, "runs_total{outcome=\"success\",trigger=\"request\"}"))
                    .isOne();
            assertThat(value(after, "snapshots")).isOne();
            assertThat(value(after, "last_success_timestamp_seconds"))
                    .isBetween(before.toEpochMilli() / 1000.0, Instant.now().toEpochMilli() / 1000.0);
            assertThat(value(after, "phase_duration_seconds_count{outcome=\"success\",phase=\"stream\"}"))
                    .isOne();
            assertThat(value(after, "dir_required_bytes")).isGreaterThan(value(after, "member_db_size_bytes"));
            assertThat(value(after, "snapshot_size_bytes")).isEqualTo(value(after, "member_db_size_bytes") + 32);
            assertThat(ours(after.types())).as("after a run").isEqualTo(documented());

            member.kill();
            assertThat(snapshot(service).succeeded()).isFalse();

            var failed = scrape(service);
            assertThat(value(failed, "runs_total{outcome=\"failure\",trigger=\"request\"}"))
                    .isOne();
            assertThat(value(failed, "last_success_timestamp_seconds"))
                    .isEqualTo(value(after, "last_success_timestamp_seconds"));
            assertThat(value(failed, "last_attempt_timestamp_seconds"))
                    .isGreaterThan(value(after, "last_attempt_timestamp_seconds"));
        } finally {
            member.restart();
        }
    }

    @Test
    void aSnapshotOfALearnerIsLocalAndNoSuccess() {
        var learner = cluster.addLearner();
        try (var service = RunningService.start(learner.clientUrl(), parent.resolve("of-the-learner"))) {
            assertThat(snapshot(service).error().code().word()).isEqualTo("no_quorum");

            var scrape = scrape(service);
            assertThat(value(scrape, "runs_total{outcome=\"local\",trigger=\"request\"}"))
                    .isOne();
            assertThat(value(scrape, "runs_total{outcome=\"success\",trigger=\"request\"}"))
                    .isZero();
            assertThat(value(scrape, "last_local_timestamp_seconds")).isPositive();
            assertThat(value(scrape, "last_success_timestamp_seconds")).isZero();

            var health = service.get("/actuator/health/backup");
            assertThat(health.statusCode()).isEqualTo(503);
            assertThat(RunningService.json(health).at("/details/reason").asString())
                    .contains("only local snapshots succeed", "learner");
        }
    }

    private static Map<String, String> documented() throws IOException {
        var rows = new TreeMap<String, String>();
        Files.readAllLines(Path.of("src/site/markdown/metrics.md")).stream()
                .map(ROW::matcher)
                .filter(matcher -> matcher.matches())
                .forEach(row -> rows.put(row.group(1), row.group(2)));
        assertThat(rows).hasSizeGreaterThan(20);
        return rows;
    }

    private static Map<String, String> ours(Map<String, String> types) {
        var ours = new TreeMap<>(types);
        ours.keySet().removeIf(name -> !name.startsWith("otherix_backup_"));
        return ours;
    }

    private static End<Snapshot> snapshot(RunningService service) {
        var request = new SnapshotRequest("test", null, null, Instant.now());
        var task = service.bean(BackupJob.class).request(new RunRequest(request, false, false));
        return End.of(task);
    }

    private static Scrape scrape(RunningService service) {
        return Scrape.of(service.get("/actuator/prometheus").body());
    }

    private static double value(Scrape scrape, String series) {
        return scrape.value("otherix_backup_" + series);
    }
}
