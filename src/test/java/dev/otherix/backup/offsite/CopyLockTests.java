package dev.otherix.backup.offsite;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import dev.otherix.backup.offsite.store.ObjectLock;
import dev.otherix.backup.offsite.store.ObjectLock.Mode;
import dev.otherix.backup.offsite.store.StoreFailure;
import dev.otherix.backup.snapshot.Copy;
import dev.otherix.backup.snapshot.Snapshot;
import dev.otherix.backup.snapshot.Target;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** The lock of a copy, in a store that keeps it, drops it, or denies it. */
@Timeout(60)
class CopyLockTests {

    private static final Instant NOON = Instant.parse("2026-06-10T11:00:00Z");
    private static final String FOLDER = "backups/ca-0123456789abcdef/" + Scene.MEMBER + "/";
    private static final String OBJECT = FOLDER + "otherix-20260610T110000Z.db.gz.age";
    private static final String FILES = FOLDER + "otherix-20260610T110000Z.files.tar.gz.age";
    private static final String RECORD = FOLDER + "otherix-20260610T110000Z.json";

    private static final LockProperties LOCK = new LockProperties(Mode.GOVERNANCE, 30);
    /** The scene's clock stands at noon of 10 June. */
    private static final ObjectLock UNTIL = new ObjectLock(Mode.GOVERNANCE, Instant.parse("2026-07-10T12:00:00Z"));

    @TempDir
    private Path temporary;

    private final MemoryStore store = new MemoryStore(Target.S3);
    private final List<String> steps = new CopyOnWriteArrayList<>();
    private Scene scene;
    private OffsiteProperties settings;
    private Offsite offsite;

    @BeforeEach
    void open() throws IOException {
        scene = new Scene(temporary.resolve("snapshots"));
        settings = Scene.including(Scene.RECIPIENT, Files.writeString(temporary.resolve("api.yaml"), "api"));
        offsite = scene.copyingTo(settings, LOCK, store);
        store.watch(steps::add);
    }

    @AfterEach
    void close() {
        store.watch(_ -> {});
        scene.close();
    }

    private boolean copied(Snapshot snapshot, Target target) {
        scene.nanos.advance(Duration.ofMinutes(15));
        offsite.tick();
        return scene.now(snapshot)
                .copy(target)
                .filter(copy -> copy.state() == Copy.State.COPIED)
                .isPresent();
    }

    private void becomesCopied(Snapshot snapshot) {
        await().until(() -> copied(snapshot, Target.S3));
    }

    private String error() {
        return offsite.status().targets().getFirst().error().orElse("");
    }

    private static StoredRecord record(MemoryStore store) {
        return StoredRecord.read(store.objects().get(RECORD)).orElseThrow();
    }

    @Test
    void allThatMakesACopyIsLocked() {
        becomesCopied(scene.taken(NOON));

        assertThat(store.locks()).isEqualTo(Map.of(OBJECT, UNTIL, FILES, UNTIL, RECORD, UNTIL));
        assertThat(record(store).object().lock()).isEqualTo(UNTIL);
        assertThat(new String(store.objects().get(RECORD), StandardCharsets.UTF_8).replaceAll("\\s", ""))
                .contains("\"lock\":{\"mode\":\"governance\",\"until\":\"2026-07-10T12:00:00Z\"}");
        assertThat(steps).contains("protection " + OBJECT, "protection " + FILES, "protection " + RECORD);
        assertThat(steps).noneMatch(step -> step.startsWith("lock "));
    }

    @Test
    void aLockThatTheStoreDropsIsPutAfterwards() {
        var dropped = new CopyOnWriteArrayList<String>();
        store.watch(step -> {
            steps.add(step);
            if (step.startsWith("protection ") && dropped.addIfAbsent(step)) {
                store.locks().remove(step.split(" ")[1]);
            }
        });

        becomesCopied(scene.taken(NOON));

        assertThat(store.locks()).isEqualTo(Map.of(OBJECT, UNTIL, FILES, UNTIL, RECORD, UNTIL));
        assertThat(steps).contains("lock " + OBJECT, "lock " + FILES, "lock " + RECORD);
    }

    @Test
    void aStoreThatKeepsNoLockHasNoCopy() {
        store.watch(step -> {
            steps.add(step);
            if (step.startsWith("protection ")) {
                store.locks().clear();
            }
        });
        var snapshot = scene.taken(NOON);

        await().until(() -> !copied(snapshot, Target.S3) && error().contains("took the lock of"));

        assertThat(error())
                .contains(OBJECT, "governance until 2026-07-10T12:00:00Z", "there is none", "s3:GetObjectRetention");
        assertThat(store.objects()).doesNotContainKey(RECORD);
    }

    @Test
    void nothingIsSentWhereNothingCanBeLocked() {
        store.watch(step -> {
            steps.add(step);
            if (step.startsWith("locks ")) {
                throw new StoreFailure(StoreFailure.Code.REFUSED, "no object lock here", null);
            }
        });
        var snapshot = scene.taken(NOON);

        await().until(() -> !copied(snapshot, Target.S3) && error().contains("no object lock here"));

        assertThat(store.objects()).isEmpty();
        assertThat(steps).noneMatch(step -> step.startsWith("begin "));
    }

    @Test
    void aStricterLockOfTheBucketIsKept() {
        var stricter = new ObjectLock(Mode.COMPLIANCE, NOON.plus(Duration.ofDays(1)));
        store.watch(step -> {
            if (step.startsWith("protection ")) {
                store.locks().computeIfPresent(step.split(" ")[1], (_, lock) -> lock.equals(UNTIL) ? stricter : lock);
            }
        });

        becomesCopied(scene.taken(NOON));

        assertThat(store.locks().get(OBJECT)).isEqualTo(new ObjectLock(Mode.COMPLIANCE, UNTIL.until()));
    }

    @Test
    void aCopyThatAnEarlierProcessLeftUnlockedIsLocked() {
        var lost = new AtomicInteger(1);
        store.watch(step -> {
            if (step.equals("put-answer " + RECORD) && lost.getAndDecrement() > 0) {
                store.locks().clear();
                throw new StoreFailure(StoreFailure.Code.UNAVAILABLE, "cut off", null);
            }
        });

        becomesCopied(scene.taken(NOON));

        assertThat(store.locks()).isEqualTo(Map.of(OBJECT, UNTIL, FILES, UNTIL, RECORD, UNTIL));
    }

    @Test
    void aCopyWhoseLockWouldBeOverIsNotLockedAgain() {
        var lost = new AtomicInteger(1);
        store.watch(step -> {
            if (step.equals("put-answer " + RECORD) && lost.getAndDecrement() > 0) {
                store.locks().clear();
                scene.clock.advance(Duration.ofDays(31));
                throw new StoreFailure(StoreFailure.Code.UNAVAILABLE, "cut off", null);
            }
        });

        becomesCopied(scene.taken(NOON));

        assertThat(store.locks()).isEmpty();
    }

    @Test
    void aDirectoryIsCopiedToWithoutALock() {
        scene.close();
        scene = new Scene(temporary.resolve("others"));
        var directory = new MemoryStore(Target.FILESYSTEM);
        offsite = scene.copyingTo(settings, LOCK, store, directory);
        var snapshot = scene.taken(NOON);

        becomesCopied(snapshot);
        await().until(() -> copied(snapshot, Target.FILESYSTEM));

        assertThat(directory.locks()).isEmpty();
        assertThat(record(directory).object().lock()).isNull();
        assertThat(store.locks()).hasSize(3);
    }
}
