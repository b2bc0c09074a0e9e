package dev.otherix.backup.monitoring;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import dev.otherix.backup.RunningService;
import dev.otherix.backup.job.BackupJob;
import dev.otherix.backup.job.RunRequest;
import dev.otherix.backup.realetcd.EtcdHomes;
import dev.otherix.backup.realetcd.EtcdProcess;
import dev.otherix.backup.snapshot.SnapshotRequest;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Instant;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import tools.jackson.databind.JsonNode;

class BackupHealthIT {

    @TempDir
    private Path parent;

    @Test
    void backupHealthFollowsEtcdAndTheDirectoryAndTheProbesDoNot() throws IOException {
        var dir = parent.resolve("snapshots");
        try (var etcd = EtcdProcess.start(EtcdHomes.first());
                var service = RunningService.start(
                        etcd.clientUrl(), dir, "--workers.backup.enabled=true", "--schedule.retry_after=1h")) {
            await().untilAsserted(() -> assertThat(status(service)).isEqualTo("UP"));
            assertThat(service.get("/actuator/health").statusCode()).isEqualTo(200);
            assertThat(MonitoringPort.of(service)).isEmpty();

            etcd.kill();
            snapshot(service);
            assertDown(service, "failed: ");

            etcd.restart();
            snapshot(service);
            assertThat(status(service)).isEqualTo("UP");

            Files.move(dir, parent.resolve("elsewhere"));
            assertDown(service, "no snapshot can be kept");

            Files.move(parent.resolve("elsewhere"), dir);
            // a scheduled run may have failed meanwhile
            snapshot(service);
            assertThat(status(service)).isEqualTo("UP");

            Files.createFile(dir.resolve("otherix-20200101T000000Z.db.corrupt"));
            assertDown(service, "were found corrupt");
        }
    }

    @Test
    void aFailedRunIsNotForgottenByARestart() {
        var dir = parent.resolve("snapshots");
        String error;
        try (var etcd = EtcdProcess.start(EtcdHomes.first())) {
            try (var service = RunningService.start(etcd.clientUrl(), dir, "--workers.backup.enabled=true")) {
                await().untilAsserted(() -> assertThat(status(service)).isEqualTo("UP"));
                etcd.kill();
                snapshot(service);
                error = lastAttempt(service).toString();
                assertThat(lastAttempt(service).at("/outcome").asString()).isEqualTo("failure");
            }
            try (var again = RunningService.start(etcd.clientUrl(), dir, "--workers.backup.enabled=true")) {
                assertDown(again, "failed: ");
                assertThat(backup(again).at("/details/reasons/0/code").asString())
                        .isEqualTo("last_run_failed");
                assertThat(lastAttempt(again)).hasToString(error);
                assertThat(Scrape.of(again.get("/actuator/prometheus").body())
                                .value("otherix_backup_last_attempt_timestamp_seconds"))
                        .isPositive();

                etcd.restart();
                snapshot(again);
                assertThat(status(again)).isEqualTo("UP");
            }
            try (var atLast = RunningService.start(etcd.clientUrl(), dir, "--workers.backup.enabled=true")) {
                assertThat(backup(atLast).at("/details/reason").asString())
                        .startsWith("the last backup succeeded; nothing to do");
                assertThat(lastAttempt(atLast).at("/outcome").asString()).isEqualTo("success");
            }
        }
    }

    private static JsonNode lastAttempt(RunningService service) {
        return RunningService.json(service.get("/v1/status")).at("/last_attempt");
    }

    @Test
    void whileBackupsAreOffHealthIsUnknownAlsoWithoutAnEtcd() {
        try (var service = RunningService.start("http://127.0.0.1:1", parent.resolve("snapshots"))) {
            assertThat(status(service)).isEqualTo("UNKNOWN");
            assertThat(backup(service).at("/details/reason").asString()).contains("workers.backup.enabled");
            assertThat(backup(service).at("/details/reasons"))
                    .hasToString("[{\"code\":\"disabled\",\"message\":\"periodic backups are off:"
                            + " set workers.backup.enabled to true\"}]");
            assertThat(service.get("/actuator/health/backup").statusCode()).isEqualTo(200);
            assertThat(service.get("/actuator/health").statusCode()).isEqualTo(200);
            assertProbesAreGood(service);
        }
    }

    private static void assertDown(RunningService service, String reason) {
        assertThat(service.get("/actuator/health/backup").statusCode()).isEqualTo(503);
        assertThat(backup(service).at("/details/reason").asString()).contains(reason);
        assertThat(service.get("/actuator/health").statusCode()).isEqualTo(503);
        assertProbesAreGood(service);
    }

    private static void assertProbesAreGood(RunningService service) {
        assertThat(service.get("/actuator/health/liveness").statusCode()).isEqualTo(200);
        assertThat(service.get("/actuator/health/readiness").statusCode()).isEqualTo(200);
    }

    private static String status(RunningService service) {
        return backup(service).at("/status").asString();
    }

    private static JsonNode backup(RunningService service) {
        return RunningService.json(service.get("/actuator/health/backup"));
    }

    private static void snapshot(RunningService service) {
        var request = new SnapshotRequest("test", null, null, Instant.now());
        service.bean(BackupJob.class)
                .request(new RunRequest(request, false, false))
                .ended()
                .join();
    }
}
