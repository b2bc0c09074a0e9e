package dev.otherix.backup.offsite;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import dev.otherix.backup.offsite.store.ObjectStore;
import dev.otherix.backup.offsite.store.S3Credentials;
import dev.otherix.backup.offsite.store.S3Place;
import dev.otherix.backup.offsite.store.S3Store;
import dev.otherix.backup.offsite.store.S3Writing;
import dev.otherix.backup.realstores.CephGateway;
import dev.otherix.backup.realstores.NeedsObjectStore;
import dev.otherix.backup.realstores.S3Server;
import dev.otherix.backup.realstores.VersityGateway;
import dev.otherix.backup.snapshot.Copy;
import dev.otherix.backup.snapshot.Snapshot;
import dev.otherix.backup.snapshot.Target;
import dev.otherix.backup.task.Task;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.Map;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import software.amazon.awssdk.core.sync.RequestBody;

/**
 * The copies go to another bucket from now on, which got the objects of the old one: under the same keys, as new
 * versions.
 */
@NeedsObjectStore
@Timeout(120)
class MovedBucketIT {

    private static final Instant NOON = Instant.parse("2026-06-10T11:00:00Z");

    @TempDir
    private Path temporary;

    private VersityGateway gateway;
    private Scene scene;
    private String old;

    @BeforeEach
    void open() {
        gateway = VersityGateway.start();
        scene = new Scene(temporary.resolve("snapshots"));
        old = gateway.versionedBucket();
    }

    @AfterEach
    void close() {
        scene.close();
        gateway.close();
    }

    private static ObjectStore store(S3Server server, String bucket) {
        return S3Store.open(
                new S3Place(bucket, server.region(), server.endpoint(), true, null, null),
                new S3Credentials(
                        S3Credentials.Source.ENVIRONMENT,
                        null,
                        null,
                        null,
                        null,
                        Map.of("AWS_ACCESS_KEY_ID", server.accessKey(), "AWS_SECRET_ACCESS_KEY", server.secretKey())),
                S3Writing.PLAIN);
    }

    private Copy copied(Offsite offsite, Snapshot snapshot) {
        return await().atMost(Duration.ofSeconds(60))
                .until(
                        () -> {
                            offsite.tick();
                            return scene.now(snapshot).copy(Target.S3);
                        },
                        copy -> copy.isPresent() && copy.get().state() == Copy.State.COPIED)
                .orElseThrow();
    }

    private void moved(S3Server server, String bucket) {
        try (var from = gateway.client();
                var to = server.client()) {
            for (var object : from.listObjectsV2(request -> request.bucket(old)).contents()) {
                var content =
                        from.getObjectAsBytes(request -> request.bucket(old).key(object.key()));
                to.putObject(
                        request -> request.bucket(bucket).key(object.key()),
                        RequestBody.fromBytes(content.asByteArray()));
            }
        }
    }

    private void theCopyIsKnownIn(S3Server server, String bucket) {
        Snapshot snapshot;
        try (var store = store(gateway, old)) {
            snapshot = scene.taken(NOON);
            var offsite = scene.copyingTo(Scene.settings(null), store);
            assertThat(copied(offsite, snapshot).versionId()).isNotNull();
            offsite.close();
        }
        moved(server, bucket);

        try (var store = store(server, bucket)) {
            var offsite = scene.copyingTo(Scene.settings(null), store);
            scene.clock.advance(Duration.ofHours(25));
            await().atMost(Duration.ofSeconds(60)).until(() -> {
                offsite.tick();
                return offsite.status().targets().getFirst().lastCheckAt().isPresent();
            });

            assertThat(scene.now(snapshot).copy(Target.S3))
                    .hasValueSatisfying(copy -> assertThat(copy.state()).isEqualTo(Copy.State.COPIED));
            assertThat(offsite.status().targets().getFirst().findings()).isEmpty();
            copied(offsite, scene.taken(NOON.plusSeconds(60)));
        }
    }

    @Test
    void aCopyIsKnownInAnotherBucket() {
        theCopyIsKnownIn(gateway, gateway.versionedBucket());
    }

    @Test
    @NeedsObjectStore(NeedsObjectStore.Kind.CEPH)
    void aCopyIsKnownInAnotherStoreWhoseVersionsHaveOtherIds() {
        theCopyIsKnownIn(CephGateway.shared(), CephGateway.shared().versionedBucket());
    }

    @Test
    void aCopyThatDidNotComeAlongIsMissedAndMadeAgainOnRequest() {
        Snapshot snapshot;
        try (var store = store(gateway, old)) {
            snapshot = scene.taken(NOON);
            var offsite = scene.copyingTo(Scene.settings(null), store);
            copied(offsite, snapshot);
            offsite.close();
        }

        try (var store = store(gateway, gateway.versionedBucket())) {
            var offsite = scene.copyingTo(Scene.settings(null), store);
            scene.clock.advance(Duration.ofHours(25));
            await().atMost(Duration.ofSeconds(60)).until(() -> {
                offsite.tick();
                return scene.now(snapshot)
                        .copy(Target.S3)
                        .filter(copy -> copy.state() == Copy.State.MISSING)
                        .isPresent();
            });

            assertThat(offsite.requestCopy(snapshot.name()).ended().join()).isInstanceOf(Task.Succeeded.class);
            copied(offsite, snapshot);
        }
    }
}
