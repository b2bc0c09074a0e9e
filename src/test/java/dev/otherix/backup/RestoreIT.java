package dev.otherix.backup;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatCode;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.awaitility.Awaitility.await;

import dev.otherix.backup.job.BackupJob;
import dev.otherix.backup.job.RunRequest;
import dev.otherix.backup.realetcd.Command;
import dev.otherix.backup.realetcd.EtcdCluster;
import dev.otherix.backup.realetcd.EtcdHome;
import dev.otherix.backup.realetcd.EtcdHomes;
import dev.otherix.backup.realetcd.EtcdLines;
import dev.otherix.backup.realetcd.EtcdProcess;
import dev.otherix.backup.realetcd.EtcdStatus;
import dev.otherix.backup.realetcd.NeedsEtcdutl;
import dev.otherix.backup.realetcd.OtherixKeyspace;
import dev.otherix.backup.realetcd.ReservedPort;
import dev.otherix.backup.snapshot.SnapshotDirectory;
import dev.otherix.backup.snapshot.SnapshotRequest;
import dev.otherix.backup.task.End;
import java.io.IOException;
import java.io.RandomAccessFile;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.time.Instant;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import java.util.stream.StreamSupport;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.springframework.util.FileSystemUtils;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

/** The restore runbook, followed to the letter on real members that hold a snapshot of this service. */
@NeedsEtcdutl
class RestoreIT {

    private static final long BUMP = 1_000_000_000L;
    private static final Runbook RUNBOOK = Runbook.restore();

    @TempDir
    private static Path shared;

    private static EtcdCluster cluster;
    private static Lost lost;

    @TempDir
    private Path temporary;

    private Path work;
    private ReservedPort client;
    private ReservedPort peer;

    /**
     * What there was.
     *
     * @param snapshot taken by the service
     * @param keys at that moment
     * @param status of the member a little later: more was written that no snapshot holds
     */
    private record Lost(Path snapshot, OtherixKeyspace.Seeded seeded, Map<String, JsonNode> keys, EtcdStatus status) {}

    @BeforeAll
    static void loseACluster() {
        cluster = EtcdCluster.start(EtcdHomes.first(), 3);
        lost = backUp(cluster.leader(), shared.resolve("backups"));
    }

    @AfterAll
    static void stopTheCluster() {
        cluster.close();
    }

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

    private static Lost backUp(EtcdProcess member, Path directory) {
        var seeded = OtherixKeyspace.seed(member.clientUrl(), 50);
        var keys = keys(member);
        Path snapshot;
        try (var service = RunningService.start(member.clientUrl(), directory)) {
            var task = service.bean(BackupJob.class)
                    .request(new RunRequest(new SnapshotRequest(null, "test", null, Instant.now()), true, false));
            var taken = End.of(task).result();
            snapshot = service.bean(SnapshotDirectory.class)
                    .path()
                    .resolve(taken.name().toString());
        }
        member.etcdctl("put", "/otherix/vms/after", "made after the snapshot");
        member.etcdctl(
                "del",
                keys.keySet().stream()
                        .filter(key -> key.startsWith("/otherix/users/"))
                        .findFirst()
                        .orElseThrow());
        return new Lost(snapshot, seeded, keys, member.status());
    }

    /** Every key of a member with all that etcd tells about it: value, revisions, version and lease. */
    private static Map<String, JsonNode> keys(EtcdProcess member) {
        var all = JsonMapper.shared()
                .readTree(member.etcdctl("get", "", "--from-key", "-w", "json"))
                .get("kvs");
        return StreamSupport.stream(all.spliterator(), false)
                .collect(Collectors.toMap(row -> new String(row.get("key").binaryValue()), row -> row));
    }

    private String run(EtcdHome home, String block, Map<String, ?> variables) {
        var result = RUNBOOK.run(block, home, variables);
        assertThat(result.exitCode())
                .as(() -> block + ": " + result.errors() + result.output())
                .isZero();
        return result.output();
    }

    private String run(String block, Map<String, ?> variables) {
        return run(EtcdHomes.first(), block, variables);
    }

    private static String owner() {
        return Command.of("id", "-u").output().strip() + ":"
                + Command.of("id", "-g").output().strip();
    }

    private static Map<String, Object> restoreOne(Path snapshot, EtcdProcess member) {
        return Map.of(
                "SNAPSHOT",
                snapshot,
                "NAME",
                member.name(),
                "PEER_URL",
                member.peerUrl(),
                "CLUSTER_TOKEN",
                "restored-today",
                "DATA_DIR",
                member.dataDir(),
                "OWNER",
                owner());
    }

    /** What a restored member must be, whatever the way. */
    private void assertRestored(Lost before, EtcdProcess member) {
        assertThat(keys(member)).isEqualTo(before.keys());

        var status = member.status();
        assertThat(status.clusterId())
                .as("the cluster's id")
                .isNotEqualTo(before.status().clusterId());
        assertThat(status.revision())
                .as("the revision")
                .isEqualTo(before.seeded().revision() + BUMP);
        assertThatThrownBy(() -> member.etcdctl(
                        "watch",
                        "--prefix",
                        "/otherix/",
                        "--rev=" + before.status().revision()))
                .as("a watcher of the old cluster")
                .hasMessageContaining("required revision has been compacted");
        assertThat(run(member.home(), "check", Map.of("URL", member.clientUrl())))
                .contains("is healthy")
                .contains(member.peerUrl());
    }

    private static void assertTakesWrites(List<EtcdProcess> members) {
        for (var member : members) {
            var key = "/otherix/nodes/after-the-restore-" + member.name();
            member.etcdctl("put", key, "new");
            assertThat(members)
                    .allSatisfy(reader -> assertThat(reader.etcdctl("get", key, "--print-value-only"))
                            .isEqualTo("new\n"));
        }
        assertThat(members)
                .extracting(RestoreIT::hash)
                .as("the hash of the key space")
                .hasSize(members.size())
                .containsOnly(hash(members.getFirst()));
    }

    private static long hash(EtcdProcess member) {
        return JsonMapper.shared()
                .readTree(member.etcdctl("endpoint", "hashkv", "-w", "json"))
                .get(0)
                .get("HashKV")
                .get("hash")
                .asLong();
    }

    private static List<String> members(EtcdProcess asked) {
        return asked.etcdctl("member", "list")
                .lines()
                .map(line -> line.split(", "))
                .map(columns -> columns[1] + " " + columns[2] + " " + columns[3] + " learner=" + columns[5])
                .toList();
    }

    private static List<String> threeVoters() {
        return cluster.members().stream()
                .map(member -> "started " + member.name() + " " + member.peerUrl() + " learner=false")
                .toList();
    }

    private static void stopAll() throws IOException {
        for (var member : cluster.members()) {
            member.terminate();
            for (var left : List.of(".before-restore", ".before-join")) {
                FileSystemUtils.deleteRecursively(Path.of(member.dataDir() + left));
            }
        }
    }

    private void restoreInPlace(Path snapshot, EtcdProcess member) {
        member.kill();
        run(member.home(), "set-aside", Map.of("DATA_DIR", member.dataDir()));
        run(member.home(), "restore-one", restoreOne(snapshot, member));
        member.restart();
    }

    private void rehearse(Path snapshot) {
        assertThat(run(
                        "rehearse",
                        Map.of(
                                "SNAPSHOT",
                                snapshot,
                                "WORK",
                                work,
                                "URL",
                                client.url("http"),
                                "PEER_URL",
                                peer.url("http"))))
                .contains(client.url("http"))
                .contains("true");
    }

    @Test
    void everyBlockOfTheRunbookIsRunHere() {
        assertThat(RUNBOOK.names())
                .containsExactly(
                        "versions",
                        "survivor",
                        "dead-member",
                        "list",
                        "prove",
                        "list-by-hand",
                        "prove-by-hand",
                        "rehearse",
                        "look",
                        "ca-by-hand",
                        "rehearsal-end",
                        "ca-out",
                        "ca-in",
                        "set-aside",
                        "restore-one",
                        "failed",
                        "joiner",
                        "restore-all",
                        "quarantine",
                        "check",
                        "quarantine-end",
                        "disarm",
                        "without-alarm");
    }

    @ParameterizedTest
    @EtcdLines({"3.5", "3.6", "3.7"})
    void oneNodeIsRestoredWithEveryKey(EtcdHome home) {
        try (var member = EtcdProcess.start(home)) {
            var before = backUp(member, temporary.resolve("backups"));

            restoreInPlace(before.snapshot(), member);

            assertRestored(before, member);
            assertThat(members(member)).containsExactly("started default " + member.peerUrl() + " learner=false");
            assertTakesWrites(List.of(member));
        }
    }

    @Test
    void oneNodeIsRestoredAndTheOthersJoinIt() throws IOException {
        stopAll();
        var first = cluster.member(0);

        restoreInPlace(lost.snapshot(), first);
        for (var joiner : cluster.members().subList(1, 3)) {
            var caDir = Files.createDirectory(temporary.resolve(joiner.name() + "-ca"));
            assertThat(run("joiner", Map.of("DATA_DIR", joiner.dataDir(), "CA_DIR", caDir)))
                    .isEqualTo("nothing is left of the old cluster\n");
            assertThat(List.of(joiner.dataDir(), caDir)).noneMatch(Files::exists);
            cluster.join(joiner);
            await().untilAsserted(
                            () -> assertThatCode(() -> cluster.promote(joiner)).doesNotThrowAnyException());
        }

        assertThat(cluster.members()).allSatisfy(member -> assertRestored(lost, member));
        assertThat(members(first)).containsExactlyInAnyOrderElementsOf(threeVoters());
        assertTakesWrites(cluster.members());
    }

    @Test
    void threeMembersAreRestoredAtOnce() throws IOException {
        stopAll();
        var initialCluster = cluster.members().stream()
                .map(member -> member.name() + "=" + member.peerUrl())
                .collect(Collectors.joining(","));

        for (var member : cluster.members()) {
            run("set-aside", Map.of("DATA_DIR", member.dataDir()));
            var variables = new HashMap<>(restoreOne(lost.snapshot(), member));
            variables.put("INITIAL_CLUSTER", initialCluster);
            run("restore-all", variables);
        }
        cluster.restart();

        assertThat(cluster.members()).allSatisfy(member -> assertRestored(lost, member));
        assertThat(cluster.members())
                .allSatisfy(member -> assertThat(members(member)).containsExactlyInAnyOrderElementsOf(threeVoters()));
        assertTakesWrites(cluster.members());
    }

    @Test
    void theListTellsWhatTheChoiceNeedsAndTheProofFindsTheSnapshotGood() {
        var directory = lost.snapshot().getParent();

        assertThat(run("list", Map.of("DIR", directory)))
                .contains("*  " + lost.snapshot().getFileName())
                .contains("cluster " + Long.toHexString(lost.status().clusterId()))
                .contains(" " + lost.seeded().revision() + " ")
                .contains("  linearizable  verified  ")
                .contains(lost.seeded().ca().fingerprint().substring(7, 19));
        assertThat(run("prove", Map.of("SNAPSHOT", lost.snapshot())))
                .startsWith("GOOD  " + lost.snapshot())
                .contains("vms 45");
        assertThat(run("list-by-hand", Map.of("DIR", directory)))
                .contains("== " + lost.snapshot())
                .contains("\"cluster_id\" : \"" + Long.toHexString(lost.status().clusterId()) + "\"")
                .contains("\"consistency\" : \"linearizable\"")
                .contains("\"state\" : \"verified\"")
                .contains("\"revision\":" + lost.seeded().revision());
        assertThat(run("prove-by-hand", Map.of("SNAPSHOT", lost.snapshot()))).contains("GOOD " + lost.snapshot());
        assertThat(run("versions", Map.of()))
                .contains("etcdutl version: " + EtcdHomes.first().version())
                .contains("etcdctl version: " + EtcdHomes.first().version())
                .contains("etcd Version: " + EtcdHomes.first().version());
    }

    @Test
    void aDamagedSnapshotIsToldAndRefusedAndTheNextOneIsRestoredAfterTheCleanUp() throws IOException {
        var damaged = Files.copy(lost.snapshot(), temporary.resolve("damaged.db"));
        try (var file = new RandomAccessFile(damaged.toFile(), "rw")) {
            file.seek(file.length() / 2);
            var flipped = file.read() ^ 1;
            file.seek(file.length() / 2);
            file.write(flipped);
        }
        var dataDir = temporary.resolve("etcd");
        Map<String, Object> good = Map.of(
                "SNAPSHOT",
                lost.snapshot(),
                "NAME",
                "otherix-0",
                "PEER_URL",
                peer.url("http"),
                "CLUSTER_TOKEN",
                "restored-today",
                "DATA_DIR",
                dataDir,
                "OWNER",
                owner());
        var bad = new HashMap<>(good);
        bad.put("SNAPSHOT", damaged);

        var proof = RUNBOOK.run("prove", EtcdHomes.first(), Map.of("SNAPSHOT", damaged));
        assertThat(proof.exitCode()).isEqualTo(1);
        assertThat(proof.output()).startsWith("DAMAGED  " + damaged);
        assertThat(run("prove-by-hand", Map.of("SNAPSHOT", damaged))).contains("DAMAGED " + damaged);
        var refused = RUNBOOK.run("restore-one", EtcdHomes.first(), bad);
        assertThat(refused.exitCode()).isNotZero();
        assertThat(refused.errors()).contains("expected sha256");
        assertThat(dataDir.resolve("member/snap/db")).exists();
        var again = RUNBOOK.run("restore-one", EtcdHomes.first(), good);
        assertThat(again.exitCode()).isNotZero();
        assertThat(again.errors()).contains("not empty");

        run("failed", Map.of("DATA_DIR", dataDir));
        run("restore-one", good);
        assertThat(dataDir.resolve("member/wal")).isNotEmptyDirectory();
    }

    @Test
    void theSnapshotAndTheRehearsalGiveTheSameCa() throws IOException {
        var ca = lost.seeded().ca();
        var caDir = temporary.resolve("ca");
        Map<String, Object> caIn = Map.of("WORK", work, "CA_DIR", caDir, "OWNER", owner());
        Files.createDirectory(caDir);
        Files.writeString(caDir.resolve("cluster-ca.crt"), "of a blank host");

        rehearse(lost.snapshot());
        assertThat(run("look", Map.of("URL", client.url("http"))))
                .containsPattern(" 45 vms\n")
                .doesNotContain("alarm:");
        assertThat(run("ca-by-hand", Map.of("URL", client.url("http"), "WORK", work)))
                .isEqualTo(ca.fingerprint() + "\n");
        run("rehearsal-end", Map.of("WORK", work));
        var fromFile = work.resolve("from-the-file");
        assertThat(run("ca-out", Map.of("SNAPSHOT", lost.snapshot(), "WORK", fromFile)))
                .endsWith(ca.fingerprint() + "\n");
        assertThat(List.of("cluster-ca.crt", "cluster-ca.key"))
                .allSatisfy(file -> assertThat(fromFile.resolve(file)).hasSameBinaryContentAs(work.resolve(file)));
        assertThat(run("ca-in", caIn))
                .contains("the CA of the snapshot is on disk now")
                .contains(ca.fingerprint().substring(7));

        assertThat(caDir.resolve("cluster-ca.crt")).hasContent(ca.certificatePem());
        assertThat(caDir.resolve("cluster-ca.key")).hasContent(ca.keyPem());
        assertThat(PosixFilePermissions.toString(Files.getPosixFilePermissions(caDir.resolve("cluster-ca.key"))))
                .isEqualTo("rw-------");
        assertThat(temporary.resolve("ca.before-restore/cluster-ca.crt")).hasContent("of a blank host");
        assertThat(run("ca-in", caIn)).contains("the CA on disk is that of the snapshot");
    }

    @Test
    void aSurvivorAndTheDataDirectoryOfADeadMemberGiveTheLastWrites() {
        // so that the last writes of one that is killed are in its log only
        try (var old = EtcdCluster.start(EtcdHomes.first(), 3, "--backend-batch-interval=1h")) {
            var survivor = old.leader();
            var dead = old.followers().getFirst();
            dead.etcdctl("put", "/otherix/vms/last", "acknowledged");
            // a member notes that an entry was committed together with the next one
            dead.etcdctl("put", "/otherix/vms/after-the-last", "may be lost");
            old.killAllBut(survivor);

            run("survivor", Map.of("URL", survivor.clientUrl(), "WORK", work));
            run(
                    "dead-member",
                    Map.of(
                            "DATA_DIR",
                            dead.dataDir(),
                            "WORK",
                            work,
                            "URL",
                            client.url("http"),
                            "PEER_URL",
                            peer.url("http")));

            assertThat(Stream.of("from-survivor.db", "from-dead-member.db")).allSatisfy(file -> {
                try (var member = EtcdProcess.start(EtcdHomes.first())) {
                    restoreInPlace(work.resolve(file), member);
                    assertThat(member.etcdctl("get", "/otherix/vms/last", "--print-value-only"))
                            .isEqualTo("acknowledged\n");
                }
            });
        }
    }

    @Test
    void aNoSpaceAlarmComesBackWithTheSnapshotUntilItIsDisarmed() {
        try (var member = EtcdProcess.start(EtcdHomes.first(), "--quota-backend-bytes=" + (16 << 20))) {
            assertThatThrownBy(() -> overwriteForEver(member)).hasMessageContaining("database space exceeded");
            var full = temporary.resolve("full.db");
            member.etcdctl("snapshot", "save", full.toString());

            restoreInPlace(full, member);
            assertThatThrownBy(() -> member.etcdctl("put", "/otherix/a", "b"))
                    .hasMessageContaining("database space exceeded");
            disarm(member.clientUrl());
            member.etcdctl("put", "/otherix/a", "b");

            rehearse(full);
            assertThat(run("look", Map.of("URL", client.url("http")))).contains("alarm:NOSPACE");
            disarm(client.url("http"));
            run("without-alarm", Map.of("URL", client.url("http"), "WORK", work));
            var other = EtcdProcess.start(EtcdHomes.first(), "--quota-backend-bytes=" + (16 << 20));
            try (other) {
                restoreInPlace(work.resolve("without-alarm.db"), other);
                other.etcdctl("put", "/otherix/a", "b");
            }
        }
    }

    private static void overwriteForEver(EtcdProcess member) {
        while (true) {
            OtherixKeyspace.fill(member.clientUrl(), 4 << 20, 8192);
        }
    }

    private void disarm(String url) {
        await("the end of the compaction").until(() -> bytesInUse(url) < 8 << 20);
        assertThat(run("disarm", Map.of("URL", url))).contains("alarm:NOSPACE");
        assertThat(etcdctl(url, "alarm", "list")).isEmpty();
    }

    private static long bytesInUse(String url) {
        return JsonMapper.shared()
                .readTree(etcdctl(url, "endpoint", "status", "-w", "json"))
                .get(0)
                .get("Status")
                .get("dbSizeInUse")
                .asLong();
    }

    private static String etcdctl(String url, String... arguments) {
        var line = Stream.concat(
                Stream.of(EtcdHomes.first().etcdctl().toString(), "--endpoints=" + url), Stream.of(arguments));
        return Command.of(line.toArray(String[]::new)).output();
    }
}
