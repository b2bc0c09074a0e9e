package dev.otherix.backup.offsite;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.InstanceOfAssertFactories.type;
import static org.awaitility.Awaitility.await;

import dev.otherix.backup.offsite.OffsiteStatus.Code;
import dev.otherix.backup.offsite.store.ObjectLock;
import dev.otherix.backup.offsite.store.StoreFailure;
import dev.otherix.backup.snapshot.Copy;
import dev.otherix.backup.snapshot.Snapshot;
import dev.otherix.backup.snapshot.Target;
import dev.otherix.backup.task.Task;
import dev.otherix.backup.task.TaskFailure;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** A person asks the service to remove a copy. */
@Timeout(60)
class RequestedRemovalTests {

    private static final Instant NOON = Instant.parse("2026-06-10T11:00:00Z");

    @TempDir
    private Path temporary;

    private final MemoryStore store = new MemoryStore(Target.S3);
    private Scene scene;
    private Offsite offsite;
    private Snapshot older;
    private Snapshot newer;

    @BeforeEach
    void copyTwo() {
        scene = new Scene(temporary.resolve("snapshots"));
        offsite = scene.copyingTo(Scene.settings(null), store);
        older = scene.taken(NOON);
        newer = scene.taken(NOON.plusSeconds(60));
        await().until(() -> {
            offsite.tick();
            return state(older) == Copy.State.COPIED && state(newer) == Copy.State.COPIED;
        });
    }

    @AfterEach
    void close() {
        store.watch(_ -> {});
        scene.close();
    }

    private Copy.State state(Snapshot snapshot) {
        return scene.now(snapshot).copy(Target.S3).map(Copy::state).orElse(Copy.State.UNKNOWN);
    }

    private CompletableFuture<RemovedCopy> asked(Snapshot snapshot, boolean includeLast) {
        return offsite.removeCopy(snapshot.name(), Target.S3, includeLast).orElseThrow();
    }

    private RemovedCopy remove(Snapshot snapshot, boolean includeLast) {
        return asked(snapshot, includeLast).orTimeout(20, TimeUnit.SECONDS).join();
    }

    private boolean isThere(Snapshot snapshot) {
        return store.objects().keySet().stream()
                .anyMatch(key -> key.contains(snapshot.name().toString().replace(".db", "")));
    }

    @Test
    void aRemovedCopyIsNotedAndIsNotMadeAgainUnlessThatIsRequested() {
        var removed = remove(older, false);

        assertThat(removed)
                .asInstanceOf(type(RemovedCopy.Done.class))
                .satisfies(done -> assertThat(done.record().copy(Target.S3))
                        .get()
                        .extracting(Copy::state)
                        .isEqualTo(Copy.State.REMOVED));
        assertThat(isThere(older)).isFalse();
        assertThat(isThere(newer)).isTrue();
        scene.nanos.advance(Duration.ofHours(1));
        offsite.tick();
        assertThat(offsite.requestCopy(newer.name())
                        .ended()
                        .orTimeout(20, TimeUnit.SECONDS)
                        .join())
                .isInstanceOf(Task.Succeeded.class);
        assertThat(isThere(older)).as("by itself").isFalse();

        assertThat(offsite.requestCopy(older.name())
                        .ended()
                        .orTimeout(20, TimeUnit.SECONDS)
                        .join())
                .isInstanceOf(Task.Succeeded.class);
        assertThat(state(older)).isEqualTo(Copy.State.COPIED);
    }

    @Test
    void theNewestProvenCopyAndThatOfAPinnedSnapshotStayUnlessTheCallerInsists() {
        scene.directory().pin(older.name(), true);

        assertThat(remove(older, false)).isEqualTo(new RemovedCopy.Needed("is pinned"));
        assertThat(remove(newer, false))
                .isEqualTo(new RemovedCopy.Needed("is the newest snapshot with a proven copy in memory://s3"));
        assertThat(isThere(older)).isTrue();
        assertThat(isThere(newer)).isTrue();

        assertThat(remove(older, true)).isInstanceOf(RemovedCopy.Done.class);
        assertThat(remove(newer, true)).isInstanceOf(RemovedCopy.Done.class);
        assertThat(isThere(older)).isFalse();
        assertThat(isThere(newer)).isFalse();
    }

    @Test
    void oneThatIsDatedInTheFutureDoesNotTakeThePlaceOfTheNewest() {
        var future = scene.taken(scene.clock.instant().plus(Duration.ofDays(3650)));
        await().until(() -> {
            offsite.tick();
            return state(future) == Copy.State.COPIED;
        });
        assertThat(remove(newer, false)).isInstanceOf(RemovedCopy.Needed.class);
        assertThat(remove(future, false)).isInstanceOf(RemovedCopy.Done.class);
    }

    @Test
    void aMissingCopyThatIsRemovedIsNoFindingAnyMore() {
        store.objects().keySet().removeIf(key -> key.endsWith(newer.name() + ".gz.age"));
        await().until(() -> {
            scene.clock.advance(Duration.ofHours(25));
            scene.nanos.advance(Duration.ofHours(1));
            offsite.tick();
            return state(newer) == Copy.State.MISSING;
        });
        await().untilAsserted(
                        () -> assertThat(offsite.status().targets().getFirst().findings())
                                .extracting(OffsiteStatus.Finding::code)
                                .contains(Code.OFFSITE_MISSING));

        assertThat(remove(older, false)).as("now the newest proven one").isInstanceOf(RemovedCopy.Needed.class);
        assertThat(remove(newer, false)).isInstanceOf(RemovedCopy.Done.class);

        assertThat(isThere(newer)).as("the record too").isFalse();
        assertThat(offsite.status().targets().getFirst().findings())
                .extracting(OffsiteStatus.Finding::code)
                .doesNotContain(Code.OFFSITE_MISSING);
    }

    @Test
    void whatALockKeepsIsNotTouched() {
        var until = Instant.parse("2027-01-01T00:00:00Z");
        var record = store.objects().keySet().stream()
                .filter(key -> key.endsWith(older.name().recordFile()))
                .findFirst()
                .orElseThrow();
        store.lock(record, null, new ObjectLock(ObjectLock.Mode.COMPLIANCE, until));

        assertThat(remove(older, false))
                .asInstanceOf(type(RemovedCopy.Held.class))
                .satisfies(held -> {
                    assertThat(held.until()).isEqualTo(until);
                    assertThat(held.why()).contains("is locked (compliance until 2027-01-01T00:00:00Z)");
                });
        assertThat(isThere(older)).isTrue();
        assertThat(state(older)).isEqualTo(Copy.State.COPIED);
    }

    @Test
    void withoutTheRightToDeleteItStaysAndSaysWhatIsLacking() {
        failing("delete ", StoreFailure.Code.DENIED);
        assertThat(remove(older, false))
                .asInstanceOf(type(RemovedCopy.Failed.class))
                .satisfies(failed -> {
                    assertThat(failed.why().code()).isEqualTo(TaskFailure.Code.OFFSITE_FAILED);
                    assertThat(failed.why().message()).contains("broken on purpose", "the right to delete");
                });
        assertThat(isThere(older)).isTrue();
        assertThat(state(older)).isEqualTo(Copy.State.COPIED);
    }

    private void failing(String verb, StoreFailure.Code code) {
        store.watch(step -> {
            if (step.startsWith(verb)) {
                throw new StoreFailure(code, "broken on purpose", null);
            }
        });
    }

    @Test
    void aStoreThatDoesNotAnswerIsAFailureAndTheNextTryGoesOn() {
        failing("delete ", StoreFailure.Code.UNAVAILABLE);
        assertThat(remove(older, false)).isInstanceOf(RemovedCopy.Failed.class);
        store.watch(_ -> {});
        assertThat(remove(older, false)).isInstanceOf(RemovedCopy.Done.class);
        assertThat(isThere(older)).isFalse();
    }

    @Test
    void aCallerWhoHasGoneGetsNothingDoneLater() {
        var busy = new CountDownLatch(1);
        store.watch(step -> {
            if (step.startsWith("probe")) {
                try {
                    busy.await();
                } catch (InterruptedException stopped) {
                    Thread.currentThread().interrupt();
                }
            }
        });
        scene.taken(NOON.plusSeconds(120));
        var copying = offsite.requestCopy(scene.taken(NOON.plusSeconds(180)).name());
        var gone = asked(older, false);
        assertThat(gone.cancel(false)).isTrue();
        var next = asked(newer, false);
        busy.countDown();

        assertThat(copying.ended().orTimeout(20, TimeUnit.SECONDS).join()).isInstanceOf(Task.Succeeded.class);
        assertThat(next.orTimeout(20, TimeUnit.SECONDS).join()).isInstanceOf(RemovedCopy.Done.class);
        assertThat(isThere(older)).isTrue();
    }

    @Test
    void withoutACopyOrATargetThereIsNothingToRemove() {
        var uncopied = scene.taken(NOON.plusSeconds(120));
        assertThat(remove(uncopied, true)).isEqualTo(new RemovedCopy.NoCopy());
        assertThat(offsite.removeCopy(older.name(), Target.FILESYSTEM, true)).isEmpty();
    }
}
