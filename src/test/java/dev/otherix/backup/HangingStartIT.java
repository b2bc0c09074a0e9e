package dev.otherix.backup;

import static dev.otherix.backup.PackagedService.json;
import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import dev.otherix.backup.realetcd.FuseDisk;
import dev.otherix.backup.realetcd.NeedsProgram;
import dev.otherix.backup.realetcd.NeedsRoot;
import dev.otherix.backup.realetcd.ReservedPort;
import java.time.Duration;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** A start while a file system that it needs does not answer. */
@NeedsRoot
@NeedsProgram({"bindfs", "umount"})
@Timeout(180)
class HangingStartIT {

    private static final String NO_ETCD = "http://127.0.0.1:9";

    private FuseDisk disk;
    private ReservedPort port;

    @BeforeEach
    void stopTheServer() {
        port = ReservedPort.take();
        disk = FuseDisk.mount();
        disk.stop();
    }

    @AfterEach
    void resume() {
        disk.close();
        port.close();
    }

    @Test
    void withoutTheSnapshotsItShowsTheReasonAndStartsAgainWhenTheyAreThere() {
        try (var service = PackagedService.start(
                NO_ETCD, disk.directory().resolve("snapshots"), "--api.listen=127.0.0.1:" + port.number())) {
            assertThat(service.process().output())
                    .contains("starting without workers.backup.dir", " has not answered since ");
            assertThat(service.get("/healthz").statusCode()).isEqualTo(200);
            var backup = json(service.get("/actuator/health/backup"));
            assertThat(backup.get("status").asString()).isEqualTo("DOWN");
            assertThat(backup.at("/details/reason").asString()).contains(" has not answered since ");
            assertThat(backup.at("/details/reasons/0/code").asString()).isEqualTo("directory_hangs");
            assertThat(service.get("/v1/snapshots").statusCode()).isEqualTo(507);
            assertThat(service.get("/v1/snapshots/latest/content").statusCode()).isEqualTo(507);
            assertThat(service.post("/v1/snapshots").join().statusCode()).isEqualTo(507);
            assertThat(json(service.get("/v1/status")).at("/directory/writable").asBoolean(true))
                    .isFalse();

            disk.resume();

            await("it starts again")
                    .atMost(Duration.ofMinutes(1))
                    .ignoreExceptions()
                    .untilAsserted(() -> assertThat(service.get("/v1/snapshots").statusCode())
                            .isEqualTo(200));
            assertThat(service.get("/actuator/health/backup").body()).doesNotContain("directory_hangs");
            service.process().terminate();
            assertThat(service.process().exitCode(Duration.ofSeconds(30))).isEqualTo(143);
        }
    }
}
