package dev.otherix.backup.api;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import dev.otherix.backup.RunningService;
import dev.otherix.backup.realetcd.AnyEtcd;
import dev.otherix.backup.realetcd.EtcdHomes;
import dev.otherix.backup.realetcd.EtcdProcess;
import dev.otherix.backup.realetcd.NeedsEtcd;
import dev.otherix.backup.restore.DrillScene;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.HexFormat;
import java.util.List;
import java.util.Random;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import tools.jackson.databind.JsonNode;

/** The whole service drills with a copy in a directory, with a real etcd. */
@NeedsEtcd
@AnyEtcd
@Timeout(300)
class CopyDrillIT {

    private static final String SCRATCH = ".otherix-etcd-backup.drill";
    private static final String STATE = ".otherix-etcd-backup.state";

    private static final String RECIPIENT = "age1ql3z7hjy54pw3hyww5ayyfg7zqgvc7w3j2elw8zmrj2kg5sfn9aqmcac8p";

    @TempDir
    private static Path temporary;

    private static EtcdProcess etcd;

    @BeforeAll
    static void start() {
        etcd = EtcdProcess.start(EtcdHomes.first());
        // what does not compress takes its time at a low rate
        var value = new byte[40_000];
        for (var key : List.of("/otherix/one", "/otherix/two")) {
            new Random(key.hashCode()).nextBytes(value);
            etcd.etcdctl("put", key, HexFormat.of().formatHex(value));
        }
    }

    @AfterAll
    static void stop() {
        etcd.close();
    }

    private static RunningService service(String name, Path target, String... more) {
        var settings = new String[more.length + 4];
        settings[0] = "--drill.interval=1s";
        settings[1] = "--drill.etcd=" + EtcdHomes.first().etcd();
        settings[2] = "--offsite.encryption=none";
        settings[3] = "--offsite.filesystem.path=" + target;
        System.arraycopy(more, 0, settings, 4, more.length);
        return RunningService.start(etcd.clientUrl(), temporary.resolve(name), settings);
    }

    private static Path target(String name) throws IOException {
        var target = Files.createDirectory(temporary.resolve(name));
        Files.createFile(target.resolve(".otherix-etcd-backup-target"));
        return target;
    }

    /** Takes a snapshot and copies it; returns the key of the copy. */
    private static String copied(RunningService service) {
        assertThat(service.post("/v1/snapshots", "{}").statusCode()).isEqualTo(201);
        var answer = service.post("/v1/snapshots/latest/copy", "");
        assertThat(answer.statusCode()).as(answer.body()).isEqualTo(200);
        return RunningService.json(answer).at("/copies/0/key").asString();
    }

    private static JsonNode last(RunningService service) {
        return RunningService.json(service.get("/v1/status")).at("/drill/last");
    }

    private static String detail(RunningService service) {
        return last(service).at("/detail").asString("");
    }

    private static double counted(RunningService service, String outcome) {
        return service.get("/actuator/prometheus")
                .body()
                .lines()
                .filter(line -> line.startsWith("otherix_backup_drills_total{outcome=\"" + outcome + "\"}"))
                .mapToDouble(line -> Double.parseDouble(line.substring(line.lastIndexOf(' '))))
                .findFirst()
                .orElseThrow();
    }

    /** As if six scheduled drills had had a result. */
    private static void sixAreDone(String name) throws IOException {
        var state = temporary.resolve(name).resolve(STATE);
        Files.writeString(
                state,
                Files.readString(state)
                        .replaceFirst(
                                "\"copies\" : (null|\\{[^}]*\\})", "\"copies\" : {\"since\":6,\"missed\":false}"));
    }

    @Test
    void theSeventhDrillServesTheCopyFromAnEtcdAndLeavesNothing() throws IOException {
        var target = target("seventh-target");
        try (var service = service("seventh", target)) {
            copied(service);

            await().atMost(Duration.ofMinutes(2)).until(() -> counted(service, "success") >= 6);
            assertThat(detail(service)).isEmpty();
            await().atMost(Duration.ofMinutes(1)).until(() -> counted(service, "success") >= 7);

            var drill = last(service);
            assertThat(drill.get("detail").asString()).isEqualTo("the copy in filesystem was drilled");
            assertThat(drill.get("outcome").asString()).isEqualTo("passed");
            assertThat(drill.get("etcd_version").asString())
                    .isEqualTo(EtcdHomes.first().version());
            assertThat(RunningService.json(service.get("/v1/snapshots/latest")).get("drill"))
                    .isEqualTo(drill);
            assertThat(Files.readString(temporary.resolve("seventh").resolve(STATE)))
                    .containsPattern("\"since\" : 0,\\s+\"missed\" : false,\\s+\"last\" : \"filesystem\"");
        }
        requireNothingLeft("seventh");
    }

    private static void requireNothingLeft(String name) throws IOException {
        assertThat(temporary.resolve(name).resolve(SCRATCH)).doesNotExist();
        assertThat(DrillScene.processes(temporary.resolve(name))).isEmpty();
    }

    @Test
    void whereCopiesAreEncryptedNoDrillTakesOne() throws IOException {
        var target = target("sealed-target");
        var sealed = new String[] {"--offsite.encryption=age", "--offsite.recipients=" + RECIPIENT};
        try (var service = service("sealed", target, sealed)) {
            copied(service);
        }
        sixAreDone("sealed");
        try (var service = service("sealed", target, sealed)) {
            await().atMost(Duration.ofMinutes(1)).until(() -> counted(service, "success") >= 2);

            assertThat(counted(service, "skipped")).isZero();
            assertThat(detail(service)).isEmpty();
        }
        assertThat(Files.readString(temporary.resolve("sealed").resolve(STATE))).containsPattern("\"since\" : [89]");
    }

    @Test
    void aChangedCopyFailsAndATargetThatIsGoneSkipsAndLocalDrillsGoOn() throws IOException {
        var target = target("changed-target");
        String key;
        try (var service = service("changed", target, "--drill.interval=0")) {
            key = copied(service);
        }
        var object = Files.readAllBytes(target.resolve(key));
        object[object.length / 2] ^= 1;
        Files.write(target.resolve(key), object);
        sixAreDone("changed");
        try (var service = service("changed", target, "--offsite.check_interval=0")) {
            await().atMost(Duration.ofMinutes(1)).until(() -> counted(service, "failure") == 1);

            assertThat(detail(service))
                    .startsWith("the copy in filesystem was drilled, " + key + ": " + key + " was changed: ");
            assertThat(service.get("/actuator/prometheus").body()).contains("otherix_backup_drill_failed 1.0");
            await().atMost(Duration.ofMinutes(1)).until(() -> counted(service, "success") >= 1);
        }
        Files.move(target, target.resolveSibling("unmounted"));
        sixAreDone("changed");
        try (var service = service("changed", target, "--offsite.check_interval=0")) {
            await().atMost(Duration.ofMinutes(1)).until(() -> counted(service, "skipped") >= 1);
            await().atMost(Duration.ofMinutes(1)).until(() -> counted(service, "success") >= 1);
            assertThat(detail(service)).isEmpty();
            assertThat(service.get("/v1/tasks").body())
                    .contains("no drill of the newest copy: it cannot be fetched: ")
                    .contains("touch " + target + "/.otherix-etcd-backup-target");
        }
        requireNothingLeft("changed");
    }

    @Test
    void aRunEndsAFetchAtTheRateAtOnceAndIsNotDelayed() throws IOException {
        var target = target("slow-target");
        try (var service = service("slow", target, "--drill.interval=0")) {
            copied(service);
        }
        sixAreDone("slow");
        try (var service = service("slow", target, "--offsite.rate_limit=10KB", "--offsite.check_interval=0")) {
            var fetched = temporary.resolve("slow").resolve(SCRATCH).resolve("fetched.db");
            await().atMost(Duration.ofMinutes(1))
                    .pollInterval(Duration.ofMillis(20))
                    .until(() -> Files.exists(fetched));
            var began = System.nanoTime();

            assertThat(service.post("/v1/snapshots", "{}").statusCode()).isEqualTo(201);

            assertThat(Duration.ofNanos(System.nanoTime() - began)).isLessThan(Duration.ofSeconds(4));
            assertThat(counted(service, "skipped")).isEqualTo(1);
            var tasks = service.get("/v1/tasks").body();
            assertThat(tasks).contains("ended by a run");
        }
        requireNothingLeft("slow");
    }
}
