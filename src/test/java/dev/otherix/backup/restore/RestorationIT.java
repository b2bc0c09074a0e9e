package dev.otherix.backup.restore;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import dev.otherix.backup.history.NamedMoment;
import dev.otherix.backup.history.Rewind;
import dev.otherix.backup.realetcd.EtcdCluster;
import dev.otherix.backup.realetcd.EtcdHome;
import dev.otherix.backup.realetcd.EtcdHomes;
import dev.otherix.backup.realetcd.EtcdLines;
import dev.otherix.backup.realetcd.EtcdProcess;
import dev.otherix.backup.realetcd.NeedsEtcdutl;
import dev.otherix.backup.verify.SnapshotVerifier;
import dev.otherix.backup.verify.Workload;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Clock;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.function.LongConsumer;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

/** A restored member is what etcdutl of the same line makes of the snapshot, and a real etcd goes on with it. */
@NeedsEtcdutl
@Timeout(240)
class RestorationIT {

    private static final String URL = "http://127.0.0.1:9";
    private static final String OTHER_URL = "http://127.0.0.1:13";
    private static final String TOKEN = "a-token-of-its-own";
    private static final long BUMP = 1_000_000_000L;

    @TempDir
    private Path dir;

    @ParameterizedTest
    @EtcdLines({"3.5", "3.6", "3.7"})
    void everyEntryAndTheLogAreThoseOfEtcdutl(EtcdHome home) throws Exception {
        var snapshots = new HashMap<String, Path>();
        try (var etcd = EtcdProcess.start(home);
                var workload = new Workload(etcd.clientUrl())) {
            snapshots.put("empty", save(etcd, "empty"));
            workload.write(120);
            workload.compact(workload.write(1), true);
            workload.lend(15);
            etcd.etcdctl("role", "add", "operator");
            etcd.etcdctl("user", "add", "somebody:a-password");
            workload.write(60);
            snapshots.put("put", save(etcd, "put"));
            // several rows of one revision, the last of them a deletion
            workload.deleteAll();
            snapshots.put("deletion", save(etcd, "deletion"));
        }
        for (var snapshot : snapshots.entrySet()) {
            for (var bump : List.of(0L, BUMP)) {
                var name = snapshot.getKey() + "-" + home.line() + "-" + bump;
                var theirs = dir.resolve(name + "-etcdutl");
                var options = new ArrayList<>(List.of(
                        "--name=one",
                        "--initial-advertise-peer-urls=" + URL,
                        "--initial-cluster=one=" + URL + ",two=" + OTHER_URL,
                        "--initial-cluster-token=" + TOKEN));
                if (bump > 0) {
                    options.addAll(List.of("--bump-revision=" + bump, "--mark-compacted"));
                }
                home.restore(snapshot.getValue(), theirs, options.toArray(String[]::new));
                var ours = dir.resolve(name);
                var made =
                        restore(snapshot.getValue(), ours, members(Map.of("one", URL, "two", OTHER_URL)), "one", bump);

                // a hash over every entry of every bucket
                assertThat(status(home, ours)).as(name).isEqualTo(status(home, theirs));
                // a store without a row is at revision 1, and its last row at none
                assertThat(made.bumped())
                        .isEqualTo(made.revision() + bump - (bump > 0 && made.revision() == 1 ? 1 : 0));
                assertThat(logs(ours)).isEqualTo(logs(theirs));
                if (!home.isSince("3.7")) {
                    // 3.7 leaves out numbers that are 0, and reads both
                    assertThat(Files.mismatch(log(ours), log(theirs))).as(name).isEqualTo(-1);
                }
            }
        }
    }

    private static List<String> status(EtcdHome home, Path data) {
        var status = json(home.snapshotStatus(data.resolve("member/snap/db")));
        return List.of(
                status.get("hash").asString(),
                status.get("revision").asString(),
                status.get("totalKey").asString());
    }

    private static Path log(Path data) {
        return data.resolve("member/wal/0000000000000000-0000000000000000.wal");
    }

    private static List<String> logs(Path data) throws IOException {
        try (var files = Files.list(data.resolve("member/wal"))) {
            return files.map(file -> String.valueOf(file.getFileName())).toList();
        }
    }

    @ParameterizedTest
    @EtcdLines({"3.5", "3.6", "3.7"})
    void aMemberStartsAndOutlivesKillsAndTakesSnapshotsOfItsOwn(EtcdHome home) throws Exception {
        Path snapshot;
        JsonNode keys;
        try (var etcd = EtcdProcess.start(home);
                var workload = new Workload(etcd.clientUrl())) {
            workload.write(150);
            workload.compact(workload.write(1), true);
            workload.write(40);
            keys = keys(etcd);
            snapshot = save(etcd, "before");
        }
        var data = dir.resolve("data");
        var made = restore(snapshot, data, members(Map.of("default", URL)), "default", BUMP);
        try (var etcd = EtcdProcess.builder(home).dataDir(data).start()) {
            var status = etcd.status();
            assertThat(Long.toHexString(status.clusterId()))
                    .isEqualTo(made.cluster().hexId());
            assertThat(Long.toHexString(status.memberId()))
                    .isEqualTo(made.member().hexId());
            assertThat(status.revision()).isEqualTo(made.bumped());
            assertThat(keys(etcd)).isEqualTo(keys);
            etcd.kill();
            etcd.restart();
            assertThat(keys(etcd)).isEqualTo(keys);
            etcd.etcdctl("put", "/otherix/after", "the restore");
            assertThat(etcd.status().revision()).isEqualTo(made.bumped() + 1);
            var next = save(etcd, "after");
            try (var proof = new SnapshotVerifier().verify(next, SnapshotVerifier.Options.PLAIN, _ -> {})) {
                assertThat(proof.findings()).isEmpty();
            }
        }
    }

    @Test
    void anEarlierMomentIsRestoredInOneStep() throws Exception {
        var home = EtcdHomes.first();
        Path snapshot;
        long moment;
        long last;
        JsonNode keys;
        try (var etcd = EtcdProcess.start(home);
                var workload = new Workload(etcd.clientUrl())) {
            workload.write(80);
            moment = workload.write(1);
            keys = keys(etcd);
            last = workload.write(90);
            snapshot = save(etcd, "late");
        }
        var data = dir.resolve("earlier");
        var order = order(snapshot, data, members(Map.of("default", URL)), "default", BUMP);
        var made = new Restoration(new SnapshotVerifier(), Clock.systemUTC())
                .run(order.at(new NamedMoment.Revision(moment), moment), new Silent());
        assertThat(made.revision()).isEqualTo(moment);
        assertThat(made.bumped()).isEqualTo(last + BUMP);
        try (var etcd = EtcdProcess.builder(home).dataDir(data).start()) {
            assertThat(keys(etcd)).isEqualTo(keys);
            assertThat(etcd.status().revision()).isEqualTo(last + BUMP);
        }
    }

    @ParameterizedTest
    @EtcdLines({"3.5", "3.6", "3.7"})
    void threeMembersAtOnceAgreeAndMembersJoinAndLeave(EtcdHome home) throws Exception {
        try (var cluster = EtcdCluster.start(home, 3);
                var workload = new Workload(cluster.leader().clientUrl())) {
            workload.write(100);
            var keys = keys(cluster.leader());
            var snapshot = save(cluster.leader(), "cluster");
            var urls = new HashMap<String, String>();
            cluster.members().forEach(member -> urls.put(member.name(), member.peerUrl()));
            cluster.members().forEach(EtcdProcess::kill);
            Restored made = null;
            for (var member : cluster.members()) {
                made = restore(snapshot, member.dataDir(), members(urls), member.name(), BUMP);
                assertThat(made.notes()).anyMatch(note -> note.startsWith("the old data directory is now "));
            }
            cluster.restart();
            for (var member : cluster.members()) {
                assertThat(Long.toHexString(member.status().clusterId()))
                        .isEqualTo(made.cluster().hexId());
                assertThat(keys(member)).isEqualTo(keys);
            }
            cluster.leader().etcdctl("put", "/otherix/after", "the restore");
            var hashes = hashes(cluster);
            assertThat(hashes).hasSize(1);

            var learner = cluster.addLearner();
            await().atMost(Duration.ofSeconds(60)).ignoreExceptions().untilAsserted(() -> cluster.promote(learner));
            var stays = cluster.leader();
            var leaver = cluster.followers().getFirst();
            stays.etcdctl("member", "remove", Long.toHexString(leaver.status().memberId()));
            assertThat(stays.etcdctl("member", "list").lines()).hasSize(3);
        }
    }

    private static List<Long> hashes(EtcdCluster cluster) {
        return cluster.members().stream()
                .map(member -> json(member.etcdctl("endpoint", "hashkv", "-w", "json"))
                        .get(0)
                        .get("HashKV")
                        .get("hash")
                        .asLong())
                .distinct()
                .toList();
    }

    private Path save(EtcdProcess etcd, String name) {
        var file = dir.resolve(name + ".db");
        etcd.etcdctl("snapshot", "save", file.toString());
        return file;
    }

    /** Every key with all that etcd tells about it. */
    private static JsonNode keys(EtcdProcess etcd) {
        return json(etcd.etcdctl("get", "", "--from-key", "-w", "json")).get("kvs");
    }

    private static JsonNode json(String text) {
        return JsonMapper.shared().readTree(text);
    }

    private static InitialCluster members(Map<String, String> urls) {
        var members = new HashMap<String, List<PeerUrl>>();
        urls.forEach((name, url) -> members.put(name, List.of(PeerUrl.parse(url))));
        return InitialCluster.of(members, TOKEN);
    }

    private static Restored restore(Path snapshot, Path data, InitialCluster cluster, String name, long bump)
            throws IOException {
        return new Restoration(new SnapshotVerifier(), Clock.systemUTC())
                .run(order(snapshot, data, cluster, name, bump), new Silent());
    }

    private static RestoreOrder order(Path snapshot, Path data, InitialCluster cluster, String name, long bump) {
        return new RestoreOrder(
                snapshot,
                false,
                OptionalLong.empty(),
                Optional.empty(),
                data,
                cluster,
                name,
                bump,
                Optional.empty(),
                Optional.empty(),
                Optional.empty(),
                new RestoreOrder.Allowed(true, false, false));
    }

    private static final class Silent implements Rewind.Listener {

        @Override
        public LongConsumer reading() {
            return _ -> {};
        }

        @Override
        public LongConsumer proving(long bytes) {
            return _ -> {};
        }
    }
}
