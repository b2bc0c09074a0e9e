package dev.otherix.backup.cli;

import static org.assertj.core.api.Assertions.assertThat;

import dev.otherix.backup.realetcd.EtcdCluster;
import dev.otherix.backup.realetcd.EtcdHomes;
import dev.otherix.backup.realetcd.EtcdProcess;
import dev.otherix.backup.realetcd.NeedsEtcd;
import dev.otherix.backup.realetcd.OtherixKeyspace;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** Plans from snapshots of real members, while they live and when they are lost. */
@NeedsEtcd
@Timeout(240)
class RestorePlanIT {

    @TempDir
    private Path dir;

    @Test
    void whileAMajorityAnswersThereIsNothingToRestore() {
        try (var cluster = EtcdCluster.start(EtcdHomes.first(), 3)) {
            var seeded = OtherixKeyspace.seed(cluster.member(0).clientUrl(), 10);
            var earlier = save(cluster.member(0), "otherix-20260606T000000Z.db");
            var later = save(cluster.member(1), "otherix-20260606T000100Z.db");
            assertThat(earlier).exists();

            cluster.member(2).kill();
            var living = plan();
            assertThat(living.exitCode()).isOne();
            assertThat(living.out()).isEmpty();
            assertThat(living.err())
                    .contains("do not restore: the cluster of " + later + " lives, 2 of its 3 members answer: ")
                    .contains(cluster.member(0).peerUrl(), cluster.member(1).peerUrl())
                    .contains("One bad member among good ones");

            cluster.member(1).kill();
            var survivor = plan();
            assertThat(survivor.err()).isEmpty();
            assertThat(survivor.exitCode()).isZero();
            assertThat(survivor.out())
                    .contains("Restore " + later)
                    .contains("1 of its 3 members answers: ")
                    .contains("Do not stop or restart it before its own snapshot is taken")
                    .contains("snapshot --local --pin")
                    .contains("--host " + cluster.member(2).name() + "="
                            + cluster.member(2).peerUrl());

            var first = cluster.member(0);
            var steps = plan("--host", "otherix-9=https://192.0.2.9:2380").out();
            assertThat(steps).contains("1. " + first.name() + " (127.0.0.1, here): a survivor: take its snapshot");
            var json = plan("--host", first.name() + "=" + first.peerUrl(), "-o", "json");
            assertThat(json.err()).contains("1 of its 3 members answers: ", "CA: on this machine ", "etcd: ");
            assertThat(json.json().at("/hosts/0/commands/1").asString())
                    .startsWith("otherix-etcd-backup snapshot --local --pin");

            first.kill();
            var lost = plan("-o", "json").json();
            assertThat(lost.at("/snapshot").asString()).isEqualTo(later.toString());
            assertThat(lost.at("/revision").asLong()).isEqualTo(seeded.revision());
            assertThat(lost.at("/ca_fingerprint").asString())
                    .isEqualTo(seeded.ca().fingerprint());
            assertThat(lost.at("/will_happen/nodes/count").asInt()).isOne();
        }
    }

    @Test
    void aClusterThatWasMadeAnewIsNotMixedWithTheOldOne() {
        OtherixKeyspace.Seeded old;
        try (var etcd = EtcdProcess.start(EtcdHomes.first())) {
            old = OtherixKeyspace.seed(etcd.clientUrl(), 10);
            save(etcd, "otherix-20260606T000000Z.db");
        }
        try (var etcd = EtcdProcess.start(EtcdHomes.first())) {
            OtherixKeyspace.seed(etcd.clientUrl(), 1);
            var blank = save(etcd, "otherix-20260606T060000Z.db");
            var living = plan();
            assertThat(living.exitCode()).isOne();
            assertThat(living.err())
                    .contains("do not restore: the cluster of " + blank + " lives, its only member answers: ")
                    .contains("--ca-fingerprint " + old.ca().fingerprint());
            assertThat(plan("--ca-fingerprint", old.ca().fingerprint()).exitCode())
                    .isZero();
        }
        var unclear = plan();
        assertThat(unclear.exitCode()).isOne();
        assertThat(unclear.err())
                .contains("which snapshot? they are of 2 installations")
                .contains("highest revision " + old.revision());
    }

    @Test
    void membersThatNoLongerAgreeAreNotMixed() throws Exception {
        try (var etcd = EtcdProcess.start(EtcdHomes.first())) {
            etcd.etcdctl("put", "/otherix/networks/a", "1");
            etcd.etcdctl("put", "/otherix/networks/b", "1");
            save(etcd, "otherix-20260606T000000Z.db");
        }
        try (var etcd = EtcdProcess.start(EtcdHomes.first())) {
            etcd.etcdctl("put", "/otherix/networks/a", "2");
            etcd.etcdctl("put", "/otherix/networks/b", "1");
            etcd.etcdctl("put", "/otherix/networks/c", "1");
            save(etcd, "otherix-20260606T000100Z.db");
        }
        assertThat(plan().err()).contains("have different histories");
        try (var files = Files.list(dir)) {
            assertThat(files.map(file -> file.getFileName().toString()))
                    .containsExactlyInAnyOrder("otherix-20260606T000000Z.db", "otherix-20260606T000100Z.db");
        }
    }

    private Path save(EtcdProcess etcd, String name) {
        var file = dir.resolve(name);
        etcd.etcdctl("snapshot", "save", file.toString());
        return file;
    }

    private OfflineScene plan(String... more) {
        var args = new ArrayList<>(List.of("restore", "plan", dir.toString()));
        args.addAll(List.of(more));
        return OfflineScene.run(args.toArray(String[]::new));
    }
}
