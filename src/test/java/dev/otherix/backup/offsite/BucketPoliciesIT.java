package dev.otherix.backup.offsite;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;
import static org.awaitility.Awaitility.await;

import dev.otherix.backup.offsite.store.ObjectLock.Mode;
import dev.otherix.backup.offsite.store.ObjectStore;
import dev.otherix.backup.offsite.store.S3Credentials;
import dev.otherix.backup.offsite.store.S3Place;
import dev.otherix.backup.offsite.store.S3Store;
import dev.otherix.backup.offsite.store.S3Writing;
import dev.otherix.backup.offsite.store.StoreFailure;
import dev.otherix.backup.realstores.NeedsObjectStore;
import dev.otherix.backup.realstores.VersityGateway;
import dev.otherix.backup.snapshot.Copy;
import dev.otherix.backup.snapshot.Target;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/** The policies of the page, pasted into real buckets for users who may do nothing else. */
@NeedsObjectStore
@Timeout(120)
class BucketPoliciesIT {

    private static final String WRITER = "writer";
    private static final String READER = "reader";
    private static final String PREFIX = "otherix-etcd-backup";
    private static final String FOLDER = PREFIX + "/c/m/";
    private static final LockProperties LOCK = new LockProperties(Mode.GOVERNANCE, 1);

    private static VersityGateway gateway;

    @TempDir
    private Path temporary;

    private final AtomicInteger scenes = new AtomicInteger();

    @BeforeAll
    static void starts() {
        gateway = VersityGateway.start();
        gateway.user(WRITER);
        gateway.user(READER);
    }

    @AfterAll
    static void ends() {
        gateway.close();
    }

    private static String paste(String bucket, BucketPolicy policy) {
        try (var client = gateway.client()) {
            client.putBucketPolicy(request -> request.bucket(bucket).policy(policy.filled(bucket, WRITER, READER)));
        }
        return bucket;
    }

    private static ObjectStore as(String user, String bucket) {
        var keys = Map.of("AWS_ACCESS_KEY_ID", user, "AWS_SECRET_ACCESS_KEY", VersityGateway.secretOf(user));
        return S3Store.open(
                new S3Place(bucket, gateway.region(), gateway.endpoint(), true, null, null),
                new S3Credentials(S3Credentials.Source.ENVIRONMENT, null, null, null, null, keys),
                S3Writing.PLAIN);
    }

    /** Why a copy is not made; empty if it is. */
    private String copy(ObjectStore store, LockProperties lock) {
        var number = scenes.incrementAndGet();
        try (var scene = new Scene(temporary.resolve("snapshots-" + number))) {
            scene.clock.set(Instant.now());
            var file = Files.writeString(temporary.resolve("api-" + number + ".yaml"), "api");
            var usual = Scene.including(Scene.RECIPIENT, file);
            var settings = new OffsiteProperties(
                    "c-" + number,
                    usual.recipients(),
                    null,
                    usual.encryption(),
                    PREFIX,
                    usual.keepUncopied(),
                    usual.rateLimit(),
                    usual.checkInterval(),
                    usual.include());
            var offsite = scene.copyingTo(settings, lock, store);
            var snapshot = scene.taken(Instant.now().truncatedTo(ChronoUnit.SECONDS));
            return await().atMost(Duration.ofSeconds(60))
                    .until(
                            () -> {
                                offsite.tick();
                                return scene.now(snapshot)
                                        .copy(Target.S3)
                                        .filter(copy -> copy.state() == Copy.State.COPIED)
                                        .map(_ -> "")
                                        .or(() -> offsite.status()
                                                .targets()
                                                .getFirst()
                                                .error())
                                        .orElse("not yet");
                            },
                            how -> !how.equals("not yet"));
        } catch (IOException cause) {
            throw new AssertionError(cause);
        }
    }

    /** What the service does in the bucket, and does not get through with. */
    private List<String> failing(String bucket, LockProperties lock) {
        var failing = new ArrayList<String>();
        try (var store = as(WRITER, bucket)) {
            if (!copy(store, lock).isEmpty()) {
                failing.add("copy");
            }
            attempt("abort", failing, () -> {
                var upload = store.begin(FOLDER + "aborted", _ -> {});
                upload.close();
            });
            attempt("delete", failing, () -> {
                store.put(FOLDER + "deleted", new byte[1], false);
                store.delete(FOLDER + "deleted", null);
            });
            attempt("versions", failing, () -> store.versions(FOLDER, _ -> {}));
        }
        return failing;
    }

    private static void attempt(String name, List<String> failing, Runnable step) {
        try {
            step.run();
        } catch (StoreFailure failure) {
            assertThat(failure.code()).as(failure.getMessage()).isEqualTo(StoreFailure.Code.DENIED);
            failing.add(name);
        }
    }

    private static void denied(Runnable step, String right) {
        assertThatExceptionOfType(StoreFailure.class)
                .isThrownBy(step::run)
                .withMessageContaining(right)
                .satisfies(failure -> assertThat(failure.code()).isEqualTo(StoreFailure.Code.DENIED));
    }

    private static BucketPolicy all() {
        return BucketPolicy.named("writer").and("prune").and("lock");
    }

    @Test
    void theWriterCopiesButRemovesAndLocksNothing() {
        for (var bucket : List.of(gateway.bucket(), gateway.versionedBucket())) {
            paste(bucket, BucketPolicy.named("writer"));

            assertThat(failing(bucket, LockProperties.NONE)).containsExactly("delete", "versions");
        }
        var lockable = paste(gateway.lockableBucket(), BucketPolicy.named("writer"));
        try (var store = as(WRITER, lockable)) {
            assertThat(copy(store, LOCK)).contains("are not enough for", "s3:PutObjectRetention");
            var stored = store.put(FOLDER + "a", new byte[1], true);
            denied(() -> store.delete(FOLDER + "a", stored.versionId()), "s3:DeleteObjectVersion");
        }
    }

    @Test
    void withTheOtherStatementsItRemovesAndLocksToo() {
        var pruning = BucketPolicy.named("writer").and("prune");
        assertThat(failing(paste(gateway.bucket(), pruning), LockProperties.NONE))
                .isEmpty();
        assertThat(failing(paste(gateway.versionedBucket(), pruning), LockProperties.NONE))
                .isEmpty();
        assertThat(failing(paste(gateway.lockableBucket(), all()), LOCK)).isEmpty();
    }

    static Stream<String> actions() {
        return all().actions().stream();
    }

    @ParameterizedTest
    @MethodSource("actions")
    void nothingInThePoliciesIsSuperfluous(String action) {
        var locked = failing(paste(gateway.lockableBucket(), all().without(action)), LOCK);
        var plain = failing(paste(gateway.bucket(), all().without(action)), LockProperties.NONE);

        switch (action) {
            case "s3:ListBucket", "s3:PutObject", "s3:GetObject", "s3:GetObjectVersion", "s3:PutObjectRetention" ->
                assertThat(locked).contains("copy");
            case "s3:AbortMultipartUpload" -> assertThat(locked).containsExactly("abort");
            case "s3:DeleteObjectVersion" -> assertThat(locked).containsExactly("delete");
            case "s3:DeleteObject" -> assertThat(plain).containsExactly("delete");
            case "s3:ListBucketVersions" -> assertThat(locked).containsExactly("versions");
            // Amazon hides locks from those without it
            case "s3:GetObjectRetention" -> assertThat(locked).isEmpty();
            // only spares an upload to a bucket that drops locks
            case "s3:GetBucketObjectLockConfiguration" -> assertThat(locked).isEmpty();
            default -> throw new AssertionError("no test of " + action);
        }
    }

    @Test
    void withoutTheRightToRemoveNothingIsTouchedAndTheCopyIsHeld() {
        try (var store = as(WRITER, paste(gateway.versionedBucket(), BucketPolicy.named("writer")))) {
            assertThat(copy(store, LockProperties.NONE)).isEmpty();
            var keys = new ArrayList<String>();
            store.list(PREFIX + "/", object -> keys.add(object.key()));
            var place = keys.stream()
                    .flatMap(key -> Folder.ofRecord(PREFIX, key).stream())
                    .findFirst()
                    .orElseThrow();

            var outcome = new Removal(store, Clock.systemUTC()).remove(place);

            assertThat(outcome).isInstanceOfSatisfying(Removal.Outcome.Held.class, held -> {
                assertThat(held.by()).isEqualTo(Removal.By.REFUSAL);
                assertThat(held.why()).contains("s3:DeleteObjectVersion");
            });
            var left = new ArrayList<String>();
            store.list(PREFIX + "/", object -> left.add(object.key()));
            assertThat(left).isEqualTo(keys);
        }
    }

    @Test
    void theReaderReadsAndNothingElse() {
        var bucket = paste(gateway.versionedBucket(), BucketPolicy.named("writer"));
        try (var writer = as(WRITER, bucket)) {
            assertThat(copy(writer, LockProperties.NONE)).isEmpty();
        }
        paste(bucket, BucketPolicy.named("reader"));
        try (var reader = as(READER, bucket)) {
            var keys = new ArrayList<String>();
            reader.list(PREFIX + "/", object -> keys.add(object.key()));
            assertThat(keys).hasSize(4).allSatisfy(key -> {
                var version = reader.find(key, null).orElseThrow().versionId();
                try (var content = reader.read(key, version, 0, 100)) {
                    assertThat(content.readAllBytes()).isNotEmpty();
                }
                denied(() -> reader.delete(key, version), "s3:DeleteObjectVersion");
            });
            denied(() -> reader.put(FOLDER + "a", new byte[1], false), "s3:PutObject");
            denied(() -> reader.begin(FOLDER + "a", _ -> {}), "s3:PutObject");
        }
    }

    @Test
    void aCredentialThatCanOnlyWriteMakesNoCopy() {
        var writeOnly = BucketPolicy.named("writer")
                .without("s3:GetObject")
                .without("s3:GetObjectVersion")
                .without("s3:ListBucket");
        try (var store = as(WRITER, paste(gateway.versionedBucket(), writeOnly))) {
            assertThat(copy(store, LockProperties.NONE)).contains("are not enough for", "s3:ListBucket");
        }
    }
}
