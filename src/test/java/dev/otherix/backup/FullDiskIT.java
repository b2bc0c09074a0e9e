package dev.otherix.backup;

import static dev.otherix.backup.PackagedService.files;
import static dev.otherix.backup.PackagedService.json;
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
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;

/** A file system that is really full. What does not fit is refused, nothing is left behind, and the service goes on. */
@NeedsEtcd
@NeedsTmpfs
class FullDiskIT {

    private static final int DISK_MIB = 56;
    private static final int DATABASE_MIB = 16;

    private static EtcdProcess etcd;
    private static Tmpfs disk;
    private static PackagedService service;

    @BeforeAll
    static void start() {
        etcd = EtcdProcess.start(EtcdHomes.first());
        OtherixKeyspace.fill(etcd.clientUrl(), DATABASE_MIB << 20, 64 * 1024);
        disk = Tmpfs.mount(DISK_MIB);
        service = PackagedService.start(
                etcd.clientUrl(),
                dir(),
                "--workers.backup.enabled=false",
                "--stream.rate_limit=8MB",
                "--retention.on_demand=1");
    }

    @AfterAll
    static void stop() {
        if (service != null) {
            service.close();
        }
        if (disk != null) {
            disk.close();
        }
        etcd.close();
    }

    @AfterEach
    void thereIsRoomAgain() throws IOException {
        Files.delete(filler());
        assertThat(service.get("/healthz").statusCode()).isEqualTo(200);
        assertThat(service.post("/v1/snapshots").join().statusCode()).isEqualTo(201);
        assertThat(health())
                .as("the failure is over, and periodic backups are off")
                .isEqualTo("UNKNOWN");
    }

    private static String health() {
        return json(service.get("/actuator/health/backup")).get("status").asString();
    }

    @Test
    void aSnapshotThatDoesNotFitIsRefusedWithTheMissingBytesBeforeTheStream() throws IOException {
        var before = files(dir());
        Files.write(filler(), new byte[Math.toIntExact(free()) - (DATABASE_MIB << 19)]);

        var refused = service.post("/v1/snapshots").join();

        assertThat(refused.statusCode()).isEqualTo(507);
        var error = json(refused).get("error");
        assertThat(error.get("code").asString()).isEqualTo("directory_failed");
        assertThat(error.at("/details/missing_bytes").asLong()).isBetween(1L << 20, (long) DATABASE_MIB << 20);
        assertThat(error.get("message").asString())
                .contains(error.at("/details/missing_bytes").asString() + " bytes are missing");
        assertThat(files(dir())).isEqualTo(before);
    }

    @Test
    void aDiskThatFillsUpMidStreamFailsTheRunAndNothingIsLeft() throws IOException {
        var before = files(dir());
        var asked = service.post("/v1/snapshots");
        await().until(() -> files(dir()).stream().anyMatch(name -> name.endsWith(".tmp")));
        fill();

        var failed = asked.join();

        assertThat(failed.statusCode()).isEqualTo(507);
        assertThat(json(failed).at("/error/code").asString()).isEqualTo("directory_failed");
        assertThat(files(dir())).isEqualTo(before);
        assertThat(health()).isEqualTo("DOWN");
        assertThat(service.get("/actuator/prometheus").body())
                .containsPattern("otherix_backup_runs_total\\{outcome=\"failure\",trigger=\"request\"} [1-9]");
    }

    private static Path dir() {
        return disk.directory().resolve("snapshots");
    }

    private static Path filler() {
        return disk.directory().resolve("filler");
    }

    private static long free() throws IOException {
        return Files.getFileStore(disk.directory()).getUsableSpace();
    }

    private static void fill() throws IOException {
        try (var out = Files.newOutputStream(filler())) {
            var bytes = new byte[64 * 1024];
            while (free() > 0) {
                out.write(bytes);
            }
        } catch (IOException full) {
            assertThat(full).hasMessageContaining("No space left");
        }
    }
}
