package dev.otherix.backup;

import static dev.otherix.backup.PackagedService.files;
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
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** A file system whose server stops, as one in the network does: nothing that it is asked returns, not even a look. */
@NeedsEtcd
@NeedsRoot
@NeedsProgram({"bindfs", "umount"})
@Timeout(180)
class StoppedFileSystemIT {

    private static final String HANGS = "the disk has not answered for ";
    /** Two seconds are promised; the rest is for a machine that is busy with other tests. */
    private static final Duration LONGEST_ANSWER = Duration.ofSeconds(10);

    private static final String[] OPEN = {
        "/healthz",
        "/actuator/health/liveness",
        "/actuator/health",
        "/actuator/prometheus",
        "/actuator/prometheus?again"
    };

    private final HttpClient plain =
            HttpClient.newBuilder().connectTimeout(Duration.ofSeconds(5)).build();
    private EtcdProcess etcd;
    private FuseDisk disk;
    private ReservedPort monitoring;
    private PackagedService service;

    @BeforeEach
    void start() throws Exception {
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
        // the system does not end a process one of whose changes the server has begun to answer
        await("the first run has ended").until(() -> service.process().output().contains(": saved otherix-"));
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
        plain.shutdownNow();
    }

    @Test
    void everyQuestionIsAnsweredAndAllIsWellWhenItsServerGoesOn() throws Exception {
        var before = files(dir()).stream()
                .filter(name -> name.startsWith("otherix-"))
                .toList();
        try (var api = new SteadyAnswers(service::get, "/healthz", "/actuator/health", "/v1/status");
                var open = new SteadyAnswers(this::monitored, OPEN)) {
            var some = before.getFirst();
            disk.stop();
            for (var path : List.of("", "/" + some, "/latest", "/latest/content")) {
                var asked = System.nanoTime();
                assertHangs(service.get("/v1/snapshots" + path));
                assertThat(Duration.ofNanos(System.nanoTime() - asked)).as(path).isLessThan(LONGEST_ANSWER);
            }
            await("health sees it").untilAsserted(() -> {
                var backup = json(service.get("/actuator/health/backup"));
                assertThat(backup.get("status").asString()).isEqualTo("DOWN");
                assertThat(backup.at("/details/reasons/0/code").asString()).isEqualTo("directory_hangs");
                assertThat(backup.at("/details/reason").asString()).contains("has not answered ");
            });
            for (int i = 0; i < 2; i++) {
                var answer = service.post("/v1/snapshots").get(60, TimeUnit.SECONDS);
                assertHangs(answer);
            }
            assertHangs(service.get("/v1/snapshots"));
            assertThat(api.status("/actuator/health")).isEqualTo(503);
            assertThat(open.status("/actuator/health")).isEqualTo(503);
            assertThat(open.status("/healthz")).isEqualTo(200);
            assertThat(open.status("/actuator/health/liveness")).isEqualTo(200);
            assertThat(open.status("/actuator/prometheus")).isEqualTo(200);
            open.assertNeverLongerThan(LONGEST_ANSWER);
            api.assertNeverLongerThan(LONGEST_ANSWER);

            disk.resume();

            await("the disk answers")
                    .untilAsserted(() -> assertThat(
                                    service.post("/v1/snapshots").join().statusCode())
                            .isEqualTo(201));
            assertThat(backupHealth("UP")).isTrue();
            open.assertNeverLongerThan(LONGEST_ANSWER);
            api.assertNeverLongerThan(LONGEST_ANSWER);
        }
        assertThat(files(dir())).containsAll(before).noneMatch(name -> name.matches("\\.otherix-\\d.*\\.tmp"));
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

        if (midStream) {
            // Linux ends no process with a write that the server has taken: it ends when the server goes on
            await("no request is under way or taken")
                    .until(() -> service.process().output().contains("Graceful shutdown complete"));
            disk.resume();
        }
        assertThat(service.process().exitCode(Duration.ofMinutes(1))).isEqualTo(143);
    }

    private static void assertHangs(HttpResponse<String> answer) {
        assertThat(answer.statusCode()).as(answer.body()).isEqualTo(507);
        assertThat(json(answer).at("/error/code").asString()).isEqualTo("directory_failed");
        assertThat(json(answer).at("/error/message").asString()).startsWith(HANGS);
    }

    private boolean backupHealth(String status) {
        return json(service.get("/actuator/health/backup"))
                .get("status")
                .asString()
                .equals(status);
    }

    private HttpResponse<String> monitored(String path) {
        try {
            var url = URI.create("http://127.0.0.1:" + monitoring.number() + path);
            return plain.send(HttpRequest.newBuilder(url).build(), HttpResponse.BodyHandlers.ofString());
        } catch (IOException cause) {
            throw new UncheckedIOException(cause);
        } catch (InterruptedException interrupted) {
            Thread.currentThread().interrupt();
            throw new IllegalStateException(interrupted);
        }
    }

    private Path dir() {
        return disk.directory().resolve("snapshots");
    }
}
