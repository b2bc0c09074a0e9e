package dev.otherix.backup;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import dev.otherix.backup.log.Written;
import dev.otherix.backup.monitoring.DeadManSwitch;
import dev.otherix.backup.realetcd.AnyEtcd;
import dev.otherix.backup.realetcd.EtcdHomes;
import dev.otherix.backup.realetcd.EtcdProcess;
import dev.otherix.backup.realetcd.NeedsEtcd;
import dev.otherix.backup.snapshot.SnapshotDirectory;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.concurrent.CountDownLatch;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.api.io.TempDir;
import org.springframework.boot.test.system.CapturedOutput;
import org.springframework.boot.test.system.OutputCaptureExtension;

/** A dead-man switch is fed by proven successes of the clock's runs alone. */
@NeedsEtcd
@AnyEtcd
@ExtendWith(OutputCaptureExtension.class)
class HeartbeatIT {

    private static final Duration LONG = Duration.ofSeconds(60);

    @TempDir
    private Path temporary;

    private EtcdProcess member;
    private DeadManSwitch alarm;

    @BeforeEach
    void begin() {
        member = EtcdProcess.start(EtcdHomes.first());
        alarm = DeadManSwitch.start();
    }

    @AfterEach
    void end() {
        alarm.close();
        member.close();
    }

    @Test
    void theFirstRunFeedsItAndNeitherARequestNorARestartDoes(CapturedOutput output) {
        try (var service = start()) {
            await().atMost(LONG).until(() -> alarm.calls().contains("GET /ok-secret"));
            assertThat(service.post("/v1/snapshots", "").statusCode()).isEqualTo(201);
            await().untilAsserted(
                            () -> assertThat(service.get("/actuator/prometheus").body())
                                    .contains("otherix_backup_heartbeats_total{outcome=\"success\"} 1.0")
                                    .doesNotContain("secret"));
        }
        try (var again = start()) {
            assertThat(again.bean(SnapshotDirectory.class).list()).hasSize(2);
            assertThat(again.post("/v1/snapshots", "").statusCode()).isEqualTo(201);
        }

        assertThat(alarm.calls()).containsExactly("GET /ok-secret");
        assertThat(Written.out(output)).doesNotContain("ok-secret");
    }

    @Test
    void aFailedRunCallsTheOtherUrl() {
        member.kill();
        try (var _ = start()) {
            await().atMost(LONG).until(() -> alarm.calls().contains("GET /fail-secret"));
        }

        assertThat(alarm.calls()).doesNotContain("GET /ok-secret");
    }

    @Test
    void withATargetOnlyTheProvenCopyFeedsIt() throws IOException {
        var target = Files.createDirectory(temporary.resolve("target"));
        try (var service = start("--offsite.encryption=none", "--offsite.filesystem.path=" + target)) {
            var directory = service.bean(SnapshotDirectory.class);
            await().atMost(LONG).until(() -> directory.list().size() == 1);
            await().atMost(LONG)
                    .untilAsserted(
                            () -> assertThat(service.get("/v1/status").body()).contains(".otherix-etcd-backup-target"));
            assertThat(alarm.calls()).isEmpty();

            Files.createFile(target.resolve(".otherix-etcd-backup-target"));
            var name = directory.list().getFirst().name();
            assertThat(service.post("/v1/snapshots/" + name + "/copy", "").statusCode())
                    .isEqualTo(200);

            await().atMost(LONG).until(() -> alarm.calls().contains("GET /ok-secret"));
        }
    }

    @Test
    void oneThatFailsIsCalledThreeTimesAndHoldsUpNothing(CapturedOutput output) {
        alarm.close();
        alarm = DeadManSwitch.answering(() -> 500);
        try (var service = start()) {
            await().atMost(LONG)
                    .until(() -> service.get("/actuator/health/backup").statusCode() == 200
                            && service.bean(SnapshotDirectory.class).list().size() == 1);
            assertThat(service.post("/v1/snapshots", "").statusCode()).isEqualTo(201);
            await().atMost(LONG)
                    .untilAsserted(() -> assertThat(Written.out(output))
                            .contains("was not delivered: it answers 500; the next one follows the next run"));
            assertThat(alarm.calls()).containsExactly("GET /ok-secret", "GET /ok-secret", "GET /ok-secret");
            assertThat(service.get("/actuator/prometheus").body())
                    .contains("otherix_backup_heartbeats_total{outcome=\"failure\"} 1.0");
        }
        assertThat(Written.out(output)).doesNotContain("ok-secret");
    }

    @Test
    void oneThatDoesNotAnswerHoldsUpNeitherARunNorAStop() throws InterruptedException {
        var answers = new CountDownLatch(1);
        alarm.close();
        alarm = DeadManSwitch.waitingFor(answers);
        try {
            long began;
            try (var service = start()) {
                await().atMost(LONG).until(() -> alarm.calls().contains("GET /ok-secret"));
                began = System.nanoTime();
                assertThat(service.post("/v1/snapshots", "").statusCode()).isEqualTo(201);
            }
            assertThat(Duration.ofNanos(System.nanoTime() - began))
                    .as("less than the call may take")
                    .isLessThan(Duration.ofSeconds(9));
        } finally {
            answers.countDown();
        }
    }

    private RunningService start(String... more) {
        var settings = new String[more.length + 3];
        settings[0] = "--workers.backup.enabled=true";
        settings[1] = "--heartbeat.url=" + alarm.url("/ok-secret");
        settings[2] = "--heartbeat.fail_url=" + alarm.url("/fail-secret");
        System.arraycopy(more, 0, settings, 3, more.length);
        return RunningService.start(member.clientUrl(), temporary.resolve("snapshots"), settings);
    }
}
