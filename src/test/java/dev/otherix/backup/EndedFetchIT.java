package dev.otherix.backup;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import dev.otherix.backup.history.WrittenPast;
import dev.otherix.backup.offsite.AgeKey;
import dev.otherix.backup.offsite.StoredSample;
import dev.otherix.backup.offsite.store.S3Credentials;
import dev.otherix.backup.offsite.store.S3Place;
import dev.otherix.backup.offsite.store.S3Store;
import dev.otherix.backup.offsite.store.S3Writing;
import dev.otherix.backup.realstores.MeddlingProxy;
import dev.otherix.backup.realstores.NeedsObjectStore;
import dev.otherix.backup.realstores.VersityGateway;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Base64;
import java.util.List;
import java.util.Map;
import java.util.Random;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInstance;
import org.junit.jupiter.api.TestInstance.Lifecycle;
import org.junit.jupiter.api.io.TempDir;

/** A fetch that is ended while it runs, and one whose connection is cut. */
@NeedsObjectStore
@TestInstance(Lifecycle.PER_CLASS)
class EndedFetchIT {

    private static final AgeKey KEY = AgeKey.generate();
    private static final String NAME = "otherix-20260606T031500Z.db";
    private static final Duration LONG = Duration.ofMinutes(1);
    private static final int SLOW = 300_000;

    private VersityGateway gateway;
    private MeddlingProxy proxy;
    private String bucket;
    private String identity;
    private byte[] snapshot;

    @TempDir
    private Path out;

    @BeforeAll
    void store(@TempDir Path temporary) throws IOException {
        var past = new WrittenPast().compacted(1);
        var random = new Random(1);
        var value = new byte[3000];
        for (var i = 0; i < 1500; i++) {
            random.nextBytes(value);
            past.next().put("/otherix/things/" + i, Base64.getEncoder().encodeToString(value));
        }
        var file = past.write(temporary.resolve("snapshot"));
        snapshot = Files.readAllBytes(file);
        identity = KEY.write(temporary.resolve("identity.txt")).toString();
        gateway = VersityGateway.start();
        bucket = gateway.bucket();
        proxy = MeddlingProxy.before(gateway.endpoint());
        var credentials = new S3Credentials(
                S3Credentials.Source.ENVIRONMENT,
                null,
                null,
                null,
                null,
                Map.of("AWS_ACCESS_KEY_ID", gateway.accessKey(), "AWS_SECRET_ACCESS_KEY", gateway.secretKey()));
        try (var store = S3Store.open(
                new S3Place(bucket, gateway.region(), gateway.endpoint(), true, null, null),
                credentials,
                S3Writing.PLAIN)) {
            new StoredSample(file, "20260606T031500Z").forKeys(KEY).putInto(store);
        }
    }

    @AfterAll
    void end() {
        proxy.close();
        gateway.close();
    }

    @BeforeEach
    @AfterEach
    void behave() {
        proxy.behave();
    }

    private JarProcess start(String command) {
        return JarProcess.script("export AWS_ACCESS_KEY_ID='" + gateway.accessKey() + "' AWS_SECRET_ACCESS_KEY='"
                + gateway.secretKey() + "' AWS_CA_BUNDLE=\n"
                // the process itself, so that it gets the signal
                + "exec_jar() { exec " + String.join(" ", JarProcess.java(out)) + " \"$@\"; }\n"
                + "exec_jar " + command + " --identity '" + identity + "' --from s3://" + bucket + " --endpoint-url "
                + proxy.endpoint() + " --region " + gateway.region() + "\n");
    }

    private List<String> left() {
        try (var files = Files.list(out)) {
            return files.map(file -> file.getFileName().toString()).toList();
        } catch (IOException cause) {
            throw new java.io.UncheckedIOException(cause);
        }
    }

    private void awaitUnfinished(Path directory) {
        await().atMost(LONG).until(() -> {
            try (var files = Files.walk(directory)) {
                return files.anyMatch(file -> file.toString().endsWith(".unfinished")
                        && file.getFileName().toString().startsWith("." + NAME)
                        && file.toFile().length() > 0);
            } catch (IOException | java.io.UncheckedIOException movedMeanwhile) {
                return false;
            }
        });
    }

    @Test
    void ctrlCLeavesNothing() {
        proxy.slowDown(SLOW);
        try (var fetch = start("offsite fetch latest --out '" + out + "'")) {
            awaitUnfinished(out);
            fetch.interrupt();
            assertThat(fetch.exitCode(LONG)).isNotZero();
            assertThat(fetch.output()).isEmpty();
        }
        assertThat(left()).isEmpty();
    }

    @Test
    void aRestoreThatIsEndedLeavesNothingAndWhatAKilledOneLeftIsRemovedByTheNext() {
        proxy.slowDown(SLOW);
        var restore = "restore offsite:latest --data-dir '" + out.resolve("etcd")
                + "' --name n --peer-url http://127.0.0.1:1";
        try (var ended = start(restore)) {
            awaitUnfinished(out);
            ended.interrupt();
            assertThat(ended.exitCode(LONG)).isNotZero();
        }
        assertThat(left()).isEmpty();
        try (var killed = start(restore)) {
            awaitUnfinished(out);
            killed.kill();
        }
        assertThat(left()).hasSize(1).allMatch(name -> name.startsWith(".otherix-offsite-"));
        proxy.behave();
        try (var whole = start(restore)) {
            assertThat(whole.exitCode(LONG)).as(whole::errors).isZero();
        }
        assertThat(left()).containsExactly("etcd");
    }

    @Test
    void aFetchGoesOnWhereAConnectionWasCut() {
        proxy.next(2, MeddlingProxy.cutAnswerAfter(1 << 20), "GET", ".db.gz.age");
        try (var fetch = start("offsite fetch latest --out '" + out + "'")) {
            assertThat(fetch.exitCode(LONG)).as(fetch::errors).isZero();
        }
        assertThat(out.resolve(NAME)).hasBinaryContent(snapshot);
        assertThat(proxy.seen().stream().filter(line -> line.startsWith("GET") && line.contains(".db.gz.age")))
                .hasSizeGreaterThanOrEqualTo(3);
    }
}
