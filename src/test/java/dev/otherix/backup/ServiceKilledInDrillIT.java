package dev.otherix.backup;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import dev.otherix.backup.realetcd.AnyEtcd;
import dev.otherix.backup.realetcd.EtcdHomes;
import dev.otherix.backup.realetcd.EtcdProcess;
import dev.otherix.backup.realetcd.NeedsEtcd;
import dev.otherix.backup.realetcd.OtherixKeyspace;
import dev.otherix.backup.restore.DrillScene;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.HexFormat;
import java.util.List;
import java.util.Random;
import java.util.concurrent.TimeUnit;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/**
 * The packaged service dies by SIGKILL in a drill: the next start leaves nothing of it. Seed as in {@link SigkillIT},
 * and three kills for twenty of its.
 */
@NeedsEtcd
@AnyEtcd
@Timeout(1800)
class ServiceKilledInDrillIT {

    private static final String SCRATCH = ".otherix-etcd-backup.drill";

    private static final int KILLS = Math.max(2, Integer.getInteger("crash.kills", 12) * 3 / 20);
    private static final long SEED = Long.getLong("crash.seed", 17);
    private static final Duration LONG = Duration.ofMinutes(1);

    @TempDir
    private Path temporary;

    @Test
    void theNextStartEndsTheEtcdAndRemovesTheDirectoryAndDoesNotDrillAtOnceAgain() throws Exception {
        var dir = temporary.resolve("snapshots");
        // one that prints would end with its reader
        var silent = DrillScene.program(temporary.resolve("silent-etcd"), """
                if [ "$1" = --version ]; then exec %1$s --version; fi
                %1$s "$@" > /dev/null 2>&1 & pid=$!
                kill -STOP $pid
                wait $pid
                """.formatted(
                        EtcdHomes.first().etcd()));
        var settings = new String[] {"--drill.etcd=" + silent, "--drill.interval=2s"};
        try (var etcd = EtcdProcess.start(EtcdHomes.first())) {
            etcd.etcdctl("put", "/otherix/some", "value");
            var first = PackagedService.start(etcd.clientUrl(), dir, settings);
            try (first) {
                await().atMost(LONG)
                        .pollInterval(Duration.ofMillis(5))
                        .until(() -> etcds(dir).size() >= 2);
                first.process().kill();
            }
            assertThat(etcds(dir)).as("nobody ended it").isNotEmpty();

            try (var second = PackagedService.start(etcd.clientUrl(), dir, program(), "--drill.interval=1h")) {
                await().untilAsserted(() -> {
                    assertThat(etcds(dir)).isEmpty();
                    assertThat(dir.resolve(SCRATCH)).doesNotExist();
                });
                assertThat(second.process().output()).contains("removed what an interrupted drill left");
                assertThat(Files.readString(dir.resolve(".otherix-etcd-backup.state")))
                        .containsPattern("\"tries\" : [1-9]")
                        .doesNotContain("\"tried_at\" : null");
            }
        }
    }

    @Test
    void theNextStartRemovesWhatWasFetchedOfACopy() throws Exception {
        var dir = temporary.resolve("copied");
        var target = Files.createDirectory(temporary.resolve("target"));
        Files.createFile(target.resolve(".otherix-etcd-backup-target"));
        var offsite = new String[] {
            "--offsite.encryption=none", "--offsite.filesystem.path=" + target, "--offsite.check_interval=0"
        };
        try (var etcd = EtcdProcess.start(EtcdHomes.first())) {
            // does not compress, so that the fetch takes seconds
            var value = new byte[40_000];
            new Random(1).nextBytes(value);
            etcd.etcdctl("put", "/otherix/some", HexFormat.of().formatHex(value));
            try (var service = RunningService.start(etcd.clientUrl(), dir, with(offsite, "--drill.interval=0"))) {
                assertThat(service.post("/v1/snapshots", "{}").statusCode()).isEqualTo(201);
                assertThat(service.post("/v1/snapshots/latest/copy", "").statusCode())
                        .isEqualTo(200);
            }
            var state = dir.resolve(".otherix-etcd-backup.state");
            Files.writeString(
                    state,
                    Files.readString(state)
                            .replace("\"copies\" : null", "\"copies\" : {\"since\" : 6, \"missed\" : false}"));
            var fetched = dir.resolve(SCRATCH).resolve("fetched.db");
            var first = PackagedService.start(
                    etcd.clientUrl(), dir, with(offsite, "--drill.interval=1s", "--offsite.rate_limit=10KB"));
            try (first) {
                await().atMost(Duration.ofMinutes(1))
                        .pollInterval(Duration.ofMillis(5))
                        .until(() -> Files.exists(fetched));
                first.process().kill();
            }
            assertThat(fetched).as("nobody removed it").exists();

            try (var second = PackagedService.start(etcd.clientUrl(), dir, with(offsite, "--drill.interval=1h"))) {
                await().untilAsserted(() -> {
                    assertThat(dir.resolve(SCRATCH)).doesNotExist();
                    assertThat(second.process().output()).contains("removed what an interrupted drill left");
                });
            }
            assertThat(Files.readString(state)).containsPattern("\"since\" : 6");
        }
    }

    private static String[] with(String[] settings, String... more) {
        return Stream.concat(Stream.of(settings), Stream.of(more)).toArray(String[]::new);
    }

    @Test
    void atWhateverMomentItDiesTheNextStartLeavesNothing() throws Exception {
        var dir = temporary.resolve("snapshots");
        try (var etcd = EtcdProcess.start(EtcdHomes.first());
                var jar = UnpackedJar.make()) {
            OtherixKeyspace.fill(etcd.clientUrl(), 16_000_000, 64 * 1024);
            var url = etcd.clientUrl();
            var whole = durationOfADrill(jar, url, dir);
            var random = new Random(SEED);
            for (var i = 0; i < KILLS; i++) {
                try (var process = drilling(jar, url, dir)) {
                    awaitDrill(dir);
                    TimeUnit.NANOSECONDS.sleep((long) (whole * random.nextDouble()));
                    process.kill();
                }
                try (var _ = PackagedService.whenReady(
                        PackagedService.launch(jar, url, dir, program(), "--drill.interval=0"))) {
                    await().atMost(LONG).untilAsserted(() -> {
                        assertThat(DrillScene.processes(dir.resolve(SCRATCH))).isEmpty();
                        assertThat(dir.resolve(SCRATCH)).doesNotExist();
                    });
                }
            }
        }
    }

    private static long durationOfADrill(UnpackedJar jar, String url, Path dir) {
        try (var process = drilling(jar, url, dir)) {
            awaitDrill(dir);
            var began = System.nanoTime();
            await().atMost(LONG).pollInterval(Duration.ofMillis(1)).until(() -> Files.notExists(dir.resolve(SCRATCH)));
            var took = System.nanoTime() - began;
            await().untilAsserted(() -> assertThat(process.output()).contains(" passed in "));
            return took;
        }
    }

    private static JarProcess drilling(UnpackedJar jar, String url, Path dir) {
        return PackagedService.launch(jar, url, dir, program(), "--drill.interval=1s");
    }

    private static String program() {
        return "--drill.etcd=" + EtcdHomes.first().etcd();
    }

    private static void awaitDrill(Path dir) {
        await().atMost(LONG).pollInterval(Duration.ofMillis(1)).until(() -> Files.exists(dir.resolve(SCRATCH)));
    }

    private static List<String> etcds(Path dir) throws IOException {
        return DrillScene.processes(dir).stream()
                .filter(line -> line.contains("--data-dir=" + dir))
                .toList();
    }
}
