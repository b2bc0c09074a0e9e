package dev.otherix.backup;

import static dev.otherix.backup.PackagedService.files;
import static dev.otherix.backup.PackagedService.json;
import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import dev.otherix.backup.realetcd.EtcdHomes;
import dev.otherix.backup.realetcd.EtcdProcess;
import dev.otherix.backup.realetcd.LoopDisk;
import dev.otherix.backup.realetcd.NeedsEtcd;
import dev.otherix.backup.realetcd.NeedsProgram;
import dev.otherix.backup.realetcd.NeedsRoot;
import dev.otherix.backup.realetcd.OtherixKeyspace;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.ConnectException;
import java.net.http.HttpResponse;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import java.util.regex.Pattern;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/**
 * A disk that stops to answer, at each moment of a run. The run fails in time, all else goes on, and nothing is lost.
 */
@NeedsEtcd
@NeedsRoot
@NeedsProgram({"mkfs.ext4", "fsfreeze", "mount"})
@Timeout(180)
class FrozenDiskIT {

    private static final int DATABASE_MIB = 16;
    private static final String HANGS = "the disk has not answered for ";
    /** Two seconds are promised; the rest is for a machine that is busy with other tests. */
    private static final Duration LONGEST_ANSWER = Duration.ofSeconds(10);

    private static final Pattern FAILURES =
            Pattern.compile("otherix_backup_runs_total\\{outcome=\"failure\",trigger=\"request\"} (\\d+)");

    private static EtcdProcess etcd;
    private static LoopDisk disk;
    private static PackagedService service;

    @BeforeAll
    static void start() throws Exception {
        etcd = EtcdProcess.start(EtcdHomes.first());
        OtherixKeyspace.fill(etcd.clientUrl(), DATABASE_MIB << 20, 64 * 1024);
        disk = LoopDisk.mount(256);
        service = service(dir());
        await().untilAsserted(() -> assertThat(health()).isEqualTo("UP"));
        assertThat(service.post("/v1/snapshots").get(60, TimeUnit.SECONDS).statusCode())
                .isEqualTo(201);
    }

    private static PackagedService service(Path dir) {
        return PackagedService.start(
                etcd.clientUrl(),
                dir,
                "--stream.stall_timeout=3s",
                "--stream.rate_limit=16MB",
                "--retention.on_demand=1");
    }

    @AfterAll
    static void stop() {
        if (disk != null) {
            disk.thaw();
        }
        if (service != null) {
            service.close();
        }
        if (disk != null) {
            disk.close();
        }
        etcd.close();
    }

    @AfterEach
    void thaw() {
        disk.thaw();
    }

    @ParameterizedTest
    @EnumSource
    void aRunThatMeetsADiskThatHangsFailsInTime(RunMoment moment) throws Exception {
        fails(() -> {
            var asked = service.post("/v1/snapshots");
            assertThat(moment.comes(dir(), 0.3, Duration.ofSeconds(30))).isTrue();
            disk.freeze();
            return asked;
        });
    }

    @Test
    void aDiskThatHangsBeforeARunFailsItInTime() throws Exception {
        fails(() -> {
            disk.freeze();
            return service.post("/v1/snapshots");
        });
    }

    /** The system ends no thread that waits for a frozen disk, and no process that has one. All else has ended. */
    @Test
    void aStopServesNobodyAnyMoreAndEndsWhenTheDiskAnswers() throws Exception {
        var dir = disk.directory().resolve("stopped");
        try (var stopped = service(dir)) {
            assertThat(RunMoment.STREAM.comes(dir, 0, Duration.ofSeconds(30))).isTrue();
            var asked = stopped.post("/v1/snapshots");
            disk.freeze();
            assertHangs(asked.get(60, TimeUnit.SECONDS));

            stopped.process().terminate();

            await("nothing listens any more").atMost(Duration.ofMinutes(1)).until(() -> refuses(stopped));
            assertThat(stopped.process().output()).contains("the next start removes what is left");
            disk.thaw();
            assertThat(stopped.process().exitCode(Duration.ofMinutes(1))).isEqualTo(143);
        }
    }

    private static boolean refuses(PackagedService stopped) {
        try {
            stopped.get("/healthz");
            return false;
        } catch (UncheckedIOException refused) {
            return refused.getCause() instanceof ConnectException;
        }
    }

    private void fails(Freezing freezing) throws Exception {
        var before = snapshots();
        var failures = failures();
        var reported = reports(service.process().output());
        try (var answers = new SteadyAnswers(
                service::get,
                "/healthz",
                "/actuator/health/liveness",
                "/actuator/health",
                "/actuator/prometheus",
                "/v1/status",
                "/v1/snapshots")) {
            var failed = frozen(freezing).get(60, TimeUnit.SECONDS);

            assertHangs(failed);
            var next = service.post("/v1/snapshots").get(10, TimeUnit.SECONDS);
            assertHangs(next);
            assertThat(json(next).at("/error/message")).isEqualTo(json(failed).at("/error/message"));
            var backup = json(service.get("/actuator/health/backup"));
            assertThat(backup.get("status").asString()).isEqualTo("DOWN");
            assertThat(backup.at("/details/reason").asString())
                    .contains(HANGS, "without a restart")
                    .doesNotContain("restart the service");
            assertThat(backup.at("/details/reasons/0/code").asString()).isEqualTo("directory_hangs");
            assertThat(failures()).isEqualTo(failures + 1);
            await("it is logged")
                    .untilAsserted(() ->
                            assertThat(reports(service.process().output())).isEqualTo(reported + 1));
            await().untilAsserted(
                            () -> assertThat(answers.status("/actuator/health")).isEqualTo(503));
            answers.assertNeverLongerThan(LONGEST_ANSWER);
            assertThat(List.of(
                            answers.status("/healthz"),
                            answers.status("/actuator/health/liveness"),
                            answers.status("/actuator/prometheus"),
                            answers.status("/v1/status")))
                    .containsOnly(200);
            disk.thaw();
            await("the disk answers")
                    .untilAsserted(() -> assertThat(
                                    service.post("/v1/snapshots").join().statusCode())
                            .isEqualTo(201));
            answers.assertNeverLongerThan(LONGEST_ANSWER);
        }
        assertThat(health()).isEqualTo("UP");
        assertThat(snapshots()).contains(before.getFirst());
        assertThat(files(dir())).noneMatch(name -> name.matches("\\.otherix-\\d.*\\.tmp"));
        // a record whose file went may be left; the next start removes it
        assertThat(records()).containsAll(snapshots());
    }

    /** Asks for a snapshot again where the disk was frozen too late for it. */
    private CompletableFuture<HttpResponse<String>> frozen(Freezing freezing) throws Exception {
        while (true) {
            var asked = freezing.ask();
            if (!asked.isDone() || asked.join().statusCode() != 201) {
                return asked;
            }
            disk.thaw();
        }
    }

    private static void assertHangs(HttpResponse<String> answer) {
        assertThat(answer.statusCode()).as(answer.body()).isEqualTo(507);
        assertThat(json(answer).at("/error/code").asString()).isEqualTo("directory_failed");
        assertThat(json(answer).at("/error/message").asString()).startsWith(HANGS);
    }

    private interface Freezing {
        CompletableFuture<HttpResponse<String>> ask() throws IOException;
    }

    private static String health() {
        return json(service.get("/actuator/health/backup")).get("status").asString();
    }

    private static int failures() {
        var metrics = FAILURES.matcher(service.get("/actuator/prometheus").body());
        return metrics.find() ? Integer.parseInt(metrics.group(1)) : 0;
    }

    private static long reports(String log) {
        return log.lines()
                .filter(line -> line.contains("backup failed, trigger request: " + HANGS))
                .count();
    }

    private static List<String> snapshots() {
        return files(dir()).stream().filter(name -> name.endsWith(".db")).toList();
    }

    /** By the names of their snapshots. */
    private static List<String> records() {
        return files(dir()).stream()
                .filter(name -> name.startsWith("otherix-") && name.endsWith(".json"))
                .map(name -> name.replace(".json", ".db"))
                .toList();
    }

    private static Path dir() {
        return disk.directory().resolve("snapshots");
    }
}
