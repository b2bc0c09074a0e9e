package dev.otherix.backup;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import dev.otherix.backup.offsite.Offsite;
import dev.otherix.backup.offsite.OffsiteStatus;
import dev.otherix.backup.realetcd.AnyEtcd;
import dev.otherix.backup.realetcd.EtcdHomes;
import dev.otherix.backup.realetcd.EtcdProcess;
import dev.otherix.backup.realetcd.NeedsEtcd;
import dev.otherix.backup.realetcd.OtherixKeyspace;
import dev.otherix.backup.realetcd.PrivateFile;
import dev.otherix.backup.realstores.NeedsObjectStore;
import dev.otherix.backup.realstores.VersityGateway;
import dev.otherix.backup.snapshot.SnapshotName;
import dev.otherix.backup.snapshot.Target;
import dev.otherix.backup.task.Task;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** The whole service with a real etcd, a real bucket and a directory: what it takes is copied to both. */
@NeedsEtcd
@AnyEtcd
@NeedsObjectStore
@Timeout(180)
class OffsiteIT {

    private static final String RECIPIENT = "age1ql3z7hjy54pw3hyww5ayyfg7zqgvc7w3j2elw8zmrj2kg5sfn9aqmcac8p";

    @TempDir
    private Path temporary;

    private EtcdProcess etcd;
    private VersityGateway gateway;
    private String bucket;
    private Path target;

    @BeforeEach
    void open() throws IOException {
        etcd = EtcdProcess.start(EtcdHomes.first());
        OtherixKeyspace.fill(etcd.clientUrl(), 1 << 20, 1024);
        gateway = VersityGateway.start();
        bucket = gateway.versionedBucket();
        target = Files.createDirectory(temporary.resolve("target"));
        Files.createFile(target.resolve(".otherix-etcd-backup-target"));
    }

    @AfterEach
    void close() {
        gateway.close();
        etcd.close();
    }

    private String[] settings() throws IOException {
        var credentials = PrivateFile.write(
                temporary.resolve("credentials"),
                "[default]\naws_access_key_id = " + gateway.accessKey() + "\naws_secret_access_key = "
                        + gateway.secretKey() + "\n");
        return new String[] {
            "--directory.reserve=1MB",
            "--offsite.recipients=" + RECIPIENT,
            "--offsite.cluster=prod",
            "--offsite.filesystem.path=" + target,
            "--offsite.s3.bucket=" + bucket,
            "--offsite.s3.endpoint=" + gateway.endpoint(),
            "--offsite.s3.credentials_file=" + credentials
        };
    }

    private static SnapshotName take(RunningService service) {
        var answer = service.post("/v1/snapshots", "{}");
        assertThat(answer.statusCode()).as(answer.body()).isEqualTo(201);
        return SnapshotName.parse(RunningService.json(answer).path("name").stringValue())
                .orElseThrow();
    }

    private static List<String> files(Path directory) throws IOException {
        try (var all = Files.walk(directory)) {
            return all.filter(Files::isRegularFile)
                    .map(file -> directory.relativize(file).toString())
                    .filter(file -> !file.startsWith("."))
                    .sorted()
                    .toList();
        }
    }

    @Test
    void whatIsTakenIsCopiedToBothTargetsAndProven() throws IOException {
        try (var service = RunningService.start(etcd.clientUrl(), temporary.resolve("snapshots"), settings())) {
            var name = take(service);
            var offsite = service.bean(Offsite.class);

            var copied = offsite.requestCopy(name).ended().join();

            assertThat(copied).isInstanceOf(Task.Succeeded.class);
            var record = RunningService.json(service.get("/v1/snapshots/" + name));
            assertThat(record.path("copies").findValuesAsString("target")).containsExactly("s3", "filesystem");
            assertThat(record.path("copies").findValuesAsString("state")).containsOnly("copied");
            assertThat(record.path("copies").get(0).path("version_id").isString())
                    .isTrue();
            assertThat(record.path("copies").get(1).path("version_id").isNull()).isTrue();
            await().untilAsserted(() -> assertThat(offsite.status().targets())
                    .hasSize(2)
                    .allSatisfy(status -> {
                        assertThat(status.lastSuccessAt())
                                .contains(
                                        Instant.parse(record.path("created_at").stringValue()));
                        assertThat(status.pending()).isZero();
                        assertThat(status.stored()).isEqualTo(1);
                        assertThat(status.storedBytes()).isPositive();
                        assertThat(status.error()).isEmpty();
                        assertThat(status.findings()).isEmpty();
                    }));
            assertThat(offsite.status().remarks())
                    .singleElement()
                    .satisfies(remark -> assertThat(remark).contains("one recipient"));
            var member = record.path("etcd").path("member_id").stringValue();
            var folder = "otherix-etcd-backup/prod/" + member + "/";
            assertThat(files(target))
                    .hasSize(3)
                    .contains(folder + name + ".gz.age", folder + name.recordFile())
                    .anyMatch(file -> file.startsWith(folder + "canary-"));
            assertThat(files(gateway.files(bucket))).isEqualTo(files(target));
        }
    }

    @Test
    void aStoreThatStopsAnsweringHoldsUpNoRunNoProbeAndNoStopAndTheNextCopyWorks() throws IOException {
        var settings = Stream.of(settings())
                .filter(setting -> !setting.startsWith("--offsite.filesystem"))
                .toArray(String[]::new);
        long began;
        try (var service = RunningService.start(etcd.clientUrl(), temporary.resolve("snapshots"), settings)) {
            gateway.pause();
            assertThat(take(service)).isLessThan(take(service));
            assertThat(service.get("/readyz").statusCode()).isEqualTo(200);
            var status = service.bean(Offsite.class).status().targets();
            assertThat(status).extracting(OffsiteStatus.OfTarget::target).containsExactly(Target.S3);
            began = System.nanoTime();
        }
        assertThat(Duration.ofNanos(System.nanoTime() - began)).isLessThan(Duration.ofSeconds(12));
        gateway.resume();
        try (var service = RunningService.start(etcd.clientUrl(), temporary.resolve("snapshots"), settings)) {
            var offsite = service.bean(Offsite.class);
            await().atMost(Duration.ofMinutes(1))
                    .until(() -> offsite.status().targets().getFirst().stored() == 2);
            assertThat(files(gateway.files(bucket)))
                    .filteredOn(file -> file.endsWith(".json"))
                    .hasSize(2);
            try (var client = gateway.client()) {
                assertThat(client.listMultipartUploads(request -> request.bucket(bucket))
                                .uploads())
                        .isEmpty();
            }
        }
    }
}
