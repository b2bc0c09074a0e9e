package dev.otherix.backup.api;

import static org.assertj.core.api.Assertions.assertThat;

import com.google.protobuf.ByteString;
import dev.otherix.backup.RunningService;
import dev.otherix.backup.job.BackupJob;
import dev.otherix.backup.realetcd.Alone;
import dev.otherix.backup.realetcd.AnyEtcd;
import dev.otherix.backup.realetcd.EtcdHomes;
import dev.otherix.backup.realetcd.EtcdProcess;
import dev.otherix.backup.realetcd.NeedsEtcd;
import dev.otherix.backup.realetcd.OtherixKeyspace;
import io.etcd.jetcd.api.KVGrpc;
import io.etcd.jetcd.api.PutRequest;
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
import java.util.Arrays;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import java.util.stream.IntStream;
import org.awaitility.Awaitility;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** Many clients at once, some of which take their time and some of which go away. */
@NeedsEtcd
@AnyEtcd
@Timeout(120)
@Alone
class PressureIT {

    private static EtcdProcess etcd;
    private static RunningService service;

    @TempDir
    private static Path dir;

    @BeforeAll
    static void start() {
        etcd = EtcdProcess.start(EtcdHomes.first());
        // more than the buffers of both ends of a download hold, and a stream of some seconds
        OtherixKeyspace.fill(etcd.clientUrl(), 16 << 20, 8192);
        // how long the web server waits for a client that reads nothing; its default is for people
        service = RunningService.start(
                etcd.clientUrl(), dir, "--stream.rate_limit=4MB", "--server.tomcat.connection-timeout=8s");
    }

    @AfterAll
    static void stop() {
        service.close();
        etcd.close();
    }

    /** What a caller wrote before it asked, and what it was told. */
    private record Caller(String key, long revision, CompletableFuture<HttpResponse<String>> answer) {}

    @Test
    void aHundredCallersDuringARunGetOneSnapshotThatHoldsWhatEachHadWritten() throws IOException {
        var url = URI.create(etcd.clientUrl());
        var channel = NettyChannelBuilder.forAddress(new InetSocketAddress(url.getHost(), url.getPort()))
                .usePlaintext()
                .build();
        try {
            var kv = KVGrpc.newBlockingStub(channel).withDeadlineAfter(60, TimeUnit.SECONDS);
            var first = ask();
            awaitStream();

            var callers = IntStream.range(0, 100)
                    .mapToObj(i -> {
                        var key = "/otherix/pressure/%03d".formatted(i);
                        var put = PutRequest.newBuilder()
                                .setKey(ByteString.copyFromUtf8(key))
                                .setValue(ByteString.copyFromUtf8("value-of-" + key));
                        return new Caller(key, kv.put(put.build()).getHeader().getRevision(), ask());
                    })
                    .toList();
            assertThat(first).as("all have asked while it ran").isNotDone();

            var record = RunningService.json(callers.getFirst().answer().join());
            var file = new String(
                    Files.readAllBytes(dir.resolve(record.get("name").asString())), StandardCharsets.ISO_8859_1);
            assertThat(callers).allSatisfy(caller -> {
                var answer = caller.answer().join();
                assertThat(answer.statusCode()).as(answer.body()).isEqualTo(201);
                assertThat(RunningService.json(answer).get("name"))
                        .as("one more run for all")
                        .isEqualTo(record.get("name"));
                assertThat(RunningService.json(answer).get("revision").asLong())
                        .isGreaterThanOrEqualTo(caller.revision());
                assertThat(file).contains("value-of-" + caller.key());
            });
            assertThat(RunningService.json(first.join()).get("name")).isNotEqualTo(record.get("name"));
        } finally {
            channel.shutdownNow();
        }
    }

    @Test
    void slowDownloadsKeepNobodyWaitingAndAClientThatGoesAwayOrNeverReadsFreesItsThread() throws Exception {
        var name = RunningService.json(ask().join()).get("name").asString();
        var clients = IntStream.range(0, 300)
                .mapToObj(_ -> RawHttp.connect(service.url("/")))
                .toList();
        try {
            clients.forEach(client -> client.send("GET /v1/snapshots/" + name
                    + "/content HTTP/1.1\r\nHost: localhost\r\n" + service.authorization() + "\r\n"));
            var heads = clients.stream()
                    .map(RawHttp::head)
                    .map(head -> head.substring(9, 12))
                    .toList();
            assertThat(heads)
                    .as("a few are served, the others are told to come again")
                    .containsOnly("200", "429");
            assertThat(heads.stream().filter("200"::equals)).hasSize(16);

            var began = System.nanoTime();
            assertThat(service.get("/healthz").statusCode()).isEqualTo(200);
            assertThat(Duration.ofNanos(System.nanoTime() - began)).isLessThan(Duration.ofSeconds(2));
            var run = ask();

            var served = IntStream.range(0, clients.size())
                    .filter(i -> heads.get(i).equals("200"))
                    .mapToObj(clients::get)
                    .toList();
            served.subList(0, 8).forEach(RawHttp::reset);
            Awaitility.await()
                    .atMost(Duration.ofSeconds(5))
                    .untilAsserted(() ->
                            assertThat(downloads()).as("of those that stay").isEqualTo(8));
            var answer = run.join();
            assertThat(answer.statusCode()).as(answer.body()).isEqualTo(201);
            Awaitility.await()
                    .untilAsserted(() -> assertThat(downloads())
                            .as("of those that never read")
                            .isZero());
        } finally {
            clients.forEach(RawHttp::close);
        }
        var whole = service.http()
                .send(
                        HttpRequest.newBuilder(service.url("/v1/snapshots/" + name + "/content"))
                                .build(),
                        HttpResponse.BodyHandlers.ofByteArray());
        assertThat(whole.statusCode()).isEqualTo(200);
        assertThat(whole.body()).isEqualTo(Files.readAllBytes(dir.resolve(name)));
    }

    private static long downloads() {
        return Thread.getAllStackTraces().values().stream()
                .filter(stack -> Arrays.stream(stack)
                        .anyMatch(frame -> frame.getClassName().equals(FilePart.class.getName())))
                .count();
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
        var job = service.bean(BackupJob.class);
        Awaitility.await()
                .pollInterval(Duration.ofMillis(20))
                .until(() -> job.running()
                        .filter(task -> task.progress().bytes() > 0)
                        .isPresent());
    }
}
