package dev.otherix.backup;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.awaitility.Awaitility.await;

import dev.otherix.backup.realetcd.Command;
import dev.otherix.backup.realetcd.EtcdHome;
import dev.otherix.backup.realetcd.EtcdHomes;
import dev.otherix.backup.realetcd.EtcdLines;
import dev.otherix.backup.realetcd.EtcdProcess;
import dev.otherix.backup.realetcd.NeedsEtcdutl;
import dev.otherix.backup.realetcd.OtherixKeyspace;
import dev.otherix.backup.realetcd.ReservedPort;
import java.io.IOException;
import java.io.RandomAccessFile;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.List;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import tools.jackson.databind.json.JsonMapper;

/** The restore runbook's section for hosts that have etcd's own tools and not this program, on real members. */
@NeedsEtcdutl
class EtcdutlRestoreIT {

    private static final Runbook RUNBOOK = Runbook.restore();

    @TempDir
    private Path temporary;

    private Path work;
    private ReservedPort client;
    private ReservedPort peer;

    @BeforeEach
    void makePlaces() {
        work = temporary.resolve("otherix-restore");
        client = ReservedPort.take();
        peer = ReservedPort.take();
    }

    @AfterEach
    void endTheThrowawayMember() throws IOException {
        var pid = work.resolve("etcd.pid");
        if (Files.exists(pid)) {
            ProcessHandle.of(Long.parseLong(Files.readString(pid).strip()))
                    .filter(process -> process.info().command().orElse("").endsWith("/etcd"))
                    .ifPresent(etcd -> {
                        etcd.destroyForcibly();
                        etcd.onExit().orTimeout(20, TimeUnit.SECONDS).join();
                    });
        }
        client.close();
        peer.close();
    }

    private static String run(EtcdHome home, String block, Map<String, ?> variables) {
        var result = RUNBOOK.run(block, home, variables);
        assertThat(result.exitCode())
                .as(() -> block + ": " + result.errors() + result.output())
                .isZero();
        return result.output();
    }

    private static String owner() {
        return Command.of("id", "-u").output().strip() + ":"
                + Command.of("id", "-g").output().strip();
    }

    private static Map<String, Object> restore(Path snapshot, EtcdProcess member) {
        return Map.of(
                "SNAPSHOT",
                snapshot,
                "NAME",
                member.name(),
                "PEER_URL",
                member.peerUrl(),
                "INITIAL_CLUSTER",
                member.name() + "=" + member.peerUrl(),
                "CLUSTER_TOKEN",
                "restored-today",
                "DATA_DIR",
                member.dataDir(),
                "OWNER",
                owner());
    }

    @ParameterizedTest
    @EtcdLines({"3.6", "3.7"})
    void oneNodeIsRestoredWithEveryKeyAndItsCa(EtcdHome home) throws IOException {
        assertThat(run(home, "versions", Map.of()))
                .contains("etcdutl version: " + home.version())
                .contains("etcdctl version: " + home.version())
                .contains("etcd Version: " + home.version());
        try (var member = EtcdProcess.start(home)) {
            var state = LostState.of(member, temporary.resolve("backups"));
            assertThat(run(home, "prove-by-hand", Map.of("SNAPSHOT", state.snapshot())))
                    .isEqualTo("GOOD " + state.snapshot() + "\n");
            member.kill();

            takeTheCa(home, state);
            run(home, "set-aside", Map.of("DATA_DIR", member.dataDir()));
            run(home, "restore-by-hand", restore(state.snapshot(), member));
            member.restart();

            state.assertRestored(member);
            LostState.assertTakesWrites(List.of(member));
        }
    }

    private void takeTheCa(EtcdHome home, LostState state) throws IOException {
        var ca = state.seeded().ca();
        var caDir = Files.createDirectory(temporary.resolve("ca"));
        Files.writeString(caDir.resolve("cluster-ca.crt"), "of a blank host");
        var caIn = Map.of("WORK", work, "CA_DIR", caDir, "OWNER", owner());
        run(
                home,
                "rehearse",
                Map.of(
                        "SNAPSHOT",
                        state.snapshot(),
                        "WORK",
                        work,
                        "URL",
                        client.url("http"),
                        "PEER_URL",
                        peer.url("http")));
        assertThat(run(home, "ca-by-hand", Map.of("URL", client.url("http"), "WORK", work)))
                .isEqualTo(ca.fingerprint() + "\n");
        run(home, "rehearsal-end", Map.of("WORK", work));
        assertThat(run(home, "ca-in", caIn))
                .contains("the CA of the snapshot is on disk now")
                .contains(ca.fingerprint().substring(7));
        assertThat(caDir.resolve("cluster-ca.crt")).hasContent(ca.certificatePem());
        assertThat(caDir.resolve("cluster-ca.key")).hasContent(ca.keyPem());
        assertThat(PosixFilePermissions.toString(Files.getPosixFilePermissions(caDir.resolve("cluster-ca.key"))))
                .isEqualTo("rw-------");
        assertThat(temporary.resolve("ca.before-restore/cluster-ca.crt")).hasContent("of a blank host");
        assertThat(run(home, "ca-in", caIn)).contains("the CA on disk is that of the snapshot");
    }

    @Test
    void aDamagedSnapshotIsRefusedAndTheNextOneIsRestoredAfterTheCleanUp() throws IOException {
        var home = EtcdHomes.first();
        try (var member = EtcdProcess.start(home)) {
            OtherixKeyspace.seed(member.clientUrl(), 10);
            var good = temporary.resolve("good.db");
            run(home, "survivor-by-hand", Map.of("URL", member.clientUrl(), "WORK", work));
            Files.copy(work.resolve("from-survivor.db"), good);
            var damaged = Files.copy(good, temporary.resolve("damaged.db"));
            try (var file = new RandomAccessFile(damaged.toFile(), "rw")) {
                file.seek(file.length() / 2);
                var flipped = file.read() ^ 1;
                file.seek(file.length() / 2);
                file.write(flipped);
            }
            member.kill();
            run(home, "set-aside", Map.of("DATA_DIR", member.dataDir()));

            assertThat(run(home, "prove-by-hand", Map.of("SNAPSHOT", damaged))).isEqualTo("DAMAGED " + damaged + "\n");
            var refused = RUNBOOK.run("restore-by-hand", home, restore(damaged, member));
            assertThat(refused.exitCode()).isNotZero();
            assertThat(refused.errors()).contains("expected sha256");
            var again = RUNBOOK.run("restore-by-hand", home, restore(good, member));
            assertThat(again.exitCode()).isNotZero();
            assertThat(again.errors()).contains("not empty");
            run(home, "failed", Map.of("DATA_DIR", member.dataDir()));
            run(home, "restore-by-hand", restore(good, member));
            assertThat(member.dataDir().resolve("member/wal")).isNotEmptyDirectory();
        }
    }

    @Test
    void aNoSpaceAlarmComesBackUntilItIsDisarmed() {
        var home = EtcdHomes.first();
        try (var member = EtcdProcess.start(home, "--quota-backend-bytes=" + (16 << 20))) {
            assertThatThrownBy(() -> overwriteForEver(member)).hasMessageContaining("database space exceeded");
            var full = temporary.resolve("full.db");
            member.etcdctl("snapshot", "save", full.toString());
            member.kill();
            run(home, "set-aside", Map.of("DATA_DIR", member.dataDir()));
            run(home, "restore-by-hand", restore(full, member));
            member.restart();
            assertThatThrownBy(() -> member.etcdctl("put", "/otherix/a", "b"))
                    .hasMessageContaining("database space exceeded");

            await("the end of the compaction").until(() -> bytesInUse(member) < 8 << 20);
            assertThat(run(home, "disarm", Map.of("URL", member.clientUrl()))).contains("alarm:NOSPACE");
            assertThat(member.etcdctl("alarm", "list")).isEmpty();
            member.etcdctl("put", "/otherix/a", "b");
        }
    }

    private static void overwriteForEver(EtcdProcess member) {
        while (true) {
            OtherixKeyspace.fill(member.clientUrl(), 4 << 20, 8192);
        }
    }

    private static long bytesInUse(EtcdProcess member) {
        return JsonMapper.shared()
                .readTree(member.etcdctl("endpoint", "status", "-w", "json"))
                .get(0)
                .get("Status")
                .get("dbSizeInUse")
                .asLong();
    }
}
