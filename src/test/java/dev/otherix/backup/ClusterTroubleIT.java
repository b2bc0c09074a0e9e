package dev.otherix.backup;

import static org.assertj.core.api.Assertions.assertThat;

import dev.otherix.backup.job.BackupJob;
import dev.otherix.backup.realetcd.EtcdCluster;
import dev.otherix.backup.realetcd.EtcdHomes;
import dev.otherix.backup.realetcd.EtcdProcess;
import dev.otherix.backup.realetcd.NeedsEtcd;
import dev.otherix.backup.realetcd.OtherixKeyspace;
import io.etcd.jetcd.api.AlarmRequest;
import io.etcd.jetcd.api.MaintenanceGrpc;
import io.grpc.netty.NettyChannelBuilder;
import java.io.IOException;
import java.net.InetSocketAddress;
import java.net.URI;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import org.awaitility.Awaitility;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import tools.jackson.databind.JsonNode;

/**
 * Whole runs beside one member of a real cluster of three while the cluster is in trouble. Each scene leaves it whole.
 */
@NeedsEtcd
@Timeout(120)
class ClusterTroubleIT {

    private static final long FILL = 12 << 20;

    private static final int NOSPACE = 1;
    // by its number: the generated classes are older
    private static final int CORRUPT = 2;

    private static EtcdCluster cluster;
    private static EtcdProcess member;
    private static RunningService service;

    @TempDir
    private static Path parent;

    @BeforeAll
    static void start() {
        cluster = EtcdCluster.start(EtcdHomes.first(), 3);
        OtherixKeyspace.fill(cluster.leader().clientUrl(), FILL, 8192);
        member = cluster.followers().getFirst();
        // a stream of some seconds, so that trouble can come in the middle of it
        service = RunningService.start(member.clientUrl(), parent.resolve("snapshots"), "--stream.rate_limit=4MB");
    }

    @AfterAll
    static void stop() {
        service.close();
        cluster.close();
    }

    @BeforeEach
    void allIsWell() {
        cluster.leader();
        assertThat(health().get("status").asString()).isNotEqualTo("DOWN");
    }

    @Test
    void aMemberThatIsKilledMidStreamAndComesBackHasWhatItMissedInItsNextSnapshot() throws IOException {
        var broken = ask();
        awaitStream();
        member.kill();
        var error = error(broken.join(), 502, "etcd_failed");
        assertThat(error.get("message").asString()).contains("broke off after");
        assertThat(unfinished()).isEmpty();
        cluster.leader().etcdctl("put", "/otherix/missed", "acknowledged-while-the-member-was-away");
        member.restart();

        var record = record(service.post("/v1/snapshots", "{}"), 201);

        assertThat(holds(record, "acknowledged-while-the-member-was-away")).isTrue();
    }

    @Test
    void aStreamOutlivesTheDeathOfTheLeaderAndAnElection() throws IOException {
        if (cluster.leader() == member) {
            member.etcdctl(
                    "move-leader",
                    Long.toHexString(cluster.followers().getFirst().status().memberId()));
        }
        var leader = cluster.leader();
        leader.etcdctl("put", "/otherix/before", "acknowledged-before-the-leader-died");
        var answer = ask();
        awaitStream();
        leader.kill();
        assertThat(answer).as("still streaming").isNotDone();

        var record = record(answer.join(), 201);

        assertThat(cluster.leader()).isNotEqualTo(leader);

        assertThat(record.get("etcd").get("consistency").asString()).isEqualTo("linearizable");
        assertThat(outcome(record, "hash_kv"))
                .as("compared with the member after the election")
                .isEqualTo("passed");
        assertThat(holds(record, "acknowledged-before-the-leader-died")).isTrue();
        leader.restart();
    }

    @Test
    void withoutAQuorumTheLocalSnapshotIsKeptAndNeitherHealthNorAgeCountIt() {
        var lastSuccess = metric("last_success_timestamp_seconds");
        var local = metric("runs_total{outcome=\"local\",trigger=\"request\"}");
        var others = cluster.members().stream()
                .filter(other -> other != member && other.isRunning())
                .toList();
        cluster.killAllBut(member);

        var error = error(service.post("/v1/snapshots", "{}"), 503, "no_quorum");

        var kept = error.get("details").get("name").asString();
        assertThat(parent.resolve("snapshots").resolve(kept)).exists();
        assertThat(record(service.get("/v1/snapshots/" + kept), 200)
                        .get("etcd")
                        .get("consistency_reason")
                        .asString())
                .isEqualTo("no_quorum");
        assertThat(metric("last_success_timestamp_seconds"))
                .as("the age goes on")
                .isEqualTo(lastSuccess);
        assertThat(metric("last_local_timestamp_seconds")).isGreaterThan(lastSuccess);
        assertThat(metric("runs_total{outcome=\"local\",trigger=\"request\"}")).isEqualTo(local + 1);
        assertThat(health().get("status").asString()).isEqualTo("DOWN");
        assertThat(health().get("details").get("reason").asString())
                .contains("only local snapshots succeed", "no quorum");

        others.forEach(EtcdProcess::restartWithoutWaiting);
        cluster.leader();
        record(service.post("/v1/snapshots", "{}"), 201);
        assertThat(metric("last_success_timestamp_seconds")).isGreaterThan(lastSuccess);
        assertThat(health().get("status").asString()).isNotEqualTo("DOWN");
    }

    @Test
    void aLearnersSnapshotIsLocalUntilItHasAVote() {
        var learner = cluster.addLearner();
        try (var beside = RunningService.start(learner.clientUrl(), parent.resolve("learner"))) {
            Awaitility.await()
                    .until(() -> learner.status().revision()
                            == cluster.leader().status().revision());

            var error = error(beside.post("/v1/snapshots", "{}"), 503, "no_quorum");

            var kept = record(
                    beside.get(
                            "/v1/snapshots/" + error.get("details").get("name").asString()),
                    200);
            assertThat(kept.get("etcd").get("role").asString()).isEqualTo("learner");
            assertThat(kept.get("etcd").get("consistency_reason").asString()).isEqualTo("learner");
            assertThat(kept.get("etcd").get("members").isNull())
                    .as("a learner does not tell")
                    .isTrue();
            assertThat(kept.get("verification").get("state").asString()).isEqualTo("verified");
            assertThat(RunningService.json(beside.get("/actuator/health/backup"))
                            .get("details")
                            .get("reason")
                            .asString())
                    .contains("this member is a learner");

            Awaitility.await()
                    .ignoreExceptionsInstanceOf(IllegalStateException.class)
                    .until(() -> {
                        cluster.promote(learner);
                        return true;
                    });
            record(beside.post("/v1/snapshots", "{}"), 201);
        } finally {
            cluster.leader()
                    .etcdctl(
                            "member",
                            "remove",
                            Long.toHexString(learner.status().memberId()));
            learner.kill();
        }
    }

    @Test
    void anAlarmStopsNoSnapshotAndIsTold() {
        try {
            raise(NOSPACE);
            awaitAlarm("NOSPACE", 1);
            assertThat(health().get("status").asString())
                    .as("the backups are none the worse for it")
                    .isNotEqualTo("DOWN");

            raise(CORRUPT);
            var record = record(service.post("/v1/snapshots", "{}"), 201);
            assertThat(record.get("etcd").get("alarms").toString()).isEqualTo("[\"CORRUPT\",\"NOSPACE\"]");
            awaitAlarm("CORRUPT", 1);
            assertThat(health().get("status").asString()).isEqualTo("DOWN");
            assertThat(health().get("details").get("reason").asString()).contains("CORRUPT", "etcdctl alarm list");
        } finally {
            cluster.leader().etcdctl("alarm", "disarm");
            awaitAlarm("CORRUPT", 0);
        }
    }

    private static void awaitAlarm(String alarm, double value) {
        Awaitility.await().until(() -> metric("member_alarm{alarm=\"" + alarm + "\"}") == value);
    }

    @Test
    void aDefragmentationOfTheMemberWaitsForTheStreamAndTheRunEndsWell() throws IOException {
        var answer = ask();
        awaitStream();
        var defragmentation = CompletableFuture.supplyAsync(() -> member.etcdctl("defrag", "--command-timeout=60s"));
        Awaitility.await()
                .until(() -> Files.readString(member.log()).contains("starting defragment")
                        || Files.readString(member.log()).contains("defragmenting"));
        assertThat(answer).as("still streaming").isNotDone();

        var record = record(answer.join(), 201);

        assertThat(record.get("verification").get("state").asString()).isEqualTo("verified");
        assertThat(defragmentation).succeedsWithin(30, TimeUnit.SECONDS);
        member.etcdctl("put", "/otherix/after", "written-after-the-defragmentation");
        assertThat(holds(record(service.post("/v1/snapshots", "{}"), 201), "written-after-the-defragmentation"))
                .isTrue();
    }

    private static void raise(int alarm) {
        var url = URI.create(member.clientUrl());
        var channel = NettyChannelBuilder.forAddress(new InetSocketAddress(url.getHost(), url.getPort()))
                .usePlaintext()
                .build();
        try {
            MaintenanceGrpc.newBlockingStub(channel)
                    .withDeadlineAfter(20, TimeUnit.SECONDS)
                    .alarm(AlarmRequest.newBuilder()
                            .setAction(AlarmRequest.AlarmAction.ACTIVATE)
                            .setAlarmValue(alarm)
                            .setMemberID(member.status().memberId())
                            .build());
        } finally {
            channel.shutdownNow();
        }
    }

    private static CompletableFuture<HttpResponse<String>> ask() {
        var request = HttpRequest.newBuilder(service.url("/v1/snapshots"))
                .POST(HttpRequest.BodyPublishers.noBody())
                .build();
        return service.http()
                .sendAsync(request, HttpResponse.BodyHandlers.ofString())
                .orTimeout(60, TimeUnit.SECONDS);
    }

    private static void awaitStream() {
        Awaitility.await()
                .pollInterval(Duration.ofMillis(20))
                .until(() -> service.bean(BackupJob.class)
                        .running()
                        .filter(task -> task.progress().bytes() > 0)
                        .isPresent());
    }

    private static JsonNode record(HttpResponse<String> answer, int status) {
        assertThat(answer.statusCode()).as(answer.body()).isEqualTo(status);
        return RunningService.json(answer);
    }

    private static JsonNode error(HttpResponse<String> answer, int status, String code) {
        var error = record(answer, status).get("error");
        assertThat(error.get("code").asString()).isEqualTo(code);
        return error;
    }

    private static String outcome(JsonNode record, String check) {
        return record.get("verification")
                .get("checks")
                .valueStream()
                .filter(each -> each.get("name").asString().equals(check))
                .map(each -> each.get("outcome").asString())
                .findFirst()
                .orElseThrow();
    }

    private static JsonNode health() {
        return RunningService.json(service.get("/actuator/health/backup"));
    }

    private static double metric(String series) {
        var name = "otherix_backup_" + series + " ";
        return service.get("/actuator/prometheus")
                .body()
                .lines()
                .filter(line -> line.startsWith(name))
                .mapToDouble(line -> Double.parseDouble(line.substring(name.length())))
                .findFirst()
                .orElseThrow();
    }

    private static boolean holds(JsonNode record, String value) throws IOException {
        var file = parent.resolve("snapshots").resolve(record.get("name").asString());
        return new String(Files.readAllBytes(file), StandardCharsets.ISO_8859_1).contains(value);
    }

    private static List<String> unfinished() throws IOException {
        try (var files = Files.list(parent.resolve("snapshots"))) {
            return files.map(file -> file.getFileName().toString())
                    .filter(name -> name.endsWith(".tmp"))
                    .toList();
        }
    }
}
