package dev.otherix.backup;

import static dev.otherix.backup.PackagedService.files;
import static dev.otherix.backup.PackagedService.json;
import static org.assertj.core.api.Assertions.assertThat;

import dev.otherix.backup.realetcd.AnyEtcd;
import dev.otherix.backup.realetcd.EtcdHomes;
import dev.otherix.backup.realetcd.EtcdProcess;
import dev.otherix.backup.realetcd.NeedsEtcd;
import dev.otherix.backup.realetcd.OtherixKeyspace;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/**
 * The system refuses more bytes of a file, by a limit that needs no root: what {@link FullDiskIT} does with a small
 * file system.
 */
@NeedsEtcd
@AnyEtcd
class FileSizeLimitIT {

    @TempDir
    private Path temporary;

    @Test
    void aFileThatMayNotGrowFailsTheRunWhichIsToldAndNothingIsLeft() {
        var dir = temporary.resolve("snapshots");
        try (var etcd = EtcdProcess.start(EtcdHomes.first())) {
            OtherixKeyspace.fill(etcd.clientUrl(), 8 << 20, 64 * 1024);
            try (var service = PackagedService.whenReady(JarProcess.startWithFileLimit(
                    4, PackagedService.arguments(etcd.clientUrl(), dir, "--workers.backup.enabled=false")))) {
                var failed = service.post("/v1/snapshots").join();

                assertThat(failed.statusCode()).as(failed.body()).isEqualTo(507);
                assertThat(json(failed).at("/error/code").asString()).isEqualTo("directory_failed");
                assertThat(json(failed).at("/error/message").asString()).contains("writing", "File too large");
                assertThat(files(dir)).as("the lock only").hasSize(1);
                assertThat(json(service.get("/actuator/health/backup"))
                                .get("status")
                                .asString())
                        .isEqualTo("DOWN");
                assertThat(service.get("/healthz").statusCode()).isEqualTo(200);
            }
        }
    }
}
