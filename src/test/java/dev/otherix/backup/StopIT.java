package dev.otherix.backup;

import static dev.otherix.backup.PackagedService.files;
import static dev.otherix.backup.PackagedService.json;
import static dev.otherix.backup.PackagedService.records;
import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import dev.otherix.backup.realetcd.AnyEtcd;
import dev.otherix.backup.realetcd.EtcdHomes;
import dev.otherix.backup.realetcd.EtcdProcess;
import dev.otherix.backup.realetcd.NeedsEtcd;
import dev.otherix.backup.realetcd.OtherixKeyspace;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/** The service is stopped or dies while the member's bytes come in. */
@NeedsEtcd
@AnyEtcd
class StopIT {

    private static final String LOCK = ".otherix-etcd-backup.lock";
    private static final String LEFTOVER = "\\.otherix-\\d{8}T\\d{6}Z\\.db\\.tmp";

    /** Five seconds are promised; the rest is for a machine that is busy with other tests. */
    private static final Duration LONGEST_STOP = Duration.ofSeconds(15);

    private static EtcdProcess etcd;

    @TempDir
    private Path temporary;

    @BeforeAll
    static void startEtcd() {
        etcd = EtcdProcess.start(EtcdHomes.first());
        OtherixKeyspace.fill(etcd.clientUrl(), 16_000_000, 64 * 1024);
    }

    @AfterAll
    static void stopEtcd() {
        etcd.close();
    }

    @Test
    void aStopMidStreamEndsInSecondsAnswersWhoWaitsAndLeavesNothing() throws Exception {
        var dir = temporary.resolve("snapshots");
        try (var service = PackagedService.start(etcd.clientUrl(), dir, "--stream.rate_limit=1MB")) {
            awaitStream(dir);
            var waiting = service.post("/v1/snapshots?wait=10m");
            await().until(() -> service.get("/v1/tasks").body().contains("\"pending\""));

            service.process().terminate();

            assertThat(service.process().exitCode(LONGEST_STOP)).isEqualTo(143);
            var answer = waiting.get(10, TimeUnit.SECONDS);
            assertThat(answer.statusCode()).isEqualTo(503);
            assertThat(json(answer).at("/error/code").asString()).isEqualTo("shutting_down");
            assertThat(files(dir)).containsExactly(LOCK);
        }
    }

    @ParameterizedTest
    @EnumSource(names = {"VERIFY", "COMMIT", "PRUNE"})
    void aStopAfterTheStreamEndsInSecondsAndWhoWaitsIsToldWhatIsThere(RunMoment moment) throws Exception {
        var dir = temporary.resolve("snapshots");
        try (var service = PackagedService.start(
                etcd.clientUrl(), dir, "--workers.backup.enabled=false", "--retention.on_demand=1")) {
            var older = json(service.post("/v1/snapshots").get(30, TimeUnit.SECONDS))
                    .get("name")
                    .asString();
            var waiting = service.post("/v1/snapshots?wait=10m");
            assertThat(moment.comes(dir, 0, Duration.ofSeconds(30))).isTrue();

            service.process().terminate();

            assertThat(service.process().exitCode(LONGEST_STOP))
                    .as("what systemd takes for a clean stop of a JVM")
                    .isEqualTo(143);
            var answer = waiting.get(10, TimeUnit.SECONDS);
            var names = files(dir).stream().filter(name -> name.endsWith(".db")).toList();
            if (answer.statusCode() == 201) {
                assertThat(names).contains(json(answer).get("name").asString());
            } else {
                assertThat(answer.statusCode()).as(answer.body()).isEqualTo(503);
                assertThat(json(answer).at("/error/code").asString()).isEqualTo("shutting_down");
                assertThat(names).containsExactly(older);
            }
            assertThat(files(dir)).hasSize(1 + 2 * names.size()).noneMatch(name -> name.endsWith(".tmp"));
            assertThat(records(dir)).hasSameSizeAs(names);
        }
    }

    @Test
    void aStopWhileTheMemberSaysNothingEndsInSecondsAndAnswersWhoWaits() throws Exception {
        var dir = temporary.resolve("snapshots");
        try (var service = PackagedService.start(etcd.clientUrl(), dir, "--workers.backup.enabled=false")) {
            etcd.pause();
            var waiting = service.post("/v1/snapshots?wait=10m");
            await().until(() -> service.get("/v1/tasks").body().contains("\"running\""));

            service.process().terminate();

            assertThat(service.process().exitCode(LONGEST_STOP)).isEqualTo(143);
            assertThat(waiting.get(10, TimeUnit.SECONDS).statusCode()).isEqualTo(503);
            assertThat(files(dir)).containsExactly(LOCK);
        } finally {
            etcd.resume();
        }
    }

    @Test
    void afterADeathMidStreamTheNextStartCleansUpAndTakesTheOverdueSnapshot() throws IOException {
        var dir = temporary.resolve("snapshots");
        try (var service = PackagedService.start(etcd.clientUrl(), dir, "--stream.rate_limit=1MB")) {
            awaitStream(dir);
            service.process().kill();
        }
        assertThat(files(dir)).hasSize(2).contains(LOCK).anyMatch(name -> name.matches(LEFTOVER));

        try (var _ = PackagedService.start(etcd.clientUrl(), dir)) {
            await().until(() -> !records(dir).isEmpty());
            assertThat(records(dir).getFirst().get("trigger").asString()).isEqualTo("startup");
            var name = records(dir).getFirst().get("name").asString();
            await().untilAsserted(() ->
                    assertThat(files(dir)).containsExactlyInAnyOrder(LOCK, name, name.replace(".db", ".json")));
            assertThat(Files.size(dir.resolve(name))).isGreaterThan(16_000_000L);
        }
    }

    private static void awaitStream(Path dir) {
        await("the stream").until(() -> {
            for (var name : files(dir)) {
                if (name.matches(LEFTOVER) && Files.size(dir.resolve(name)) > 0) {
                    return true;
                }
            }
            return false;
        });
    }
}
