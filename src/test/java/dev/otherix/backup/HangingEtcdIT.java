package dev.otherix.backup;

import static dev.otherix.backup.PackagedService.json;
import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import dev.otherix.backup.realetcd.EtcdHomes;
import dev.otherix.backup.realetcd.EtcdProcess;
import dev.otherix.backup.realetcd.FuseDisk;
import dev.otherix.backup.realetcd.NeedsEtcd;
import dev.otherix.backup.realetcd.NeedsProgram;
import dev.otherix.backup.realetcd.NeedsRoot;
import java.net.DatagramSocket;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.time.Duration;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.api.parallel.Execution;
import org.junit.jupiter.api.parallel.ExecutionMode;

/** What a connection to the member needs beside the member does not answer. The run fails, and a stop ends. */
@NeedsRoot
@Timeout(300)
@Execution(ExecutionMode.CONCURRENT)
class HangingEtcdIT {

    /** Twenty seconds are promised; the rest is for a machine that is busy with other tests. */
    private static final long LONGEST_ANSWER = 60;

    @TempDir
    private Path temporary;

    @Test
    @NeedsProgram({"unshare", "mount"})
    void aNameServerThatDoesNotAnswerFailsTheRun() throws Exception {
        // a system that asks for minutes, and a server that takes each question and answers none
        try (var server = new DatagramSocket(new InetSocketAddress(InetAddress.ofLiteral("127.83.0.1"), 53))) {
            var resolver = Files.writeString(
                    temporary.resolve("resolv.conf"),
                    "nameserver " + server.getLocalAddress().getHostAddress() + "\noptions timeout:30 attempts:5\n");
            try (var service = PackagedService.whenReady(JarProcess.startWithNameServer(
                    resolver,
                    PackagedService.arguments("https://etcd.example.test:2379", temporary.resolve("snapshots"))))) {
                failsAndStops(
                        service,
                        "cannot reach etcd at https://etcd.example.test:2379 while connecting: no answer in time",
                        "the name server answers for the host in etcd.client_url");
            }
        }
    }

    @Test
    @NeedsEtcd
    @NeedsProgram({"bindfs", "umount"})
    void aMountWithThePasswordThatDoesNotAnswerFailsTheRunUntilItDoes() throws Exception {
        try (var etcd = EtcdProcess.start(EtcdHomes.first());
                var disk = FuseDisk.mount()) {
            var password = disk.directory().resolve("password");
            Files.createFile(
                    password, PosixFilePermissions.asFileAttribute(PosixFilePermissions.fromString("rw-------")));
            try (var service = PackagedService.start(
                    etcd.clientUrl(),
                    temporary.resolve("snapshots"),
                    "--workers.backup.enabled=false",
                    "--etcd.username=root",
                    "--etcd.password_file=" + password)) {
                assertThat(service.post("/v1/snapshots").join().statusCode()).isEqualTo(201);
                disk.stop();
                fails(service, "the file that etcd.password_file names has not answered for 8 s");
                disk.resume();
                await("the mount answers")
                        .untilAsserted(() -> assertThat(
                                        service.post("/v1/snapshots").join().statusCode())
                                .isEqualTo(201));
                disk.stop();
                failsAndStops(service, "the file that etcd.password_file names has not answered for 8 s");
            } finally {
                disk.resume();
            }
        }
    }

    private static void fails(PackagedService service, String... reason) throws Exception {
        var answer = service.post("/v1/snapshots").get(LONGEST_ANSWER, TimeUnit.SECONDS);
        assertThat(answer.statusCode()).as(answer.body()).isEqualTo(502);
        assertThat(json(answer).at("/error/code").asString()).isEqualTo("etcd_failed");
        assertThat(json(answer).at("/error/message").asString()).contains(reason);
        var backup = json(service.get("/actuator/health/backup"));
        assertThat(backup.get("status").asString()).isEqualTo("DOWN");
        assertThat(backup.at("/details/reason").asString()).contains(reason);
        assertThat(service.get("/healthz").statusCode()).isEqualTo(200);
    }

    private static void failsAndStops(PackagedService service, String... reason) throws Exception {
        fails(service, reason);
        var waiting = service.post("/v1/snapshots");
        await().until(() -> service.get("/v1/tasks").body().contains("\"running\""));

        service.process().terminate();

        assertThat(service.process().exitCode(Duration.ofMinutes(1))).isEqualTo(143);
        assertThat(waiting.get(10, TimeUnit.SECONDS).statusCode()).isEqualTo(503);
    }
}
