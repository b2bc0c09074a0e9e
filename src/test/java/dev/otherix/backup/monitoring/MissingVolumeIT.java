package dev.otherix.backup.monitoring;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import dev.otherix.backup.RunningService;
import dev.otherix.backup.job.BackupJob;
import dev.otherix.backup.job.RunRequest;
import dev.otherix.backup.realetcd.BindMount;
import dev.otherix.backup.realetcd.EtcdHomes;
import dev.otherix.backup.realetcd.EtcdProcess;
import dev.otherix.backup.realetcd.NeedsEtcd;
import dev.otherix.backup.realetcd.NeedsTmpfs;
import dev.otherix.backup.realetcd.Tmpfs;
import dev.otherix.backup.snapshot.SnapshotRequest;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.springframework.boot.health.contributor.Health;
import org.springframework.boot.health.contributor.HealthIndicator;
import org.springframework.boot.health.contributor.Status;

/** The service is started again while the volume of its snapshots is not mounted. */
@NeedsEtcd
@NeedsTmpfs
class MissingVolumeIT {

    private static final Duration SOON = Duration.ofMinutes(1);

    @TempDir
    private Path disk;

    private Path dir;
    private EtcdProcess etcd;
    private Tmpfs volume;

    @BeforeEach
    void start() throws IOException {
        dir = Files.createDirectory(disk.resolve("snapshots"));
        volume = Tmpfs.mount(128);
        etcd = EtcdProcess.start(EtcdHomes.first());
        try (var _ = mounted();
                var service = service()) {
            await().atMost(SOON)
                    .untilAsserted(() -> assertThat(health(service).getStatus()).isEqualTo(Status.UP));
        }
    }

    @AfterEach
    void stop() {
        etcd.close();
        volume.close();
    }

    @Test
    void healthIsDownAlthoughBackupsSucceedUntilTheVolumeIsBack() {
        try (var service = service()) {
            snapshot(service, false);
            assertGone(service);
        }
        try (var _ = mounted();
                var service = service()) {
            assertThat(health(service).getStatus()).isEqualTo(Status.UP);
        }
    }

    @Test
    void aPinnedSnapshotOnRequestMakesTheDirectoryBelowTheRightOne() {
        try (var service = service()) {
            assertGone(service);
            snapshot(service, true);
            assertThat(health(service).getStatus()).isEqualTo(Status.UP);
        }
        try (var service = service()) {
            assertThat(health(service).getStatus()).isEqualTo(Status.UP);
        }
    }

    private BindMount mounted() {
        return BindMount.of(volume.directory(), dir);
    }

    private RunningService service() {
        return RunningService.start(
                etcd.clientUrl(),
                dir,
                "--workers.backup.enabled=true",
                "--directory.reserve=0",
                "--api.token_file=" + disk.resolve("state/api-token"));
    }

    private static void assertGone(RunningService service) {
        assertThat(health(service).getStatus()).isEqualTo(Status.DOWN);
        assertThat(health(service).getDetails().get("reason").toString())
                .contains(
                        "is not the one that was there before",
                        "To go on in this directory, run: otherix-etcd-backup snapshot --pin");
    }

    private static Health health(RunningService service) {
        return service.bean("backupHealthIndicator", HealthIndicator.class).health();
    }

    private static void snapshot(RunningService service, boolean pinned) {
        var request = new SnapshotRequest("test", null, null, Instant.now());
        service.bean(BackupJob.class)
                .request(new RunRequest(request, pinned, false))
                .ended()
                .join();
    }
}
