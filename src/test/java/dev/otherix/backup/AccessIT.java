package dev.otherix.backup;

import static org.assertj.core.api.Assertions.assertThat;

import dev.otherix.backup.etcd.MemberWatch;
import dev.otherix.backup.realetcd.EtcdHomes;
import dev.otherix.backup.realetcd.EtcdProcess;
import dev.otherix.backup.realetcd.NeedsEtcd;
import dev.otherix.backup.realetcd.OtherixKeyspace;
import dev.otherix.backup.realetcd.PrivateFile;
import dev.otherix.backup.realetcd.TestCertificates;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.time.Duration;
import org.awaitility.Awaitility;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import tools.jackson.databind.JsonNode;

/** Whole runs beside a member that asks who comes, while what it asks for changes. */
@NeedsEtcd
@Timeout(120)
class AccessIT {

    private static final String SECRET = "correct horse";
    private static final Duration TOKEN_LIFE = Duration.ofSeconds(3);

    @TempDir
    private Path temporary;

    private Path dir() {
        return temporary.resolve("snapshots");
    }

    @Test
    void tokensThatExpireInARunAndBetweenTwoFailNone() throws IOException {
        var password = PrivateFile.write(temporary.resolve("password"), SECRET + "\n");
        try (var etcd = EtcdProcess.start(EtcdHomes.first(), "--auth-token-ttl=" + TOKEN_LIFE.toSeconds())) {
            OtherixKeyspace.fill(etcd.clientUrl(), 4 << 20, 8192);
            etcd.enableAuth(SECRET);
            // the stream takes longer than a token lives
            try (var service = RunningService.start(
                    etcd.clientUrl(),
                    dir(),
                    "--etcd.username=root",
                    "--etcd.password_file=" + password,
                    "--stream.rate_limit=1MB")) {
                var record = taken(service);
                assertThat(record.get("verification").toString())
                        .as("asked after the token had expired")
                        .contains("\"hash_kv\",\"outcome\":\"passed\"");
                var watch = service.bean(MemberWatch.class);
                assertThat(watch.last())
                        .as("its connection is older than any token")
                        .map(MemberWatch.Sight::reachable)
                        .contains(true);

                var idle = System.nanoTime();
                Awaitility.await()
                        .pollDelay(TOKEN_LIFE.multipliedBy(2))
                        .until(() -> System.nanoTime() - idle > TOKEN_LIFE.toNanos());
                taken(service);
                assertThat(watch.last()).map(MemberWatch.Sight::reachable).contains(true);
            }
        }
    }

    @Test
    void certificatesRotatedOnDiskAreUsedByTheNextRun() throws IOException {
        var first = TestCertificates.in(temporary.resolve("in-use"));
        var second = TestCertificates.in(temporary.resolve("next"));
        // each certificate takes a second to make, so etcdctl's is the service's too
        var own = first.client("etcdctl");
        try (var etcd = EtcdProcess.builder(EtcdHomes.first()).mutualTls(first).start()) {
            // the files that the service reads are not those that etcd reads
            var ca = Files.copy(first.ca(), temporary.resolve("ca.crt"));
            var cert = Files.copy(own.certificate(), temporary.resolve("backup.crt"));
            var key = Files.copy(own.key(), temporary.resolve("backup.key"));
            try (var service = RunningService.start(
                    etcd.clientUrl(),
                    dir(),
                    "--etcd.ca_file=" + ca,
                    "--etcd.cert_file=" + cert,
                    "--etcd.key_file=" + key)) {
                taken(service);

                var next = second.client("etcdctl");
                second.server();
                replaceAll(temporary.resolve("next"), temporary.resolve("in-use"));
                etcd.restart();
                var refused = service.post("/v1/snapshots", "{}");
                assertThat(refused.statusCode())
                        .as("the old CA trusts nobody any more: %s", refused.body())
                        .isEqualTo(502);
                assertThat(refused.body()).contains("tls with etcd", "check etcd.ca_file");
                assertThat(health(service).get("status").asString()).isEqualTo("DOWN");

                replace(second.ca(), ca);
                replace(next.certificate(), cert);
                replace(next.key(), key);
                taken(service);
                assertThat(health(service).get("status").asString()).isNotEqualTo("DOWN");
            }
        }
    }

    private static void replaceAll(Path from, Path to) throws IOException {
        try (var files = Files.list(from)) {
            for (var file : files.toList()) {
                replace(file, to.resolve(file.getFileName()));
            }
        }
    }

    private static void replace(Path from, Path to) throws IOException {
        Files.copy(from, to, StandardCopyOption.REPLACE_EXISTING);
    }

    private static JsonNode taken(RunningService service) {
        var answer = service.post("/v1/snapshots", "{}");
        assertThat(answer.statusCode()).as(answer.body()).isEqualTo(201);
        return RunningService.json(answer);
    }

    private static JsonNode health(RunningService service) {
        return RunningService.json(service.get("/actuator/health/backup"));
    }
}
