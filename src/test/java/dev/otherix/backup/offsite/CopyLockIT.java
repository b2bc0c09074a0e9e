package dev.otherix.backup.offsite;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;
import static org.awaitility.Awaitility.await;

import dev.otherix.backup.offsite.store.ObjectLock;
import dev.otherix.backup.offsite.store.ObjectLock.Mode;
import dev.otherix.backup.offsite.store.ObjectStore;
import dev.otherix.backup.offsite.store.S3Credentials;
import dev.otherix.backup.offsite.store.S3Place;
import dev.otherix.backup.offsite.store.S3Store;
import dev.otherix.backup.offsite.store.S3Writing;
import dev.otherix.backup.offsite.store.StoreFailure;
import dev.otherix.backup.realstores.CephGateway;
import dev.otherix.backup.realstores.NeedsObjectStore;
import dev.otherix.backup.realstores.S3Server;
import dev.otherix.backup.realstores.VersityGateway;
import dev.otherix.backup.snapshot.Copy;
import dev.otherix.backup.snapshot.Snapshot;
import dev.otherix.backup.snapshot.Target;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Nested;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInstance;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/** Copies that are locked in real buckets: what lies there afterwards cannot be deleted by their owner. */
class CopyLockIT {

    private static final int DAYS = 30;

    @Nested
    @NeedsObjectStore
    @TestInstance(TestInstance.Lifecycle.PER_CLASS)
    class OnVersitygw extends Locked {

        private VersityGateway gateway;

        @BeforeAll
        void starts() {
            gateway = VersityGateway.start();
        }

        @AfterAll
        void ends() {
            gateway.close();
        }

        @Override
        S3Server server() {
            return gateway;
        }
    }

    /** It drops the lock that comes with the first request of an upload. */
    @Nested
    @NeedsObjectStore(NeedsObjectStore.Kind.CEPH)
    class OnCeph extends Locked {

        @Override
        S3Server server() {
            return CephGateway.shared();
        }
    }

    @Timeout(120)
    abstract static class Locked {

        @TempDir
        private Path temporary;

        private Scene scene;

        abstract S3Server server();

        @BeforeEach
        void open() {
            scene = new Scene(temporary.resolve("snapshots"));
            // stores go by their own clocks
            scene.clock.set(Instant.now());
        }

        @AfterEach
        void close() {
            scene.close();
        }

        private ObjectStore store(String bucket) {
            return S3Store.open(
                    new S3Place(bucket, server().region(), server().endpoint(), true, null, null),
                    new S3Credentials(
                            S3Credentials.Source.ENVIRONMENT,
                            null,
                            null,
                            null,
                            null,
                            Map.of(
                                    "AWS_ACCESS_KEY_ID",
                                    server().accessKey(),
                                    "AWS_SECRET_ACCESS_KEY",
                                    server().secretKey())),
                    S3Writing.PLAIN);
        }

        private static List<String> keys(ObjectStore store) {
            var keys = new ArrayList<String>();
            store.list("", object -> keys.add(object.key()));
            return keys;
        }

        private Snapshot snapshot() {
            return scene.taken(Instant.now().truncatedTo(ChronoUnit.SECONDS));
        }

        @ParameterizedTest
        @EnumSource
        void noPartOfACopyCanBeDeleted(Mode mode) throws IOException {
            var files = Scene.including(Scene.RECIPIENT, Files.writeString(temporary.resolve("api.yaml"), "api"));
            try (var store = store(server().lockableBucket())) {
                var offsite = scene.copyingTo(files, new LockProperties(mode, DAYS), store);
                var snapshot = snapshot();

                await().atMost(Duration.ofSeconds(60)).until(() -> {
                    offsite.tick();
                    return scene.now(snapshot)
                            .copy(Target.S3)
                            .filter(copy -> copy.state() == Copy.State.COPIED)
                            .isPresent();
                });

                var until =
                        scene.clock.instant().truncatedTo(ChronoUnit.SECONDS).plus(Duration.ofDays(DAYS));
                var lock = new ObjectLock(mode, until);
                var locked = keys(store).stream()
                        .filter(key -> !key.contains("canary"))
                        .toList();
                assertThat(locked).hasSize(3).allSatisfy(key -> {
                    assertThat(store.protection(key, null).lock()).isNotNull().matches(kept -> kept.covers(lock));
                    assertThatExceptionOfType(StoreFailure.class)
                            .isThrownBy(() -> store.delete(key, null))
                            .satisfies(failure -> assertThat(failure.code()).isEqualTo(StoreFailure.Code.HELD));
                });
                var record =
                        locked.stream().filter(key -> key.endsWith(".json")).findFirst();
                try (var content = store.read(record.orElseThrow(), null, 0, 1 << 20)) {
                    assertThat(StoredRecord.read(content.readAllBytes()))
                            .hasValueSatisfying(
                                    stored -> assertThat(stored.object().lock()).isEqualTo(lock));
                }
            }
        }

        @Test
        void aBucketWithoutObjectLockGetsNothingAndSaysWhy() {
            try (var store = store(server().versionedBucket())) {
                var offsite = scene.copyingTo(Scene.settings(null), new LockProperties(Mode.GOVERNANCE, DAYS), store);
                snapshot();

                await().atMost(Duration.ofSeconds(60)).untilAsserted(() -> {
                    offsite.tick();
                    assertThat(offsite.status().targets().getFirst().error())
                            .get()
                            .asString()
                            .contains("has no object lock", "make a new bucket", "remove offsite.lock");
                });

                assertThat(keys(store)).isEmpty();
            }
        }
    }
}
