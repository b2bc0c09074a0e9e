package dev.otherix.backup;

import static dev.otherix.backup.PackagedService.json;
import static dev.otherix.backup.PackagedService.records;
import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import dev.otherix.backup.realetcd.AnyEtcd;
import dev.otherix.backup.realetcd.EtcdHomes;
import dev.otherix.backup.realetcd.EtcdProcess;
import dev.otherix.backup.realetcd.NeedsEtcd;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** The service starts before etcd does, as it may after a reboot. */
@NeedsEtcd
@AnyEtcd
class AbsentEtcdIT {

    @TempDir
    private Path temporary;

    @Test
    void withoutEtcdTheServiceRunsSaysSoAndBacksUpOnceItIsThere() {
        var dir = temporary.resolve("snapshots");
        try (var etcd = EtcdProcess.start(EtcdHomes.first())) {
            etcd.terminate();
            try (var service = PackagedService.start(etcd.clientUrl(), dir, "--schedule.retry_after=1s")) {
                await().until(() -> service.process().output().contains("backup failed"));
                assertThat(service.get("/healthz").statusCode()).isEqualTo(200);
                assertThat(service.get("/readyz").statusCode()).isEqualTo(200);
                assertThat(json(service.get("/readyz"))
                                .at("/checks/etcd/status")
                                .asString())
                        .isEqualTo("fail");
                assertThat(service.process()
                                .output()
                                .lines()
                                .filter(line -> line.contains("backup failed"))
                                .findFirst())
                        .hasValueSatisfying(line -> assertThat(line)
                                .contains(etcd.clientUrl().substring("http://".length()), "next try at "));

                etcd.restart();

                await().until(() -> records(dir).size() == 1);
                assertThat(service.process().output()).doesNotContain("\tat ");
            }
        }
    }
}
