package dev.otherix.backup.offsite;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import dev.otherix.backup.JarProcess;
import dev.otherix.backup.PackagedService;
import dev.otherix.backup.realetcd.PrivateFile;
import dev.otherix.backup.realstores.NeedsObjectStore;
import dev.otherix.backup.realstores.VersityGateway;
import dev.otherix.backup.snapshot.Copy;
import dev.otherix.backup.snapshot.Snapshot;
import dev.otherix.backup.snapshot.SnapshotDirectory;
import dev.otherix.backup.snapshot.SnapshotName;
import dev.otherix.backup.snapshot.Target;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.Comparator;
import java.util.EnumMap;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.concurrent.locks.LockSupport;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import software.amazon.awssdk.services.s3.S3Client;
import software.amazon.awssdk.services.s3.model.MultipartUpload;

/**
 * The packaged service dies by SIGKILL at random moments of a copy to a real bucket. The number of kills is
 * {@code -Dcrash.uploads}, the random seed {@code -Dcrash.seed}; the profile {@code crash} kills 50 times.
 */
@NeedsObjectStore
class UploadKilledIT {

    private static final int FEW = 4;
    private static final int KILLS = Integer.getInteger("crash.uploads", FEW);
    private static final long SEED = Long.getLong("crash.seed", KILLS > FEW ? System.nanoTime() : 20260610L);
    private static final int BYTES = 12 << 20;
    private static final Duration SENDING = Duration.ofMillis(800);
    private static final Duration LONGEST_COPY = Duration.ofSeconds(3);

    private static final Duration SOON = Duration.ofMinutes(1);
    private static final Folder FOLDER = new Folder("otherix-etcd-backup", "ca-0123456789abcdef", Scene.MEMBER);

    private final Random random = new Random(SEED);
    private final Map<Found, Integer> tally = new EnumMap<>(Found.class);

    @TempDir
    private Path temporary;

    private VersityGateway gateway;
    private S3Client client;
    private String bucket;
    private Path dir;

    /** What a kill cut short, as the store and the directory show it. */
    private enum Found {
        NOTHING_BEGUN,
        OPEN_UPLOAD,
        OBJECT_WITHOUT_RECORD,
        RECORD_NOT_NOTED_HERE,
        COPIED
    }

    @BeforeEach
    void open() {
        gateway = VersityGateway.start();
        client = gateway.client();
        bucket = gateway.bucket();
        dir = temporary.resolve("snapshots");
    }

    @AfterEach
    void close() {
        client.close();
        gateway.close();
    }

    @Test
    void nothingIsHalfVisibleWhereverTheServiceDiesAndTheNextOneMakesTheCopy() throws IOException {
        for (int kill = 0; kill < KILLS; kill++) {
            taken(Instant.now().truncatedTo(ChronoUnit.SECONDS).minusSeconds(10_000L - kill));
            try (var process = launch()) {
                awaitStart(process);
                awaitMoment(kill);
                process.kill();
            }
            try {
                tally.merge(found(), 1, Integer::sum);
                holds();
            } catch (AssertionError broken) {
                throw new AssertionError("kill " + kill + " with -Dcrash.seed=" + SEED, broken);
            }
        }
        System.out.printf("%d kills (-Dcrash.seed=%d) left: %s%n", KILLS, SEED, tally);
        try (var process = launch()) {
            awaitStart(process);
            await().atMost(Duration.ofMinutes(3))
                    .untilAsserted(() -> assertThat(records()).hasSize(KILLS));
            // one that died before its id could be written down has no part
            await().untilAsserted(() -> assertThat(openUploads())
                    .allSatisfy(upload -> assertThat(client.listParts(request -> request.bucket(bucket)
                                            .key(upload.key())
                                            .uploadId(upload.uploadId()))
                                    .parts())
                            .isEmpty()));
            process.terminate();
            process.exitCode(Duration.ofSeconds(20));
        }
        holds();
        assertThat(snapshots())
                .hasSize(KILLS)
                .allSatisfy(snapshot -> assertThat(snapshot.copy(Target.S3))
                        .hasValueSatisfying(copy -> assertThat(copy.state()).isEqualTo(Copy.State.COPIED)));
    }

    private void taken(Instant at) {
        try (var scene = new Scene(dir)) {
            scene.taken(at, BYTES, Scene.CA);
        }
    }

    private List<Snapshot> snapshots() {
        try (var directory = SnapshotDirectory.open(dir, 0L)) {
            return directory.list();
        }
    }

    private JarProcess launch() throws IOException {
        var credentials = temporary.resolve("credentials");
        if (Files.notExists(credentials)) {
            PrivateFile.write(
                    credentials,
                    "[default]\naws_access_key_id = " + gateway.accessKey() + "\naws_secret_access_key = "
                            + gateway.secretKey() + "\n");
        }
        return PackagedService.launch(
                "http://127.0.0.1:1",
                dir,
                "--workers.backup.enabled=false",
                "--workers.backup.retention=0",
                "--verification.again_every=0",
                "--offsite.recipients=" + Scene.RECIPIENT,
                "--offsite.rate_limit=15MB",
                "--offsite.s3.bucket=" + bucket,
                "--offsite.s3.endpoint=" + gateway.endpoint(),
                "--offsite.s3.credentials_file=" + credentials);
    }

    /** A moment of the upload, of the proof, or any. */
    private void awaitMoment(int kill) {
        var newest = newestName();
        switch (kill % 3) {
            case 0 -> await().atMost(SOON).until(() -> uploads() > 0 || isStored(newest));
            case 1 -> await().atMost(SOON).until(() -> isStored(newest));
            default -> LockSupport.parkNanos((long) (random.nextDouble() * LONGEST_COPY.toNanos()));
        }
        LockSupport.parkNanos((long) (random.nextDouble() * SENDING.toNanos()));
    }

    private boolean isStored(SnapshotName name) {
        return Files.exists(stored(FOLDER.object(name, true)));
    }

    /** The process holds the lock of the directory. */
    private SnapshotName newestName() {
        return PackagedService.files(dir).stream()
                .flatMap(file -> SnapshotName.parse(file).stream())
                .max(Comparator.naturalOrder())
                .orElseThrow();
    }

    private static void awaitStart(JarProcess process) {
        await().atMost(Duration.ofSeconds(90)).until(() -> {
            assertThat(process.isAlive()).as(process::output).isTrue();
            return process.output().contains("Started OtherixEtcdBackup in");
        });
    }

    private Found found() throws IOException {
        var newest = snapshots().getFirst();
        if (newest.copy(Target.S3).isPresent()) {
            return Found.COPIED;
        }
        if (Files.exists(stored(FOLDER.record(newest.name())))) {
            return Found.RECORD_NOT_NOTED_HERE;
        }
        if (isStored(newest.name())) {
            return Found.OBJECT_WITHOUT_RECORD;
        }
        return uploads() > 0 ? Found.OPEN_UPLOAD : Found.NOTHING_BEGUN;
    }

    /** Each record there has its object, whole; each copy that is noted here has its record there. */
    private void holds() throws IOException {
        for (var record : records()) {
            var object = stored(record.object().key());
            assertThat(object).isRegularFile().hasSize(record.object().sizeBytes());
            assertThat(sha256(object)).isEqualTo(record.object().sha256());
        }
        var keys = records().stream().map(record -> record.object().key()).toList();
        assertThat(snapshots()).flatMap(Snapshot::copies).extracting(Copy::key).isSubsetOf(keys);
    }

    private List<StoredRecord> records() throws IOException {
        try (var all = Files.walk(stored("otherix-etcd-backup"))) {
            return all.filter(file -> file.toString().endsWith(".json"))
                    .map(UploadKilledIT::bytes)
                    .map(bytes -> StoredRecord.read(bytes).orElseThrow())
                    .toList();
        } catch (NoSuchFileException nothingYet) {
            return List.of();
        }
    }

    private List<MultipartUpload> openUploads() {
        return client.listMultipartUploads(request -> request.bucket(bucket)).uploads();
    }

    private int uploads() {
        return openUploads().size();
    }

    private Path stored(String key) {
        return gateway.files(bucket).resolve(key);
    }

    private static byte[] bytes(Path file) {
        try {
            return Files.readAllBytes(file);
        } catch (IOException broken) {
            throw new UncheckedIOException(broken);
        }
    }

    private static String sha256(Path file) {
        var sha = new Sha256();
        var bytes = bytes(file);
        sha.add(bytes, 0, bytes.length);
        return sha.hex();
    }
}
