package dev.otherix.backup;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import dev.otherix.backup.realetcd.EtcdHomes;
import dev.otherix.backup.realetcd.EtcdProcess;
import dev.otherix.backup.realetcd.NeedsEtcd;
import dev.otherix.backup.realetcd.NeedsTmpfs;
import dev.otherix.backup.realetcd.OtherixKeyspace;
import dev.otherix.backup.realetcd.Tmpfs;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;

/** A volume that is full of snapshots, and the advice of the error: keep fewer. */
@NeedsEtcd
@NeedsTmpfs
class LowerRetentionIT {

    private static final int DISK_MIB = 72;
    private static final int DATABASE_MIB = 16;

    @Test
    void aLowerRetentionMakesRoomAtTheStartAndBeforeARunIsRefused() throws IOException {
        try (var etcd = EtcdProcess.start(EtcdHomes.first());
                var disk = Tmpfs.mount(DISK_MIB)) {
            OtherixKeyspace.fill(etcd.clientUrl(), DATABASE_MIB << 20, 64 * 1024);
            var dir = disk.directory().resolve("snapshots");
            int taken = 0;
            try (var service = RunningService.start(etcd.clientUrl(), dir, "--retention.on_demand=0")) {
                while (service.post("/v1/snapshots", "{}").statusCode() == 201) {
                    taken++;
                    assertThat(taken).as("the volume is never full").isLessThan(10);
                }
            }
            assertThat(taken).isGreaterThan(2);

            try (var service = RunningService.start(etcd.clientUrl(), dir, "--retention.on_demand=2")) {
                var answer = service.post("/v1/snapshots", "{}");
                assertThat(answer.statusCode()).as(answer.body()).isEqualTo(201);
            }
            try (var _ = RunningService.start(etcd.clientUrl(), dir, "--retention.on_demand=1")) {
                await().until(() -> snapshots(dir) == 1);
            }
        }
    }

    private static long snapshots(Path dir) throws IOException {
        try (var files = Files.list(dir)) {
            return files.filter(file -> file.toString().endsWith(".db")).count();
        }
    }
}
