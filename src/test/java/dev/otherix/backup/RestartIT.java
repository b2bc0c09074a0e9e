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
import java.time.Duration;
import java.time.Instant;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** One service after another, and beside another, on one directory. */
@NeedsEtcd
@AnyEtcd
class RestartIT {

    private static final Duration SOON = Duration.ofMinutes(1);

    private static EtcdProcess etcd;

    @TempDir
    private Path temporary;

    @BeforeAll
    static void startEtcd() {
        etcd = EtcdProcess.start(EtcdHomes.first());
    }

    @AfterAll
    static void stopEtcd() {
        etcd.close();
    }

    @Test
    void aSecondInstanceIsKeptOutAndARestartTakesASnapshotOnlyWhenItIsOverdue() {
        var dir = temporary.resolve("snapshots");
        try (var first = PackagedService.start(etcd.clientUrl(), dir, "--workers.backup.interval=1h")) {
            await().atMost(SOON).until(() -> records(dir).size() == 1);
            assertThat(first.process().output()).containsPattern("Started OtherixEtcdBackup in [0-9.]+ seconds");

            try (var second = PackagedService.launch(etcd.clientUrl(), dir)) {
                assertThat(second.exitCode(SOON)).isEqualTo(1);
                assertThat(second.output() + second.errors())
                        .containsSubsequence(
                                "Description:",
                                "workers.backup.dir",
                                "another otherix-etcd-backup works in the snapshot directory",
                                "each replica needs its own directory",
                                dir.toString(),
                                "Action:",
                                "set workers.backup.dir to a directory that only this replica uses")
                        .doesNotContain("\tat ");
            }
            first.process().kill();
        }
        var taken = Instant.parse(records(dir).getFirst().get("created_at").asString());
        try (var again = PackagedService.start(etcd.clientUrl(), dir, "--workers.backup.interval=1h")) {
            assertThat(Instant.parse(
                            json(again.get("/v1/status")).get("next_due_at").asString()))
                    .isEqualTo(taken.plus(Duration.ofHours(1)));
            // the schedule looks every second
            await().during(Duration.ofSeconds(3)).until(() -> records(dir).size() == 1);
        }
        try (var _ = PackagedService.start(etcd.clientUrl(), dir, "--workers.backup.interval=1s")) {
            await().atMost(SOON).until(() -> records(dir).size() > 1);
            assertThat(records(dir).get(1).get("trigger").asString()).isEqualTo("startup");
        }
    }
}
