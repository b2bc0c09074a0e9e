package dev.otherix.backup;

import static dev.otherix.backup.PackagedService.json;
import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import dev.otherix.backup.realetcd.EtcdHomes;
import dev.otherix.backup.realetcd.EtcdProcess;
import dev.otherix.backup.realetcd.FuseDisk;
import dev.otherix.backup.realetcd.NeedsEtcd;
import dev.otherix.backup.realetcd.NeedsProgram;
import dev.otherix.backup.realetcd.NeedsRoot;
import dev.otherix.backup.realetcd.OtherixKeyspace;
import dev.otherix.backup.realetcd.ReservedPort;
import java.nio.file.Path;
import java.time.Duration;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** A file system whose server stops, as one in the network does: nothing that it is asked returns, not even a look. */
@NeedsEtcd
@NeedsRoot
@NeedsProgram({"bindfs", "umount"})
@Timeout(180)
class StoppedFileSystemIT {

    private EtcdProcess etcd;
    private FuseDisk disk;
    private ReservedPort monitoring;
    private PackagedService service;

    @BeforeEach
    void start() {
        etcd = EtcdProcess.start(EtcdHomes.first());
        OtherixKeyspace.fill(etcd.clientUrl(), 8 << 20, 64 * 1024);
        disk = FuseDisk.mount();
        monitoring = ReservedPort.take();
        service = PackagedService.start(
                etcd.clientUrl(),
                dir(),
                "--stream.stall_timeout=3s",
                "--stream.rate_limit=4MB",
                "--monitoring.listen=127.0.0.1:" + monitoring.number());
        await().untilAsserted(() -> assertThat(backupHealth("UP")).isTrue());
    }

    @AfterEach
    void stop() {
        if (disk != null) {
            disk.resume();
        }
        if (service != null) {
            service.close();
        }
        if (disk != null) {
            disk.close();
        }
        if (monitoring != null) {
            monitoring.close();
        }
        etcd.close();
    }

    @ParameterizedTest
    @ValueSource(booleans = {false, true})
    void aStopEndsInTime(boolean midStream) throws Exception {
        if (midStream) {
            var _ = service.post("/v1/snapshots");
            assertThat(RunMoment.STREAM.comes(dir(), 0.3, Duration.ofSeconds(30)))
                    .isTrue();
        }
        disk.stop();
        await().until(() -> backupHealth("DOWN"));

        service.process().terminate();

        assertThat(service.process().exitCode(Duration.ofSeconds(30))).isEqualTo(143);
    }

    private boolean backupHealth(String status) {
        return json(service.get("/actuator/health/backup"))
                .get("status")
                .asString()
                .equals(status);
    }

    private Path dir() {
        return disk.directory().resolve("snapshots");
    }
}
