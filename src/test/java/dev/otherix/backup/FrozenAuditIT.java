package dev.otherix.backup;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import dev.otherix.backup.realetcd.LoopDisk;
import dev.otherix.backup.realetcd.NeedsProgram;
import dev.otherix.backup.realetcd.NeedsRoot;
import java.io.IOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** The disk under {@code audit.file} stops to answer: nothing waits for it, and what is lost is counted. */
@NeedsRoot
@NeedsProgram({"mkfs.ext4", "fsfreeze", "mount"})
@Timeout(300)
class FrozenAuditIT {

    /** Far more lines than the queue holds. */
    private static final int REFUSALS = 6000;

    private final HttpClient http =
            HttpClient.newBuilder().connectTimeout(Duration.ofSeconds(5)).build();

    @TempDir
    private Path temporary;

    private LoopDisk disk;
    private PackagedService service;
    private Path file;

    @BeforeEach
    void start() {
        disk = LoopDisk.mount(32);
        file = disk.directory().resolve("audit.log");
        service = PackagedService.start(
                "http://127.0.0.1:9",
                temporary.resolve("snapshots"),
                "--workers.backup.enabled=false",
                "--audit.file=" + file);
    }

    @AfterEach
    void end() {
        disk.thaw();
        service.close();
        disk.close();
        http.shutdownNow();
    }

    @Test
    void requestsAndProbesGoOnAndTheLossIsReportedAndCounted() throws Exception {
        refused();
        await().until(() -> Files.size(file) > 0);
        disk.freeze();

        for (int i = 0; i < REFUSALS && dropped() == 0; i += 100) {
            for (int j = 0; j < 100; j++) {
                refused();
            }
        }
        refused();
        assertThat(service.get("/healthz").statusCode()).isEqualTo(200);
        assertThat(dropped()).isPositive();
        await().untilAsserted(() -> assertThat(service.process().output()).contains("the audit log is not written"));

        disk.thaw();

        await("the audit log has the number of lost lines")
                .untilAsserted(
                        () -> assertThat(Files.readString(file)).contains(" lines of the audit log were dropped"));
        service.process().terminate();
        assertThat(service.process().exitCode(Duration.ofMinutes(1))).isEqualTo(143);
        assertThat(service.process().output().lines().filter(line -> line.contains("the audit log is not written")))
                .hasSize(1);
    }

    /** The system lets no process end one of whose threads waits for a frozen disk. All else has ended. */
    @Test
    void aStopServesNobodyAnyMoreAndEndsWhenTheDiskAnswers() throws Exception {
        disk.freeze();
        refused();

        service.process().terminate();

        await("it has closed").untilAsserted(() -> assertThat(isServed()).isFalse());
        disk.thaw();
        assertThat(service.process().exitCode(Duration.ofMinutes(1))).isEqualTo(143);
    }

    private boolean isServed() throws InterruptedException {
        try {
            refused();
            return true;
        } catch (IOException closed) {
            return false;
        }
    }

    private void refused() throws IOException, InterruptedException {
        var url = URI.create("http://" + service.address() + "/v1/status");
        var answer = http.send(
                HttpRequest.newBuilder(url).timeout(Duration.ofSeconds(20)).build(),
                HttpResponse.BodyHandlers.discarding());
        assertThat(answer.statusCode()).isEqualTo(401);
    }

    private double dropped() {
        return service.get("/actuator/prometheus")
                .body()
                .lines()
                .filter(line -> line.startsWith("otherix_backup_log_lines_dropped_total "))
                .mapToDouble(line -> Double.parseDouble(line.substring(line.indexOf(' '))))
                .findFirst()
                .orElseThrow();
    }
}
