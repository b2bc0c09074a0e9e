package dev.otherix.backup.verify;

import static org.assertj.core.api.Assertions.assertThat;

import dev.otherix.backup.realetcd.EtcdHome;
import dev.otherix.backup.realetcd.EtcdLines;
import dev.otherix.backup.realetcd.EtcdProcess;
import dev.otherix.backup.realetcd.NeedsEtcd;
import java.io.IOException;
import java.io.RandomAccessFile;
import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import tools.jackson.databind.json.JsonMapper;

/** What the verifier says of a real member's file is what etcd then does with it. */
@NeedsEtcd
@Timeout(120)
class MemberFileIT {

    private static final JsonMapper JSON = new JsonMapper();
    private static final int PAGE = 4096;

    @TempDir
    private Path dir;

    @ParameterizedTest
    @EtcdLines({"3.6", "3.7"})
    void aTornMetaPageIsNoObstacleAndTheHashIsThatOfTheMemberThatOpensIt(EtcdHome home) throws IOException {
        for (int torn = 0; torn <= 1; torn++) {
            var data = dir.resolve("data-" + home.version() + "-" + torn);
            try (var etcd = EtcdProcess.builder(home).dataDir(data).start();
                    var workload = new Workload(etcd.clientUrl())) {
                workload.write(300);
                etcd.kill();
                var file = data.resolve("member/snap/db");
                tear(file, torn);
                try (var proof = new SnapshotVerifier()
                        .verify(
                                Files.copy(file, dir.resolve(home.version() + "-" + torn)),
                                new SnapshotVerifier.Options(true, 0, true),
                                _ -> {})) {
                    assertThat(proof.findings()).isEmpty();
                    assertThat(proof.oneMeta()).isTrue();
                    assertThat(proof.remarks().getFirst().message()).startsWith("meta page " + torn + " is torn");
                    var facts = proof.facts().orElseThrow();
                    etcd.restart();
                    var live = JSON.readTree(
                                    etcd.etcdctl("endpoint", "hashkv", "--rev=" + facts.revision(), "-w", "json"))
                            .get(0)
                            .get("HashKV");
                    assertThat(live.get("hash").asLong()).isEqualTo(facts.hashKv());
                    assertThat(live.get("compact_revision").asLong()).isEqualTo(facts.compactRevision());
                }
            }
        }
    }

    @ParameterizedTest
    @EtcdLines({"3.6", "3.7"})
    void aSnapshotDuringADowngradeBringsTheDowngradeBackAndTheCommandOfTheRemarkEndsIt(EtcdHome home)
            throws IOException {
        var saved = dir.resolve(home.version() + ".db");
        var target = home.line().equals("3.7") ? "3.6" : "3.5";
        try (var etcd = EtcdProcess.start(home)) {
            etcd.etcdctl("downgrade", "enable", target);
            etcd.etcdctl("snapshot", "save", saved.toString());
        }
        try (var proof = new SnapshotVerifier().verify(saved, SnapshotVerifier.Options.PLAIN, _ -> {})) {
            assertThat(proof.findings()).isEmpty();
            assertThat(proof.remarks()).extracting(Remark::code).containsExactly("downgrade");
            assertThat(proof.remarks().getFirst().message())
                    .contains(
                            "a downgrade to " + target + ", and a restore brings the downgrade back",
                            "\"etcdctl downgrade cancel\"");
        }
        var data = dir.resolve("restored-" + home.version());
        home.restore(saved, data);
        try (var etcd = EtcdProcess.builder(home).dataDir(data).start()) {
            assertThat(etcd.etcdctl("downgrade", "cancel")).contains("cancel success");
        }
    }

    /** Half of the page's own content, as a write leaves it that did not end. */
    private static void tear(Path file, long page) throws IOException {
        try (var bytes = new RandomAccessFile(file.toFile(), "rw")) {
            bytes.seek(page * PAGE + 48);
            bytes.write(new byte[32]);
        }
    }
}
