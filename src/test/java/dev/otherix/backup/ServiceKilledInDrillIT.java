package dev.otherix.backup;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import dev.otherix.backup.realetcd.AnyEtcd;
import dev.otherix.backup.realetcd.EtcdHomes;
import dev.otherix.backup.realetcd.EtcdProcess;
import dev.otherix.backup.realetcd.NeedsEtcd;
import dev.otherix.backup.restore.DrillScene;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** The packaged service dies by SIGKILL in a drill, while its etcd serves: the next start leaves nothing of it. */
@NeedsEtcd
@AnyEtcd
@Timeout(300)
class ServiceKilledInDrillIT {

    private static final String SCRATCH = ".otherix-etcd-backup.drill";

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
                await().atMost(Duration.ofMinutes(1))
                        .pollInterval(Duration.ofMillis(5))
                        .until(() -> etcds(dir).size() >= 2);
                first.process().kill();
            }
            assertThat(etcds(dir)).as("nobody ended it").isNotEmpty();

            try (var second = PackagedService.start(
                    etcd.clientUrl(), dir, "--drill.etcd=" + EtcdHomes.first().etcd(), "--drill.interval=1h")) {
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

    private static List<String> etcds(Path dir) throws IOException {
        return DrillScene.processes(dir).stream()
                .filter(line -> line.contains("--data-dir=" + dir))
                .toList();
    }
}
