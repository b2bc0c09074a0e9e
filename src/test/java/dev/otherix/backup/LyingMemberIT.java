package dev.otherix.backup;

import static java.util.concurrent.TimeUnit.SECONDS;
import static org.assertj.core.api.Assertions.assertThat;

import com.google.protobuf.ByteString;
import dev.otherix.backup.etcd.FakeMember;
import dev.otherix.backup.etcd.FakeMember.Telling;
import dev.otherix.backup.etcd.Forwarder;
import dev.otherix.backup.job.SampleFile;
import io.etcd.jetcd.api.ClusterGrpc;
import io.etcd.jetcd.api.KVGrpc;
import io.etcd.jetcd.api.MaintenanceGrpc;
import io.etcd.jetcd.api.SnapshotResponse;
import io.grpc.MethodDescriptor;
import io.grpc.Status;
import java.io.IOException;
import java.net.URI;
import java.net.http.HttpResponse;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Arrays;
import java.util.List;
import java.util.TreeSet;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.LockSupport;
import java.util.function.BooleanSupplier;
import java.util.function.Consumer;
import java.util.stream.Stream;
import org.awaitility.Awaitility;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Named;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/**
 * Whole runs beside a member that lies in every way that a stream can. Each lie is found within its limit, the member
 * is told to stop, nothing is left of it in the directory, whoever asks is told, and the next run works.
 */
@Timeout(60)
class LyingMemberIT {

    private static final byte[] FILE = SampleFile.large();
    private static final long REVISION = 10_692;
    private static final int CHUNK = 32 << 10;
    private static final int DATA = FILE.length - 32;
    private static final Duration STALL = Duration.ofSeconds(1);
    private static final Duration WHOLE = Duration.ofSeconds(3);

    private static FakeMember member;
    private static Forwarder connection;
    private static RunningService service;

    @TempDir
    private static Path parent;

    @BeforeAll
    static void start() throws IOException {
        member = new FakeMember();
        member.serve(FILE);
        connection = new Forwarder("127.0.0.1", URI.create(member.clientUrl()).getPort());
        service = RunningService.start(
                "http://127.0.0.1:" + connection.port(),
                dir(),
                "--stream.stall_timeout=1s",
                "--stream.timeout=3s",
                "--retention.on_demand=2");
    }

    @AfterAll
    static void stop() throws IOException {
        service.close();
        connection.close();
        member.close();
    }

    @AfterEach
    void tellTheTruth() {
        member.tellTheTruth();
        member.revision(1);
    }

    /**
     * A way to lie.
     *
     * @param found what the caller is told
     * @param within how long that may take
     * @param goesOn whether the member would go on with the call if nobody told it to stop
     */
    private record Lie(String name, Telling telling, String found, Duration within, boolean goesOn) {

        static Lie ending(String name, Telling telling, String found) {
            return new Lie(name, telling, found, Duration.ZERO, false);
        }

        static Lie goingOn(String name, Telling telling, String found) {
            return new Lie(name, telling, found, Duration.ZERO, true);
        }

        Lie within(Duration limit) {
            return new Lie(name, telling, found, limit, goesOn);
        }

        @Override
        public String toString() {
            return name;
        }
    }

    static Stream<Lie> lies() {
        return Stream.of(
                Lie.goingOn(
                                "stalls before its first byte",
                                (client, truth) -> {},
                                "sent nothing for 1s, at 0 of 0 bytes")
                        .within(STALL),
                Lie.goingOn(
                                "stalls after 98304 bytes",
                                (client, truth) -> truth.subList(0, 3).forEach(client::onNext),
                                "sent nothing for 1s, at 98304 of " + DATA)
                        .within(STALL),
                Lie.goingOn(
                                "stalls before its footer",
                                (client, truth) ->
                                        truth.subList(0, truth.size() - 1).forEach(client::onNext),
                                "sent nothing for 1s, at " + DATA + " of " + DATA)
                        .within(STALL),
                Lie.goingOn(
                                "never ends after its footer",
                                (client, truth) -> truth.forEach(client::onNext),
                                "sent nothing for 1s, at " + DATA + " of " + DATA)
                        .within(STALL),
                Lie.goingOn(
                                "trickles a byte at a time",
                                (client, truth) -> trickle(client::onNext, client::isCancelled),
                                "was not complete after 3s")
                        .within(WHOLE),
                Lie.goingOn(
                        "sends empty blobs for ever",
                        (client, truth) -> {
                            client.onNext(truth.getFirst());
                            while (!client.isCancelled()) {
                                client.onNext(message(DATA - CHUNK, new byte[0]));
                                LockSupport.parkNanos(TimeUnit.MILLISECONDS.toNanos(1));
                            }
                        },
                        "sent an empty chunk after 32768 of " + DATA),
                Lie.goingOn(
                        "begins with an empty blob",
                        (client, truth) -> client.onNext(message(DATA, new byte[0])),
                        "sent an empty chunk after 0 of " + DATA),
                Lie.ending(
                        "truncates with a clean end",
                        (client, truth) -> {
                            truth.subList(0, 5).forEach(client::onNext);
                            client.onCompleted();
                        },
                        "ended after 163840 of " + DATA + " bytes"),
                Lie.ending("ends without a byte", (client, truth) -> client.onCompleted(), "ended without a byte"),
                Lie.goingOn(
                        "flips a bit of the data",
                        (client, truth) -> {
                            for (int i = 0; i < truth.size(); i++) {
                                client.onNext(i == 7 ? flipped(truth.get(i)) : truth.get(i));
                            }
                        },
                        "does not match its footer"),
                Lie.goingOn(
                        "flips a bit of the footer",
                        (client, truth) -> {
                            truth.subList(0, truth.size() - 1).forEach(client::onNext);
                            client.onNext(flipped(truth.getLast()));
                        },
                        "does not match its footer"),
                Lie.goingOn(
                        "sends more than announced before the footer",
                        (client, truth) -> {
                            truth.subList(0, truth.size() - 1).forEach(client::onNext);
                            client.onNext(message(0, new byte[CHUNK]));
                        },
                        "sent 32768 bytes with 0 to come, but the footer"),
                Lie.goingOn(
                        "sends a last blob that is too long",
                        (client, truth) -> {
                            truth.subList(0, truth.size() - 2).forEach(client::onNext);
                            client.onNext(message(0, new byte[CHUNK]));
                        },
                        "sent 32768 bytes where " + (DATA % CHUNK) + " of " + DATA + " were left"),
                Lie.goingOn(
                        "says that more remains than does",
                        (client, truth) -> {
                            client.onNext(truth.getFirst());
                            client.onNext(message(DATA, new byte[CHUNK]));
                        },
                        "says that " + DATA + " bytes remain where " + (DATA - 2 * CHUNK)),
                Lie.goingOn(
                        "says that less remains than does",
                        (client, truth) -> {
                            client.onNext(truth.getFirst());
                            client.onNext(message(0, new byte[CHUNK]));
                        },
                        "says that 0 bytes remain where " + (DATA - 2 * CHUNK)),
                Lie.goingOn(
                        "announces more than can be",
                        (client, truth) -> client.onNext(message(1L << 60, new byte[CHUNK])),
                        "announced 1152921504606846976 bytes after its first 32768, but its status reports a database of "
                                + DATA),
                Lie.goingOn(
                        "announces more than Java's numbers",
                        (client, truth) -> client.onNext(message(-1, new byte[CHUNK])),
                        "announced 18446744073709551615 bytes"),
                Lie.ending(
                        "omits the footer",
                        (client, truth) -> {
                            truth.subList(0, truth.size() - 1).forEach(client::onNext);
                            client.onCompleted();
                        },
                        "ended without its footer"),
                Lie.goingOn(
                        "repeats the footer",
                        (client, truth) -> {
                            truth.forEach(client::onNext);
                            client.onNext(truth.getLast());
                        },
                        "sent 32 more bytes after its footer"),
                Lie.goingOn(
                        "sends a huge blob",
                        (client, truth) -> client.onNext(message(0, new byte[64 << 20])),
                        "exceeds maximum size"),
                Lie.ending(
                        "resets the connection",
                        (client, truth) -> {
                            truth.subList(0, 3).forEach(client::onNext);
                            awaitStream();
                            connection.reset();
                        },
                        "broke off after "),
                Lie.ending(
                        "breaks off with an error",
                        (client, truth) -> {
                            truth.subList(0, 3).forEach(client::onNext);
                            client.onError(Status.DATA_LOSS
                                    .withDescription("page 7 is gone")
                                    .asRuntimeException());
                        },
                        "page 7 is gone"));
    }

    @ParameterizedTest
    @MethodSource("lies")
    void aLieIsFoundInTimeAndTheNextRunWorks(Lie lie) throws Exception {
        var before = files();
        var failures = failures();
        var stopped = member.tell(lie.telling());
        var began = System.nanoTime();

        var answer = service.post("/v1/snapshots", "{}");

        var took = Duration.ofNanos(System.nanoTime() - began);
        assertFailed(answer, lie.found());
        assertThat(took).isBetween(lie.within(), lie.within().plusSeconds(15));
        if (lie.goesOn()) {
            assertThat(stopped).as("the member sees the cancel").succeedsWithin(5, SECONDS);
        }
        assertThat(files()).as("nothing new, and no temporary file").isEqualTo(before);
        assertThat(failures()).isEqualTo(failures + 1);

        member.tellTheTruth();
        assertNextRunWorks();
    }

    static Stream<Named<MethodDescriptor<?, ?>>> stepsOfARun() {
        return Stream.<MethodDescriptor<?, ?>>of(
                        MaintenanceGrpc.getStatusMethod(),
                        KVGrpc.getRangeMethod(),
                        ClusterGrpc.getMemberListMethod(),
                        MaintenanceGrpc.getSnapshotMethod())
                .map(step -> Named.of(step.getFullMethodName(), step));
    }

    @ParameterizedTest
    @MethodSource("stepsOfARun")
    void eachErrorCodeInEachStepFailsTheRunAndTheNextOneWorks(MethodDescriptor<?, ?> step) throws Exception {
        var before = files();
        for (var code : errorCodes()) {
            // a read that takes too long is no failure: what the member has is kept, and the caller told that it may
            // lack something
            if (step != KVGrpc.getRangeMethod() || code != Status.Code.DEADLINE_EXCEEDED) {
                member.refuse(step, code.toStatus().withDescription("lie of " + code));
                assertFailed(
                        service.post("/v1/snapshots", "{}"),
                        code == Status.Code.DEADLINE_EXCEEDED ? "no answer in time" : "lie of " + code);
            }
        }
        assertThat(files()).as("nothing new, and no temporary file").isEqualTo(before);
        member.tellTheTruth();
        assertNextRunWorks();
    }

    @Test
    void aSnapshotThatEndsBeforeWhatTheMemberHadConfirmedIsNoGoodOne() throws IOException {
        member.revision(REVISION + 1);
        var answer = service.post("/v1/snapshots", "{}");
        assertThat(answer.statusCode()).as(answer.body()).isEqualTo(500);
        assertThat(answer.body())
                .contains(
                        "\"verification_failed\"",
                        "it ends at revision " + REVISION,
                        "confirmed revision " + (REVISION + 1));
        assertThat(files().stream().filter(name -> name.endsWith(".db.rejected")))
                .hasSize(1);

        member.revision(REVISION);
        assertNextRunWorks();
    }

    private static List<Status.Code> errorCodes() {
        return Arrays.stream(Status.Code.values())
                .filter(code -> code != Status.Code.OK)
                .toList();
    }

    private static void assertFailed(HttpResponse<String> answer, String found) {
        assertThat(answer.statusCode()).as(answer.body()).isEqualTo(502);
        var error = RunningService.json(answer).get("error");
        assertThat(error.get("code").asString()).isEqualTo("etcd_failed");
        assertThat(error.get("message").asString()).contains(found);
        var attempt = RunningService.json(service.get("/v1/status")).get("last_attempt");
        assertThat(attempt.get("outcome").asString()).isEqualTo("failure");
        assertThat(attempt.get("error")).isEqualTo(error);
        var health = RunningService.json(service.get("/actuator/health/backup"));
        assertThat(health.get("status").asString()).isEqualTo("DOWN");
        assertThat(health.get("details").get("reason").asString()).contains(found);
    }

    private static void assertNextRunWorks() throws IOException {
        var answer = service.post("/v1/snapshots", "{}");
        assertThat(answer.statusCode()).as(answer.body()).isEqualTo(201);
        assertThat(dir().resolve(RunningService.json(answer).get("name").asString()))
                .hasBinaryContent(FILE);
        assertThat(RunningService.json(service.get("/v1/status"))
                        .get("last_attempt")
                        .get("outcome")
                        .asString())
                .isEqualTo("success");
        assertThat(RunningService.json(service.get("/actuator/health/backup"))
                        .get("status")
                        .asString())
                .isNotEqualTo("DOWN");
    }

    private static double failures() {
        var series = "otherix_backup_runs_total{outcome=\"failure\",trigger=\"request\"} ";
        return service.get("/actuator/prometheus")
                .body()
                .lines()
                .filter(line -> line.startsWith(series))
                .mapToDouble(line -> Double.parseDouble(line.substring(series.length())))
                .sum();
    }

    private static Path dir() {
        return parent.resolve("snapshots");
    }

    private static TreeSet<String> files() throws IOException {
        try (var files = Files.list(dir())) {
            return new TreeSet<>(files.map(file -> file.getFileName().toString())
                    // each run notes there how it ended
                    .filter(name -> !name.startsWith(".otherix-etcd-backup.state"))
                    .toList());
        }
    }

    private static void trickle(Consumer<SnapshotResponse> client, BooleanSupplier cancelled) {
        for (int sent = 1; !cancelled.getAsBoolean(); sent++) {
            client.accept(message(DATA - sent, Arrays.copyOfRange(FILE, sent - 1, sent)));
            LockSupport.parkNanos(STALL.toNanos() / 10);
        }
    }

    private static void awaitStream() {
        Awaitility.await()
                .until(() -> RunningService.json(service.get("/v1/tasks?limit=1"))
                                .get("data")
                                .get(0)
                                .get("progress")
                                .get("bytes")
                                .asLong()
                        > 0);
    }

    private static SnapshotResponse message(long remaining, byte[] blob) {
        return SnapshotResponse.newBuilder()
                .setRemainingBytes(remaining)
                .setBlob(ByteString.copyFrom(blob))
                .build();
    }

    private static SnapshotResponse flipped(SnapshotResponse message) {
        var blob = message.getBlob().toByteArray();
        blob[blob.length / 2] ^= 1;
        return message.toBuilder().setBlob(ByteString.copyFrom(blob)).build();
    }
}
